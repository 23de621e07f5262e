package edit

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// tried makes the edits, and those offered before, on a copy. It gives them if the document then says what it said,
// changed by want.
func (d *Document) tried(edits []diag.Edit, want func(*Document)) []diag.Edit {
	d.budget -= 2 * len(d.text)
	if len(edits) == 0 || d.budget < 0 {
		return nil
	}
	all := slices.Clone(d.offered)
	for _, e := range edits {
		e.Pos.Line -= d.before
		switch {
		case slices.Contains(all, e):
		case slices.ContainsFunc(all, func(other diag.Edit) bool { return overlap(e.Pos, other.Pos) }):
			return nil // one of the two would not be made
		default:
			all = append(all, e)
		}
	}
	after := parse(diag.Apply(d.text, all))
	changed := Open(d.file, document.Part{Line: 1, Text: d.text})
	wanted := append(slices.Clone(d.wanted), want)
	for _, want := range wanted {
		want(changed)
	}
	if after == nil || !same(after, changed.root) {
		return nil
	}
	d.offered, d.wanted = all, wanted
	return edits
}

// overlap reports whether two edits replace a character that both have. Insertions do not.
func overlap(a, b diag.Pos) bool {
	return a.Line == b.Line && a.Col < b.Col+b.Width && b.Col < a.Col+a.Width
}

// same reports whether two values are alike, whatever the notation and the order of fields.
func same(a, b *yaml.Node) bool {
	if a.Kind != b.Kind || len(a.Content) != len(b.Content) || a.ShortTag() != b.ShortTag() || a.Value != b.Value || a.Anchor != "" {
		return false
	}
	if a.Kind != yaml.MappingNode {
		for i := range a.Content {
			if !same(a.Content[i], b.Content[i]) {
				return false
			}
		}
		return true
	}
	fields := make(map[string]*yaml.Node, len(b.Content)/2)
	for i := 0; i+1 < len(b.Content); i += 2 {
		if b.Content[i].Kind != yaml.ScalarNode || fields[b.Content[i].Value] != nil {
			return false
		}
		fields[b.Content[i].Value] = b.Content[i+1]
	}
	for i := 0; i+1 < len(a.Content); i += 2 {
		value := fields[a.Content[i].Value]
		if a.Content[i].Kind != yaml.ScalarNode || value == nil || !same(a.Content[i+1], value) {
			return false
		}
		delete(fields, a.Content[i].Value)
	}
	return true
}
