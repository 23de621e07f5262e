package schema

import (
	"fmt"
	"strconv"

	"meshtopo.dev/meshtopo/schema/diag"
)

// unify joins the documents of two files as CUE does: what both give must be the same.
func unify(a, b *node, path []string, found *diag.List) *node {
	switch {
	case a.broken || b.broken:
		return a
	case a.kind == kindMap && b.kind == kindMap:
		for _, e := range b.fields {
			if first := a.entry(e.key); first != nil {
				first.value = unify(first.value, e.value, append(path, e.key), found)
			} else {
				a.add(e.key, e.keyPos, e.value)
			}
		}
		return a
	case a.kind == kindList && b.kind == kindList && len(a.items) == len(b.items):
		for i := range a.items {
			a.items[i] = unify(a.items[i], b.items[i], append(path, strconv.Itoa(i)), found)
		}
		return a
	case a.kind == b.kind && a.kind != kindList && a.text == b.text:
		return a
	}
	reportUnequal(a, b, path, found)
	return a
}

func reportUnequal(a, b *node, path []string, found *diag.List) {
	what := displayPath(path)
	message := fmt.Sprintf("%s is also given elsewhere, with another value", what)
	isPatch := len(path) > 0 && path[len(path)-1] == "patch"
	if !isPrivate(path) && !isPatch && a.text != "" && b.text != "" {
		message = fmt.Sprintf("%s is %q here and %q elsewhere", what, b.text, a.text)
	}
	if isPrivate(path) {
		found.Hide(a.pos)
		found.Hide(b.pos)
	}
	d := found.Add(b.pos, conflictingValues, "%s", message)
	d.Related = append(d.Related, diag.Related{Pos: a.pos, Message: "the other value"})
	a.broken = true
}
