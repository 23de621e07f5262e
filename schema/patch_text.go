package schema

import (
	"regexp"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
)

// dataWord finds the data of a Secret by its name, not that of the metadata.
var dataWord = onceRegexp(`(?i)(?:^|[^a-z])(?:string)?data(?:[^a-z]|$)`)

// PatchMayHoldSecrets reports whether the text of a patch might hold private material: it is about a Secret or about
// data, or its target could fit a Secret. A "\" may spell any word in another way.
func PatchMayHoldSecrets(text string, target *Target) bool {
	return strings.Contains(text, "Secret") || strings.Contains(text, `\`) || dataWord().MatchString(text) || target.mayFitSecret()
}

// mayFitSecret goes by the name where no kind is given. One that cannot be compared could fit.
func (t *Target) mayFitSecret() bool {
	switch {
	case t == nil:
		return false
	case t.Kind != "":
		whole, err := regexp.Compile("^(?:" + t.Kind + ")$")
		return err != nil || strings.Contains(t.Kind, "Secret") || whole.MatchString("Secret")
	case t.Name == "" || strings.ContainsAny(t.Name, `\^$|?*+()[]{}`):
		return true
	}
	return t.Name != "control-plane" && t.Name != "eastwest"
}

// hidePatches keeps the texts of patches that might hold private material out of every excerpt, whatever is found
// beside them.
func hidePatches(root *node, found *diag.List) {
	spec := root.at("spec")
	hidePatchList(spec.at("istio", "patches"), found)
	if clusters := spec.at("clusters"); clusters != nil {
		for _, e := range clusters.fields {
			hidePatchList(e.value.at("istio", "patches"), found)
		}
	}
}

func hidePatchList(list *node, found *diag.List) {
	for i, p := range decodePatches(list, nil) {
		text := list.items[i].at("patch")
		if text != nil && (text.kind != kindString || PatchMayHoldSecrets(text.text, p.Target)) {
			hideText(text, found)
		}
	}
}

// hideText hides a value from where it begins to where it ends, which is on its first line unless it is known to be
// elsewhere.
func hideText(n *node, found *diag.List) {
	end := n.end
	if end.Line == 0 {
		end = diag.Pos{Line: n.pos.Line, Col: n.pos.Col + n.pos.Width}
	}
	for line := n.pos.Line; line <= end.Line; line++ {
		hidden := diag.Pos{File: n.pos.File, Line: line, Col: 1}
		if line == n.pos.Line {
			hidden.Col = n.pos.Col
		}
		if line == end.Line && end.Col > 0 {
			hidden.Width = end.Col - hidden.Col
		}
		if line < end.Line || end.Col == 0 || hidden.Width > 0 {
			found.Hide(hidden)
		}
	}
	for _, e := range n.fields {
		hideText(e.value, found)
	}
	for _, item := range n.items {
		hideText(item, found)
	}
}
