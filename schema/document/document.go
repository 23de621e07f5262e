// Package document reads YAML and JSON into values that know where they stand, and reports what is wrong with a text
// before it matters what it says: syntax, encoding, keys given twice, and scalars that YAML readers disagree about.
package document

import (
	"slices"
	"strconv"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
)

// Kind is what sort of value a node is, or a shape wants.
type Kind uint8

// The kinds. Any is a shape's only.
const (
	Any Kind = iota
	Null
	Bool
	Int
	Float
	String
	List
	Map
)

// String gives the word for a kind in messages.
func (k Kind) String() string {
	return [...]string{"any value", "empty (null)", "true or false", "a whole number", "a number", "a string", "a list", "a map"}[k]
}

// Node is a value in the user's document, whatever its notation, with its place.
type Node struct {
	Kind      Kind
	Text      string // of a scalar: its value; of a bool true or false, of a number as CUE and JSON write it
	Pos       diag.Pos
	Fields    []*Entry       // of a map, in the order of the document
	index     map[string]int // of a large map: where a key is in fields
	Items     []*Node        // of a list
	Unquoted  string         // of a plain YAML scalar that some reader would change: the text as written
	Ambiguous bool           // YAML readers disagree about its value
	Defaulted bool           // the user did not write it
	Broken    bool           // a problem of this value has been reported
	Adopted   bool           // the fields of a map stand beside its key, where they are given already
	Block     *Block         // of a literal block of YAML, or a multi-line string of CUE
}

// Entry is one field of a map.
type Entry struct {
	Key    string
	KeyPos diag.Pos
	Value  *Node
	Bare   bool // the key has no ":" of its own, as in {a}: it may be the rest of a value
	Number bool // the key is a whole number without quotes, as in YAML that JSON cannot say
}

// indexFrom is the size from which a map is worth an index.
const indexFrom = 12

// Entry gives the field of that key, or nil.
func (n *Node) Entry(key string) *Entry {
	if n == nil || n.Kind != Map {
		return nil
	}
	if n.index != nil {
		if i, ok := n.index[key]; ok {
			return n.Fields[i]
		}
		return nil
	}
	for _, e := range n.Fields {
		if e.Key == key {
			return e
		}
	}
	return nil
}

// Add appends a field to a map.
func (n *Node) Add(key string, keyPos diag.Pos, value *Node) {
	n.Fields = append(n.Fields, &Entry{Key: key, KeyPos: keyPos, Value: value})
	if len(n.Fields) < indexFrom {
		return
	}
	if n.index == nil {
		n.index = make(map[string]int, 2*indexFrom)
		for i, e := range n.Fields {
			n.index[e.Key] = i
		}
	}
	n.index[key] = len(n.Fields) - 1
}

// Remove takes fields out of a map.
func (n *Node) Remove(entries []*Entry) {
	gone := make(map[*Entry]bool, len(entries))
	for _, e := range entries {
		gone[e] = true
	}
	left := slices.DeleteFunc(slices.Clone(n.Fields), func(e *Entry) bool { return gone[e] })
	n.Fields, n.index = nil, nil
	for _, e := range left {
		n.Add(e.Key, e.KeyPos, e.Value)
		*n.Fields[len(n.Fields)-1] = *e
	}
}

// At gives the value at a path below n, or nil. List items are named "0", "1", ….
func (n *Node) At(path ...string) *Node {
	for _, key := range path {
		if n == nil {
			return nil
		}
		n = n.Child(key)
	}
	return n
}

// Child gives the value of a key of a map, or of an item of a list, or nil.
func (n *Node) Child(key string) *Node {
	if n.Kind == List {
		if i, err := strconv.Atoi(key); err == nil && i >= 0 && i < len(n.Items) {
			return n.Items[i]
		}
		return nil
	}
	if e := n.Entry(key); e != nil {
		return e.Value
	}
	return nil
}

// StringAt gives the string at a path, or "" where there is none.
func (n *Node) StringAt(path ...string) string {
	if v := n.At(path...); v != nil && v.Kind == String && !v.Broken {
		return v.Text
	}
	return ""
}

// BoolAt gives the boolean at a path, or false where there is none.
func (n *Node) BoolAt(path ...string) bool {
	v := n.At(path...)
	return v != nil && v.Kind == Bool && v.Text == "true"
}

