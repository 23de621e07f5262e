package schema

import (
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/private"
)

// PatchMayHoldSecrets reports whether the text of a patch might hold private material, or its target could fit a
// Secret. Objects of public names are no Secrets.
func PatchMayHoldSecrets(text string, target *Target, public []string) bool {
	return private.InPatch(text) || target != nil && private.InTarget(target.Kind, target.Name, public)
}

// HidePatches keeps the texts of patches that might hold private material out of every excerpt, whatever is found
// beside them.
func HidePatches(root *document.Node, public []string, found *diag.List) {
	spec := root.At("spec")
	hidePatchList(spec.At("istio", "patches"), public, found)
	if clusters := spec.At("clusters"); clusters != nil {
		for _, e := range clusters.Fields {
			hidePatchList(e.Value.At("istio", "patches"), public, found)
		}
	}
}

func hidePatchList(list *document.Node, public []string, found *diag.List) {
	for i, p := range decodePatches(list, "") {
		text := list.Items[i].At("patch")
		if text != nil && (text.Kind != document.String || PatchMayHoldSecrets(text.Text, p.Target, public)) {
			document.HideText(text, found)
		}
	}
}
