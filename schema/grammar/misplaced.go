package grammar

import (
	"fmt"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/document"
)

// settle puts entries of a map where they were meant to stand, and reports that, once for all that one slip of the
// indentation moved: what is in them is then checked as if they stood there.
func (c *checker) settle(n *document.Node, s *shape, path []string) {
	c.adopt(n, s, path)
	c.sink(n, s, path)
	c.pull(n, s, path)
}

// adopt gives an entry without a value the fields that stand beside it and belong below it:
//
//	apiServer:
//	url: …
func (c *checker) adopt(n *document.Node, s *shape, path []string) {
	for i := 0; i < len(n.Fields); i++ {
		e := n.Fields[i]
		of := s.below(e.Key)
		if of == nil || of.kind != document.Map || len(of.fields) == 0 || !isEmpty(e.Value) {
			continue
		}
		if s.field(e.Key) == nil && s.key != nil && !s.key.fits(e.Key) {
			continue
		}
		from := i + 1
		to := from
		for to < len(n.Fields) && of.field(n.Fields[to].Key) != nil && !s.takes(n.Fields[to]) {
			to++
		}
		if to == from {
			continue
		}
		adopted := slices.Clone(n.Fields[from:to])
		c.besides(e, adopted, c.grammar.DisplayPath(append(path, e.Key)))
		e.Value = &document.Node{Kind: document.Map, Pos: e.Value.Pos}
		move(n, e.Value, adopted)
	}
}

// adopted looks at an entry to which the reader gave the fields that stand beside it and are given already. Where it
// can have no fields they are given twice, and nothing else is wrong.
func (c *checker) adopted(n *document.Node, e *document.Entry, s *shape, path []string) {
	of := s.below(e.Key)
	switch {
	case of == nil: // it is reported where it stands
	case of.kind == document.Map:
		c.besides(e, e.Value.Fields, c.grammar.DisplayPath(append(path, e.Key)))
	default:
		for _, field := range e.Value.Fields {
			if first := n.Entry(field.Key); first != nil {
				document.ReportTwice(first, field, keyOf(field), c.found)
			}
		}
		e.Value = &document.Node{Kind: document.Null, Pos: e.Value.Pos}
	}
}

// besides reports a key whose fields stand beside it.
func (c *checker) besides(e *document.Entry, fields []*document.Entry, what string) {
	verb := "stand"
	if len(fields) == 1 {
		verb = "stands"
	}
	d := c.found.Add(e.KeyPos, EmptyValue, "%s has no value: %s %s beside it", what, keys(fields), verb)
	d.Fix = "indent " + keys(fields) + " below it"
}

// sink puts fields that stand above the map that they belong to into it: all of a topology without its spec, or a
// cluster beside clusters.
func (c *checker) sink(n *document.Node, s *shape, path []string) {
	for _, f := range s.fields {
		if !f.required || f.shape.kind != document.Map {
			continue
		}
		var low []*document.Entry
		for _, e := range n.Fields {
			if s.field(e.Key) == nil && s.value == nil && belongsIn(e, f.shape, n.Entry(f.name)) {
				low = append(low, e)
			}
		}
		if len(low) == 0 {
			continue
		}
		c.tooHigh(low, n.Entry(f.name) != nil, c.grammar.DisplayPath(append(path, f.name)))
		if n.Entry(f.name) == nil {
			n.Add(f.name, low[0].KeyPos, &document.Node{Kind: document.Map, Pos: low[0].KeyPos})
		}
		move(n, n.Entry(f.name).Value, low)
	}
}

// pull takes out of a map what belongs below the field that comes next and is missing: all of a topology that stands
// inside metadata, because spec was forgotten or is indented too far.
func (c *checker) pull(n *document.Node, s *shape, path []string) {
	for _, f := range s.fields {
		if !f.required || f.shape.kind != document.Map || n.Entry(f.name) != nil {
			continue
		}
		for _, e := range n.Fields {
			of := s.field(e.Key)
			if of == nil || len(of.shape.fields) == 0 || e.Value.Kind != document.Map {
				continue
			}
			where := c.grammar.DisplayPath(append(path, f.name))
			if inner := e.Value.Entry(f.name); inner != nil && of.shape.field(f.name) == nil {
				d := c.found.Add(inner.KeyPos, UnknownField, "%s stands inside %s", where, e.Key)
				d.Fix = "indent it as " + e.Key + " is"
				move(e.Value, n, []*document.Entry{inner})
				return
			}
			var low []*document.Entry
			for _, inner := range e.Value.Fields {
				if of.shape.field(inner.Key) == nil && f.shape.field(inner.Key) != nil && !inner.Bare {
					low = append(low, inner)
				}
			}
			if len(low) < 2 {
				continue // a name alone may be misspelt
			}
			d := c.found.Add(low[0].KeyPos, MissingField, "%s is missing: %s stand inside %s", where, keys(low), e.Key)
			d.Fix = fmt.Sprintf("move them under %s: write %s: above them, where %s: begins", where, f.name, e.Key)
			n.Add(f.name, low[0].KeyPos, &document.Node{Kind: document.Map, Pos: low[0].KeyPos})
			move(e.Value, n.Entry(f.name).Value, low)
			return
		}
	}
}

