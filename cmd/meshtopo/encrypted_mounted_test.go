package main

import (
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
)

// TestEncryptedMounted renders kubeconfigs for a volume with each protection that encrypts: they are those of a
// plaintext tree, without the label of remote Secrets, and stay as they are.
func TestEncryptedMounted(t *testing.T) {
	const way, mounted = "{protection: ", "{remote: mounted, protection: "
	plain := &protected{dir: copyExample(t, "multi-primary-multi-network")}
	plain.edit(t, "topology.yaml", way, mounted)
	plain.run(t, 0, "render")
	for name, prepare := range protections {
		t.Run(name, func(t *testing.T) {
			p := prepare(t)
			p.run(t, 0, "render")
			p.edit(t, "topology.yaml", way, mounted)
			if r := p.run(t, 1, "diff"); !strings.Contains(r.out, "remote-secrets") {
				t.Errorf("diff of a tree with labelled Secrets says %s", r.out)
			}
			p.run(t, 0, "render")
			first := p.tree(t)
			for _, file := range p.secrets(t) {
				if path.Base(path.Dir(file)) != "remote-secrets" {
					continue
				}
				got, want := p.open(t, p.file(file)), plainData(t, secretOf(t, read(t, plain.file(file))).Data)
				if !maps.EqualFunc(got, want, slices.Equal) || got[path.Base(file)] == nil {
					t.Errorf("%s has the keys %v", file, slices.Collect(maps.Keys(got)))
				}
				if strings.Contains(first[file], "multiCluster") || !strings.Contains(first[file], "istio-remote-kubeconfig-") {
					t.Errorf("%s is\n%s", file, first[file])
				}
			}
			p.run(t, 0, "render", "--reencrypt", "istio-remote-kubeconfig-west-1")
			first = p.tree(t)
			p.withoutKeys(t)
			if r := p.run(t, 0, "diff"); r.out != "" {
				t.Errorf("diff without keys says %s", r.out)
			}
			p.run(t, 0, "render")
			if diff := changed(first, p.tree(t)); len(diff) > 0 {
				t.Errorf("a render without keys changed %q", diff)
			}
			p.run(t, 0, "lint", "--topology", p.file("topology.yaml"), p.file("clusters"))
		})
	}
}
