package lint

import (
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"meshtopo.dev/meshtopo/schema/fields"
	"meshtopo.dev/meshtopo/schema/remotesecret"
)

// TestLabelsOfKustomizations has a kustomization that gives objects a wrong label. The finding is where the label is
// written, and --fix, which edits objects, does not change a kustomization. A label that is not a string is refused by
// kustomize.
func TestLabelsOfKustomizations(t *testing.T) {
	clusters, _ := sources(txtar.Parse([]byte(`-- east/kustomization.yaml --
resources: [west.yaml]
commonLabels: {istio/multiCluster: "TRUE", topology.istio.io/network: 7}
-- east/west.yaml --
apiVersion: v1
kind: Secret
metadata: {name: istio-remote-secret-west, namespace: istio-system}
stringData:
  west: ""
-- east/namespace.yaml --
apiVersion: v1
kind: Namespace
metadata: {name: istio-system}
`)), "")
	found, err := Run(Input{Clusters: clusters, Now: now, Edits: true})
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]string{}
	for _, d := range found.Sorted() {
		at[d.Code] = d.Pos.File
		if d.Pos.File == "east/kustomization.yaml" && len(d.Edits) > 0 {
			t.Errorf("%s has the edits %v", d.Code, d.Edits)
		}
	}
	if at[remotesecret.Unread.Code] != "east/kustomization.yaml" || at[fields.WrongValue.Code] != "" {
		t.Errorf("found %v", at)
	}
}