// tooHigh reports entries that belong below a field of the map in which they stand.
func (c *checker) tooHigh(low []*document.Entry, given bool, where string) {
	stand, them := "stand", "them"
	if len(low) == 1 {
		stand, them = "stands", "it"
	}
	if given {
		d := c.found.Add(low[0].KeyPos, UnknownField, "%s %s beside %s", keys(low), stand, where)
		d.Fix = fmt.Sprintf("move %s under %s, and indent %s", keys(low), where, them)
		return
	}
	d := c.found.Add(low[0].KeyPos, MissingField, "%s is missing: %s %s in its place", where, keys(low), stand)
	d.Fix = fmt.Sprintf("move %s under %s: write %s: above %s, and indent %s", them, where, where[strings.LastIndexByte(where, '.')+1:], them, them)
}

// belongsIn reports whether an entry belongs into a map: as one of its fields, or as one of what it has by name.
func belongsIn(e *document.Entry, of *shape, there *document.Entry) bool {
	if there != nil && (there.Value.Kind != document.Map || there.Value.Entry(e.Key) != nil) || e.Bare {
		return false
	}
	return of.field(e.Key) != nil || of.value != nil && of.key.fits(e.Key) && of.value.isLike(e.Value)
}

// rise puts an entry that stands in a sibling of what it is into their parent: a cluster that is indented as if it were
// a field of the one above. It reports false for other entries.
func (c *checker) rise(e *document.Entry, s *shape, path []string) bool {
	if len(path) == 0 || e.Bare {
		return false
	}
	above := c.grammar.document
	for _, name := range path[:len(path)-1] {
		above = above.below(name)
	}
	parent := c.root.At(path[:len(path)-1]...)
	if above == nil || above.value != s || parent == nil || !above.key.fits(e.Key) || parent.Entry(e.Key) != nil || !s.isLike(e.Value) {
		return false
	}
	d := c.found.Add(e.KeyPos, UnknownField, "%s stands inside %s", keyOf(e), c.grammar.DisplayPath(path))
	d.Fix = "indent it as " + path[len(path)-1] + " is: it has the fields of one of " + c.grammar.DisplayPath(path[:len(path)-1])
	parent.Add(e.Key, e.KeyPos, e.Value)
	c.check(e.Value, s, append(slices.Clone(path[:len(path)-1]), e.Key))
	return true
}

// isLike reports whether a value has fields of a shape and no others.
func (s *shape) isLike(n *document.Node) bool {
	return n.Kind == document.Map && len(n.Fields) > 0 && len(s.fields) > 0 &&
		!slices.ContainsFunc(n.Fields, func(e *document.Entry) bool { return s.field(e.Key) == nil })
}

// takes reports whether an entry is right in a map as it is: a field, or one by name whose value is of the right kind.
func (s *shape) takes(e *document.Entry) bool {
	if f := s.field(e.Key); f != nil {
		return true
	}
	return s.value != nil && s.value.kind == e.Value.Kind && s.value.isLike(e.Value)
}

func isEmpty(n *document.Node) bool { return n.Kind == document.Null && !n.Broken && !n.Defaulted }

// move takes entries out of one map and puts them into another.
func move(from, to *document.Node, entries []*document.Entry) {
	from.Remove(entries)
	for _, e := range entries {
		to.Add(e.Key, e.KeyPos, e.Value)
		last := to.Fields[len(to.Fields)-1]
		last.Bare, last.Number = e.Bare, e.Number
	}
}

// keys names entries for a message.
func keys(entries []*document.Entry) string {
	const few = 4
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, keyOf(e))
	}
	if len(names) > few {
		names = append(names[:few-1], "others")
	}
	if len(names) == 1 {
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
