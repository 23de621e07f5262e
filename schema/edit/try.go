package edit

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// try is an offer of edits, and what the document says when they are made.
type try struct {
	edits []diag.Edit // with lines of the document
	want  func(*Document)
	kept  bool
}

// offer notes edits, which Keep tries.
func (d *Document) offer(edits []diag.Edit, want func(*Document)) []diag.Edit {
	if len(edits) == 0 {
		return nil
	}
	own := slices.Clone(edits)
	for i := range own {
		own[i].Pos.Line -= d.before
	}
	d.tries = append(d.tries, &try{edits: own, want: want})
	return edits
}

// Keep tries all that was offered, on a copy, and reports in the order of the offers which can be made together: the
// document then says what it said, changed as wanted. Of offers that exclude each other, the earlier one is kept.
func (d *Document) Keep() []bool {
	d.keep(d.tries)
	kept := make([]bool, len(d.tries))
	for i, t := range d.tries {
		kept[i] = t.kept
	}
	return kept
}

// keep tries some together, and where that fails the halves of them: a document with very many edits is read again a
// few times, not once for each.
func (d *Document) keep(tries []*try) {
	if len(tries) == 0 {
		return
	}
	if d.fit(tries) {
		for _, t := range tries {
			t.kept = true
		}
		d.made = append(d.made, tries...)
		return
	}
	if half := len(tries) / 2; half > 0 {
		d.keep(tries[:half])
		d.keep(tries[half:])
	}
}

// fit reports whether offers can be made with those that are kept.
func (d *Document) fit(tries []*try) bool {
	all := slices.Concat(d.made, tries)
	edits, ok := together(all)
	d.budget -= 2 * len(d.text)
	if !ok || d.budget < 0 {
		return false
	}
	after := parse(diag.Apply(d.text, edits))
	changed := Open(d.file, document.Part{Line: 1, Text: d.text})
	for _, t := range all {
		t.want(changed)
	}
	return after != nil && same(after, changed.root)
}

// together gives the edits of several offers, each once, and false where one of two would not be made.
func together(tries []*try) ([]diag.Edit, bool) {
	var all []diag.Edit
	seen := map[diag.Edit]bool{}
	for _, t := range tries {
		for _, e := range t.edits {
			if !seen[e] {
				seen[e] = true
				all = append(all, e)
			}
		}
	}
	sorted := slices.SortedStableFunc(slices.Values(all), func(a, b diag.Edit) int { return a.Pos.Compare(b.Pos) })
	for i := 1; i < len(sorted); i++ {
		if overlap(sorted[i-1].Pos, sorted[i].Pos) {
			return nil, false
		}
	}
	return sorted, true
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
