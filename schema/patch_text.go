package schema

import (
	"regexp"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// dataWord finds the data of a Secret by its name, not that of the metadata.
var dataWord = diag.OnceRegexp(`(?i)(?:^|[^a-z])(?:string)?data(?:[^a-z]|$)`)

// PatchMayHoldSecrets reports whether the text of a patch might hold private material: it is about a Secret or about
// data, or its target could fit a Secret. A "\" may spell any word in another way. Objects of public names are no
// Secrets.
func PatchMayHoldSecrets(text string, target *Target, public []string) bool {
	return strings.Contains(text, "Secret") || strings.Contains(text, `\`) || dataWord().MatchString(text) || target.mayFitSecret(public)
}

// mayFitSecret goes by the name where no kind is given. One that cannot be compared could fit.
func (t *Target) mayFitSecret(public []string) bool {
	switch {
	case t == nil:
		return false
	case t.Kind != "":
		whole, err := regexp.Compile("^(?:" + t.Kind + ")$")
		return err != nil || strings.Contains(t.Kind, "Secret") || whole.MatchString("Secret")
	case t.Name == "" || strings.ContainsAny(t.Name, `\^$|?*+()[]{}`):
		return true
	}
	return !slices.Contains(public, t.Name)
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
