package main

import (
	"os"
	"slices"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema/trust/trusttest"
)

// TestEncryptedCRLs renders revocation lists with each protection that encrypts: they open to what was named, and a new
// list changes the file of its cluster and nothing else.
func TestEncryptedCRLs(t *testing.T) {
	const file = "clusters/east-1/2-secrets/cacerts.yaml"
	for name, prepare := range protections {
		t.Run(name, func(t *testing.T) {
			p := prepare(t)
			ours := selfSigned("Ours", trusttest.SigningCRLs)
			write(t, p.file(root), pemOf(ours))
			lists := listOf(ours)
			for _, cluster := range []string{"east-1", "east-2", "west-1"} {
				ca := sign(ours, called(cluster), trusttest.SigningCRLs)
				for name, text := range (intermediate{ca: ca, root: ours}).files("certs/" + cluster) {
					write(t, p.file(name), text)
				}
				lists += listOf(ca)
			}
			p.run(t, 0, "render")
			if _, there := p.open(t, p.file(file))["ca-crl.pem"]; there {
				t.Error("there are lists in the Secret that nobody made")
			}
			for _, text := range []string{lists, lists + listOf(ours, sign(ours))} {
				before := p.tree(t)
				write(t, p.file("certs/east-1/ca-crl.pem"), text)
				p.run(t, 1, "diff")
				p.run(t, 0, "render")
				if got := string(p.open(t, p.file(file))["ca-crl.pem"]); got != text {
					t.Errorf("the Secret has the lists\n%s\nwant\n%s", got, text)
				}
				if got := changed(before, p.tree(t)); !slices.Equal(got, []string{file, "clusters/east-1/meshtopo.sum"}) {
					t.Errorf("render changed %q", got)
				}
				if r := p.run(t, 0, "diff"); r.out != "" {
					t.Errorf("diff says %s", r.out)
				}
			}
			if err := os.Remove(p.file("certs/east-1/ca-crl.pem")); err != nil {
				t.Fatal(err)
			}
			p.run(t, 0, "render")
			if text := p.tree(t)[file]; strings.Contains(text, "ca-crl.pem") || text == "" {
				t.Errorf("without lists it has a place for them:\n%s", text)
			}
		})
	}
}
