package istio

import (
	"slices"
	"strconv"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/private"
)

// Check compares a value with a type and gives every difference, in the order of the document. Values that are Broken
// or Defaulted are passed over, and nothing is changed.
//
// A value that is null counts as not given, as it does for protobuf's JSON and for encoding/json. The text of a string
// is checked only where decoding depends on it: numbers, durations, times, quantities and base64.
func Check(n *document.Node, t Type) []*Problem {
	c := &check{}
	c.value(n, nil, t)
	return c.found
}

// check is one walk.
type check struct {
	path    []string
	private int // how many of the maps and fields above may hold what is private
	found   []*Problem
}

// value checks what stands behind a key, or in a list, where e is nil.
func (c *check) value(n *document.Node, e *document.Entry, t Type) {
	if n == nil || n.Broken || n.Defaulted || n.Kind == document.Null || t.expression == "any" {
		return
	}
	switch rest := t.expression; {
	case strings.HasPrefix(rest, "[]"):
		c.list(n, e, t.of(rest[2:]))
	case rest[0] == '{':
		key, of, _ := strings.Cut(rest[1:], "}")
		c.mapping(n, e, key != "", t.of(of))
	case rest[0] == '@':
		c.object(n, e, t)
	case rest[0] == '%':
		c.enum(n, e, t)
	default:
		if s := scalars[rest]; !s.fits(n, t.reader) {
			c.wrongType(n, e, s.words, t.reader).Quoted = s.fitsUnquoted(n, t.reader)
		}
	}
}

func (c *check) list(n *document.Node, e *document.Entry, of Type) {
	if n.Kind != document.List {
		c.wrongType(n, e, document.List.String(), of.reader)
		return
	}
	for i, item := range n.Items {
		c.below(strconv.Itoa(i), func() { c.value(item, nil, of) })
	}
}

// mapping checks a map. Keys may have to be numbers: uint32 is the only kind that there is.
func (c *check) mapping(n *document.Node, e *document.Entry, numbered bool, of Type) {
	if n.Kind != document.Map {
		c.wrongType(n, e, document.Map.String(), of.reader)
		return
	}
	c.private++
	defer func() { c.private-- }()
	for _, e := range n.Fields {
		c.below(e.Key, func() {
			if numbered && (!isInteger(e.Key) || !inRange(e.Key, 32, false)) {
				c.report(WrongKey, e.KeyPos, e.Value, of.reader)
				return
			}
			c.value(e.Value, e, of)
		})
	}
}

func (c *check) object(n *document.Node, e *document.Entry, of Type) {
	if n.Kind != document.Map {
		c.wrongType(n, e, document.Map.String(), of.reader)
		return
	}
	given := map[string]*document.Entry{} // by the name of the field, and of the oneof behind a colon
	var unknown []*Problem
	for _, e := range n.Fields {
		if e.Value.Broken || e.Value.Defaulted {
			continue
		}
		c.below(e.Key, func() {
			if p := c.field(n, e, of, given); p != nil {
				unknown = append(unknown, p)
				suggest(p, n, e, of, len(unknown))
			}
		})
	}
	settle(unknown)
}

// isDirective reports whether a key tells kustomize and kubectl how to merge a patch
// (https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md).
func isDirective(key string) bool {
	name, _, _ := strings.Cut(key, "/")
	return slices.Contains([]string{"$patch", "$retainKeys", "$setElementOrder", "$deleteFromPrimitiveList"}, name)
}

