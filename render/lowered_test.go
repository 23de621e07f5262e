package render

import (
	"maps"
	"slices"
	"testing"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/kubeconfig"
)

// TestLoweredErrorsRender proves that an error which a topology may lower is no reason not to render: the wrong example
// of each such rule, with the rule made a note, gives a tree.
func TestLoweredErrorsRender(t *testing.T) {
	tried := 0
	for _, r := range allRules() {
		ofKubeconfigs := slices.Contains(kubeconfig.Rules(), r) // whose examples are no topologies
		if r.Severity != diag.Error || r.Fixed || r.Bad == "" || ofKubeconfigs {
			continue
		}
		tried++
		t.Run(r.Code, func(t *testing.T) {
			topology, store, found := checked(t, lowered(t, r))
			if got := slices.Compact(codes(found)); topology == nil || !slices.Equal(got, []string{r.Code}) || found.Count(diag.Warning) > 0 {
				t.Fatalf("found %q, want %s alone, as a note", got, r.Code)
			}
			tree, err := NewPlan(topology, store).Render()
			if err != nil || len(tree.Files) == 0 {
				t.Errorf("Render: %v, %d files", err, len(tree.Files))
			}
		})
	}
	if tried < 10 {
		t.Errorf("only %d rules were tried", tried)
	}
}

// lowered is two-clusters with the wrong example of a rule, which is a note there.
func lowered(t *testing.T, r *diag.Rule) string {
	t.Helper()
	var doc, bad map[string]any
	for _, err := range []error{
		yaml.Unmarshal(read(t, "../testdata/two-clusters/topology.yaml"), &doc),
		yaml.Unmarshal([]byte(r.Bad), &bad),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	spec := overlaid(doc["spec"].(map[string]any), bad)
	spec["rules"] = map[string]any{r.Code: map[string]any{"severity": "info", "reason": "tested"}}
	doc["spec"] = spec
	text, err := yaml.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// overlaid merges one map over another; null deletes.
func overlaid(base, over map[string]any) map[string]any {
	merged := maps.Clone(base)
	for k, v := range over {
		o, isMap := v.(map[string]any)
		b, wasMap := merged[k].(map[string]any)
		switch {
		case v == nil:
			delete(merged, k)
		case isMap && wasMap:
			merged[k] = overlaid(b, o)
		default:
			merged[k] = v
		}
	}
	return merged
}
