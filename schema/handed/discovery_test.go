package handed

import (
	"maps"
	"testing"

	"meshtopo.dev/meshtopo/schema"
)

// TestLabels gives the namespaces of two clusters what the selectors of both control planes ask for.
func TestLabels(t *testing.T) {
	matching := func(labels map[string]any) map[string]any {
		return map[string]any{"discoverySelectors": []any{map[string]any{"matchLabels": labels}}}
	}
	primary := func(name, network string, config map[string]any) *schema.Cluster {
		return &schema.Cluster{Name: name, Network: network, Role: schema.Primary, Istio: schema.Istio{Namespace: "istio-system", MeshConfig: config}}
	}
	for _, test := range []struct {
		name   string
		a, b   map[string]any
		want   map[string]string
		hidden int
	}{
		{"no selectors", nil, nil, map[string]string{}, 0},
		{"of one", matching(map[string]any{"team": "a"}), nil, map[string]string{"team": "a"}, 0},
		{"of both", matching(map[string]any{"team": "a"}), matching(map[string]any{"read": "yes"}), map[string]string{"team": "a", "read": "yes"}, 0},
		{"that contradict each other", matching(map[string]any{"team": "a"}), matching(map[string]any{"team": "b"}), map[string]string{"team": "a"}, 1},
		{"with a meaning", matching(map[string]any{"istio.io/rev": "a"}), nil, map[string]string{}, 1},
		{"that fit", matching(map[string]any{"kubernetes.io/metadata.name": "istio-system"}), nil, map[string]string{}, 0},
	} {
		topology := &schema.Topology{Clusters: []*schema.Cluster{primary("a", "n1", test.a), primary("b", "n2", test.b)}}
		for _, c := range topology.Clusters {
			labels, hidden := NewDiscovery(topology).Labels(c)
			if !maps.Equal(labels, test.want) || len(hidden) != test.hidden {
				t.Errorf("%s: Labels(%s) = %v, %d hidden", test.name, c.Name, labels, len(hidden))
			}
		}
	}
}
