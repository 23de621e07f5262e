package main

import (
	"os"
	"strings"
	"testing"
)

// TestEncryptedKubeconfigs takes a kubeconfig away: what was encrypted of it stays, and diff says what it cannot know.
// With it, what it says of the API server is compared.
func TestEncryptedKubeconfigs(t *testing.T) {
	for name, prepare := range protections {
		t.Run(name, func(t *testing.T) {
			p := prepare(t)
			file := p.file("kubeconfigs/west-1.yaml")
			text := kubeconfigFor("west-1", "https://198.51.100.9:6443", read(t, p.file("certs/west-1/api.pem")), signedToken(t, "west-1"))
			write(t, file, text)
			write(t, p.file("topology.yaml"), apply(t, read(t, p.file("topology.yaml")), []edit{
				{"{token: {file: tokens/west-1}}", "{kubeconfig: {file: kubeconfigs/west-1.yaml}}"},
				{"      apiServer:\n        url: \"https://192.0.2.30:6443\"\n        ca: certs/west-1/api.pem\n        tlsServerName: west-1.example.com\n", ""},
			}))
			p.run(t, 1, "diff")
			p.run(t, 0, "render")
			before := p.tree(t)
			p.run(t, 0, "diff")
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
			r := p.run(t, 0, "diff")
			if r.out != "" || !strings.Contains(r.err, "cannot be known") || !strings.Contains(r.err, "remote-secrets/west-1.yaml") {
				t.Errorf("diff without the kubeconfig says %s%s", r.out, r.err)
			}
			p.run(t, 0, "render")
			if diff := changed(before, p.tree(t)); len(diff) > 0 {
				t.Errorf("a render without the kubeconfig changed %q", diff)
			}
			write(t, file, strings.Replace(text, "198.51.100.9", "198.51.100.10", 1))
			if r := p.run(t, 1, "diff"); strings.Count(r.out, "server-changed") != 2 {
				t.Errorf("diff with another server says %s", r.out)
			}
		})
	}
}
