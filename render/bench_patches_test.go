package render

import (
	"fmt"
	"testing"

	"meshtopo.dev/meshtopo/render/secret"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// BenchmarkCheckPatches checks a patch that all clusters share, and one of each cluster's own.
func BenchmarkCheckPatches(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		for _, shared := range []bool{true, false} {
			b.Run(fmt.Sprintf("%d/shared=%t", n, shared), func(b *testing.B) {
				topology, fsys := fullMesh(n)
				for _, c := range topology.Clusters {
					entry := schema.Patch{
						Target: &schema.Target{Name: "eastwest"},
						Text:   `[{op: add, path: /spec/components/ingressGateways/0/k8s/replicaCount, value: 3}]`,
					}
					if !shared {
						entry.Cluster = c.Name
					}
					entry.At = []string{"spec", entry.Cluster}
					c.Istio.Patches = []schema.Patch{entry}
					if shared {
						topology.Istio.Patches = c.Istio.Patches
					}
				}
				for b.Loop() {
					store := secret.NewStore(fsys, func(string) (string, bool) { return "", false })
					if _, err := NewPlan(topology, store).CheckPatches(&diag.List{}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