// IntAt gives the whole number at a path, or 0 where there is none.
func (n *Node) IntAt(path ...string) int64 {
	v := n.At(path...)
	if v == nil || v.Kind != Int || v.Broken {
		return 0
	}
	number, _ := v.Value().(int64)
	return number
}

// ItemsAt gives the items of the list at a path, or none.
func (n *Node) ItemsAt(path ...string) []*Node {
	if list := n.At(path...); list != nil && list.Kind == List {
		return list.Items
	}
	return nil
}

// StringsAt gives the strings of the list at a path; a broken item is "".
func (n *Node) StringsAt(path ...string) []string {
	v := n.At(path...)
	if v == nil || v.Kind != List {
		return nil
	}
	texts := make([]string, len(v.Items))
	for i, item := range v.Items {
		texts[i] = item.StringAt()
	}
	return texts
}

// StringMapAt gives the map of strings at a path, without broken values.
func (n *Node) StringMapAt(path ...string) map[string]string {
	v := n.At(path...)
	if v == nil || v.Kind != Map || len(v.Fields) == 0 {
		return nil
	}
	m := make(map[string]string, len(v.Fields))
	for _, e := range v.Fields {
		if e.Value.Kind == String && !e.Value.Broken {
			m[e.Key] = e.Value.Text
		}
	}
	return m
}

// ObjectAt gives the map at a path as encoding/json would decode it, or nil.
func (n *Node) ObjectAt(path ...string) map[string]any {
	v := n.At(path...)
	if v == nil || v.Kind != Map {
		return nil
	}
	m, _ := v.Value().(map[string]any)
	return m
}

// Value gives a node as encoding/json would decode it, with whole numbers as int64 where they fit.
func (n *Node) Value() any {
	switch n.Kind {
	case Bool:
		return n.Text == "true"
	case Int:
		if i, err := strconv.ParseInt(n.Text, 10, 64); err == nil {
			return i
		}
		return n.float()
	case Float:
		return n.float()
	case String:
		return n.Text
	case List:
		list := make([]any, len(n.Items))
		for i, item := range n.Items {
			list[i] = item.Value()
		}
		return list
	case Map:
		m := make(map[string]any, len(n.Fields))
		for _, e := range n.Fields {
			m[e.Key] = e.Value.Value()
		}
		return m
	}
	return nil
}

func (n *Node) float() float64 {
	f, _ := strconv.ParseFloat(n.Text, 64)
	return f
}

// Positions finds places in a document.
type Positions struct{ Root *Node }

// Pos gives the place of the value at path: its own, or that of the last that holds it and that the user wrote.
func (p Positions) Pos(path []string) diag.Pos {
	n := p.Root
	if n == nil {
		return diag.Pos{}
	}
	pos := n.Pos
	for _, key := range path {
		next := n.Child(key)
		if next == nil || next.Defaulted {
			return pos
		}
		pos = next.place(n.Entry(key))
		n = next
	}
	return pos
}

// place gives the position at which a value is reported: a scalar's own, a map's or list's key.
func (n *Node) place(e *Entry) diag.Pos {
	if e != nil && (n.Kind == Map || n.Kind == List || n.Kind == Null) {
		return e.KeyPos
	}
	return n.Pos
}

// Given reports whether the user wrote the field at path.
func (p Positions) Given(path []string) bool {
	n := p.Root.At(path...)
	return n != nil && !n.Defaulted
}

// Broken reports whether a problem of the value at path, or of one that holds it, has been reported.
func (p Positions) Broken(path []string) bool {
	n := p.Root
	for _, key := range path {
		if n == nil || n.Broken {
			return n != nil
		}
		n = n.Child(key)
	}
	return n != nil && n.Broken
}

// Keys gives the keys of a map, sorted.
func (n *Node) Keys() []string {
	if n == nil {
		return nil
	}
	var keys []string
	for _, e := range n.Fields {
		keys = append(keys, e.Key)
	}
	slices.Sort(keys)
	return keys
}

// FormatFloat writes a number as CUE and JSON read it, with a point or an exponent.
func FormatFloat(f float64) string {
	text := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return text
}
