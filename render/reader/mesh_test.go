package reader

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"meshtopo.dev/meshtopo/schema"
)

// TestManyRevisions looks at many control planes that ask for different things: each cluster grants what all others
// ask for, without a second look at each of them.
func TestManyRevisions(t *testing.T) {
	const many = 600
	topology := &schema.Topology{}
	for i := range many {
		topology.Clusters = append(topology.Clusters, &schema.Cluster{
			Name: fmt.Sprint("c", i), Role: schema.Primary,
			Istio: schema.Istio{Version: "1.31.1", Namespace: "istio-system", Revision: fmt.Sprint("r", i)},
		})
	}
	start := time.Now()
	mesh := New(topology, nil)
	for i, c := range topology.Clusters {
		rules := mesh.Rights(c).InSystem
		if len(rules) != 1 || len(rules[0].Names) != many-1 || slices.Contains(rules[0].Names, fmt.Sprint("istio-r", i)) {
			t.Fatalf("%s grants %d rules", c.Name, len(rules))
		}
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("%d control planes take %s", many, took)
	}
}
