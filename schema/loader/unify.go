package loader

import (
	"strconv"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/evaluator"
)

// unify joins the documents of two files as CUE does: what both give must be the same.
func unify(a, b *document.Node, path []string, found *diag.List) *document.Node {
	switch {
	case a.Broken || b.Broken:
		return a
	case a.Kind == document.Map && b.Kind == document.Map:
		for _, e := range b.Fields {
			if first := a.Entry(e.Key); first != nil {
				first.Value = unify(first.Value, e.Value, append(path, e.Key), found)
			} else {
				a.Add(e.Key, e.KeyPos, e.Value)
			}
		}
		return a
	case a.Kind == document.List && b.Kind == document.List && len(a.Items) == len(b.Items):
		for i := range a.Items {
			a.Items[i] = unify(a.Items[i], b.Items[i], append(path, strconv.Itoa(i)), found)
		}
		return a
	case a.Kind == b.Kind && a.Kind != document.List && a.Text == b.Text:
		return a
	}
	reportUnequal(a, b, path, found)
	return a
}

func reportUnequal(a, b *document.Node, path []string, found *diag.List) {
	what := schema.Grammar().DisplayPath(path)
	d := found.Add(b.Pos, evaluator.ConflictingValues, "%s is also given elsewhere, with another value", what)
	d.Relate(a.Pos, "the other value")
	a.Broken = true
}
