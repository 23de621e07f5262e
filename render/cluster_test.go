package render

import (
	"maps"
	"strings"
	"testing"
)

// TestRenderCluster renders each cluster alone, and gets the files that it has in the whole tree.
func TestRenderCluster(t *testing.T) {
	eachExample(t, func(t *testing.T, dir string) {
		topology, store := load(t, dir)
		plan, whole := NewPlan(topology, store), render(t, topology, store)
		for _, c := range topology.Clusters {
			alone, err := plan.RenderCluster(c.Name)
			if err != nil || alone.Owner != whole.Owner {
				t.Fatalf("RenderCluster(%q) = %q, %v", c.Name, alone.Owner, err)
			}
			got, want := contents(alone), contents(whole)
			maps.DeleteFunc(want, func(file, _ string) bool {
				return !strings.HasPrefix(file, "clusters/"+c.Name+"/") || strings.HasSuffix(file, "/meshtopo.sum")
			})
			if !maps.Equal(got, want) {
				t.Errorf("alone, cluster %q differs in %q", c.Name, differing(got, want))
			}
		}
		if _, err := plan.RenderCluster("nowhere"); err == nil {
			t.Error("a cluster that is not there is rendered")
		}
	})
}
