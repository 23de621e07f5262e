package layout_test

import (
	"testing"

	"meshtopo.dev/meshtopo/render/layout"
)

func TestPaths(t *testing.T) {
	for path, want := range map[string]struct {
		cluster, rest string
		objects       bool
		private       bool
	}{
		layout.Path(layout.Readme):                               {},
		layout.Path("a", layout.Readme):                          {"a", layout.Readme, false, false},
		layout.Path("a", layout.Expose, "b.yaml"):                {"a", "5-expose/b.yaml", true, false},
		layout.Path("a", layout.Secrets, "cacerts.yaml"):         {"a", "2-secrets/cacerts.yaml", true, true},
		layout.Path("a", layout.Secrets, "old", "b.yaml"):        {"a", "2-secrets/old/b.yaml", true, true},
		layout.Path("a", layout.Secrets, layout.Kustomization):   {"a", "2-secrets/kustomization.yaml", false, false},
		"elsewhere/a/" + layout.Gateway + "/istio-operator.yaml": {"", "", true, false},
	} {
		cluster, rest, ok := layout.Split(path)
		if cluster != want.cluster || rest != want.rest || ok != (want.cluster != "") {
			t.Errorf("Split(%q) = %q, %q, %v", path, cluster, rest, ok)
		}
		if objects, private := layout.HoldsObjects(path), layout.Private(path); objects != want.objects || private != want.private {
			t.Errorf("%q holds objects: %v, private: %v", path, objects, private)
		}
	}
}
