package main

import (
	"slices"
	"strings"
	"testing"
)

// TestEncryptedIssued renders Certificates beside Secrets that are encrypted: they stay in clear, nobody decrypts them,
// and they are applied with the rest. Trees of before, with an encrypted CA, become such ones.
func TestEncryptedIssued(t *testing.T) {
	for name, prepare := range protections {
		t.Run(name, func(t *testing.T) {
			p := prepare(t)
			p.run(t, 0, "render")
			p.edit(t, "topology.yaml", "    intermediates: certs/{cluster}\n", "    provider: cert-manager\n    certManager: {issuer: {name: mesh-root}}\n")
			p.run(t, 0, "render")
			first, issued := p.tree(t), 0
			for file, text := range first {
				switch {
				case strings.HasSuffix(file, "/2-secrets/cacerts.yaml"):
					issued++
					if !strings.Contains(text, "\nkind: Certificate\n") || !strings.Contains(text, "secretName: cacerts\n") {
						t.Errorf("%s is\n%s", file, text)
					}
				case strings.Contains(file, "/2-secrets/remote-secrets/"):
					if !slices.ContainsFunc([]string{"\nsops:", "kind: SealedSecret"}, func(word string) bool { return strings.Contains(text, word) }) {
						t.Errorf("%s is not encrypted", file)
					}
				}
			}
			if issued < 2 {
				t.Errorf("%d Certificates", issued)
			}
			readme := first["clusters/west-1/README.md"]
			for _, applied := range map[string][]string{
				"sops":           {"for secret in clusters/west-1/2-secrets/remote-secrets/*.yaml;", "apply --server-side -f clusters/west-1/2-secrets/cacerts.yaml"},
				"sealed-secrets": {"apply --server-side -k clusters/west-1/2-secrets &&", "certificates.cert-manager.io/istio-ca"},
			}[name] {
				if !strings.Contains(readme, applied) {
					t.Errorf("the README of west-1 has no %q:\n%s", applied, readme)
				}
			}
			if strings.Contains(readme, "sealedsecret/cacerts") {
				t.Error("the README waits for a SealedSecret that nobody makes")
			}
			p.run(t, 0, "lint", "--topology", p.file("topology.yaml"), p.file("clusters"))
			if r := p.run(t, 0, "diff"); r.out != "" {
				t.Errorf("diff says %s", r.out)
			}
		})
	}
}