// field checks one field of a map. It gives the problem of one that nobody knows.
func (c *check) field(n *document.Node, e *document.Entry, of Type, given map[string]*document.Entry) *Problem {
	m, by := of.message(), of.reader
	f := m.field(e.Key, by)
	if f == nil && isDirective(e.Key) {
		return nil
	}
	if f == nil {
		p := c.report(UnknownField, e.KeyPos, e.Value, by)
		p.Since, p.Until = of.around(e.Key)
		if e.Bare {
			p.Path[len(p.Path)-1] = "" // it may be the rest of a value
		}
		p.Known = m.names
		return p
	}
	if other := given[f.name]; other != nil {
		c.report(GivenTwice, e.KeyPos, e.Value, by).Other = other
	}
	given[f.name] = e
	if f.oneof != "" && e.Value.Kind != document.Null {
		if other := given[":"+f.oneof]; other != nil && m.field(other.Key, by) != f {
			c.report(Exclusive, e.KeyPos, e.Value, by).Other = other
		}
		given[":"+f.oneof] = e
	}
	if private.IsClosed(f.name) {
		c.private++
		defer func() { c.private-- }()
	}
	c.value(e.Value, e, f.in(of))
	return nil
}

// maxSuggested is for how many unknown fields of a map the ones are looked for that are meant: nobody corrects more by
// hand, and each is compared with all that there are.
const maxSuggested = 100

// suggest gives the problem of an unknown field, the so many-th of its map, the field that may be meant.
func suggest(p *Problem, n *document.Node, e *document.Entry, of Type, number int) {
	if number > maxSuggested {
		return
	}
	m := of.message()
	p.Near = diag.Nearest(e.Key, slices.DeleteFunc(slices.Clone(m.names), func(name string) bool { return n.Entry(name) != nil }))
	p.Instead = m.meant(n, e, of)
}

// meant gives the field that an unknown one of a map certainly stands for, or "": the value has to suit it, and the map
// must not have it already.
func (m *message) meant(n *document.Node, e *document.Entry, of Type) string {
	f := m.field(diag.Slip(e.Key, m.names), of.reader)
	if f == nil || slices.ContainsFunc(m.fields, func(other field) bool {
		return (other.name == f.name || f.oneof != "" && other.oneof == f.oneof) && other.isIn(n)
	}) {
		return ""
	}
	if len(Check(e.Value, f.in(of))) > 0 {
		return ""
	}
	return f.name
}

// isIn reports whether a map has the field, under either name.
func (f field) isIn(n *document.Node) bool {
	return n.Entry(f.name) != nil || f.alias != "" && n.Entry(f.alias) != nil
}

// settle takes the suggestion back where two unknown fields of one map have the same.
func settle(unknown []*Problem) {
	count := map[string]int{}
	for _, p := range unknown {
		count[p.Instead]++
	}
	for _, p := range unknown {
		if count[p.Instead] > 1 {
			p.Instead = ""
		}
	}
}

// enum checks a value of an enum. Protobuf's JSON reads numbers too, whichever; the schemas of CRDs have the names
// only.
func (c *check) enum(n *document.Node, e *document.Entry, of Type) {
	known, by := of.words(), of.reader
	switch {
	case n.Kind == document.String && slices.Contains(known, n.Text):
	case n.Kind == document.String:
		p := c.report(UnknownValue, n.Pos, n, by)
		p.Known, p.Near, p.Instead = known, diag.Nearest(n.Text, known), diag.Slip(n.Text, known)
	case by == APIServer || !whole(n, 32, true):
		c.wrongType(n, e, "one of "+some(known), by)
	}
}

func (c *check) wrongType(n *document.Node, e *document.Entry, want string, by Reader) *Problem {
	pos := n.Pos
	if e != nil && (n.Kind == document.Map || n.Kind == document.List) {
		pos = e.KeyPos
	}
	p := c.report(WrongType, pos, n, by)
	p.Want = want
	return p
}

func (c *check) report(kind ProblemKind, pos diag.Pos, n *document.Node, by Reader) *Problem {
	p := &Problem{Kind: kind, Pos: pos, Path: slices.Clone(c.path), Node: n, Reader: by, Private: c.private > 0}
	c.found = append(c.found, p)
	return p
}

// below calls f with the path one key longer.
func (c *check) below(key string, do func()) {
	c.path = append(c.path, key)
	do()
	c.path = c.path[:len(c.path)-1]
}
