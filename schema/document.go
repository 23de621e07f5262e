package schema

import (
	"strconv"

	"meshtopo.dev/meshtopo/schema/diag"
)

// kind is what sort of value a node is, or a shape wants.
type kind uint8

const (
	kindAny kind = iota
	kindNull
	kindBool
	kindInt
	kindFloat
	kindString
	kindList
	kindMap
)

// String gives the word for a kind in messages.
func (k kind) String() string {
	return [...]string{"any value", "empty (null)", "true or false", "a whole number", "a number", "a string", "a list", "a map"}[k]
}

// node is a value in the user's document, whatever its notation, with its place.
type node struct {
	kind      kind
	text      string // of a scalar: its value; of a bool true or false, of a number as CUE and JSON write it
	pos       diag.Pos
	end       diag.Pos       // of the text of a patch: where it ends, if that is not Width behind pos
	fields    []*entry       // of a map, in the order of the document
	index     map[string]int // of a large map: where a key is in fields
	items     []*node        // of a list
	unquoted  string         // of a plain YAML scalar that some reader would change: the text as written
	ambiguous bool           // YAML readers disagree about its value
	defaulted bool           // the user did not write it
	broken    bool           // a problem of this value has been reported
	block     *block         // of a literal block of YAML
}

// entry is one field of a map.
type entry struct {
	key    string
	keyPos diag.Pos
	value  *node
}

// indexFrom is the size from which a map is worth an index.
const indexFrom = 12

// entry gives the field of that key, or nil.
func (n *node) entry(key string) *entry {
	if n == nil || n.kind != kindMap {
		return nil
	}
	if n.index != nil {
		if i, ok := n.index[key]; ok {
			return n.fields[i]
		}
		return nil
	}
	for _, e := range n.fields {
		if e.key == key {
			return e
		}
	}
	return nil
}

// add appends a field to a map.
func (n *node) add(key string, keyPos diag.Pos, value *node) {
	n.fields = append(n.fields, &entry{key, keyPos, value})
	if len(n.fields) < indexFrom {
		return
	}
	if n.index == nil {
		n.index = make(map[string]int, 2*indexFrom)
		for i, e := range n.fields {
			n.index[e.key] = i
		}
	}
	n.index[key] = len(n.fields) - 1
}

// at gives the value at a path below n, or nil. List items are named "0", "1", ….
func (n *node) at(path ...string) *node {
	for _, key := range path {
		if n == nil {
			return nil
		}
		n = n.child(key)
	}
	return n
}

func (n *node) child(key string) *node {
	if n.kind == kindList {
		if i, err := strconv.Atoi(key); err == nil && i >= 0 && i < len(n.items) {
			return n.items[i]
		}
		return nil
	}
	if e := n.entry(key); e != nil {
		return e.value
	}
	return nil
}

// string gives the string at a path, or "" where there is none.
func (n *node) string(path ...string) string {
	if v := n.at(path...); v != nil && v.kind == kindString && !v.broken {
		return v.text
	}
	return ""
}

// bool gives the boolean at a path, or false where there is none.
func (n *node) bool(path ...string) bool {
	v := n.at(path...)
	return v != nil && v.kind == kindBool && v.text == "true"
}

// strings gives the strings of the list at a path; a broken item is "".
func (n *node) strings(path ...string) []string {
	v := n.at(path...)
	if v == nil || v.kind != kindList {
		return nil
	}
	texts := make([]string, len(v.items))
	for i, item := range v.items {
		texts[i] = item.string()
	}
	return texts
}

// stringMap gives the map of strings at a path, without broken values.
func (n *node) stringMap(path ...string) map[string]string {
	v := n.at(path...)
	if v == nil || v.kind != kindMap || len(v.fields) == 0 {
		return nil
	}
	m := make(map[string]string, len(v.fields))
	for _, e := range v.fields {
		if e.value.kind == kindString && !e.value.broken {
			m[e.key] = e.value.text
		}
	}
	return m
}

// object gives the map at a path as encoding/json would decode it, or nil.
func (n *node) object(path ...string) map[string]any {
	v := n.at(path...)
	if v == nil || v.kind != kindMap {
		return nil
	}
	m, _ := v.value().(map[string]any)
	return m
}

// value gives a node as encoding/json would decode it, with whole numbers as int64 where they fit.
func (n *node) value() any {
	switch n.kind {
	case kindBool:
		return n.text == "true"
	case kindInt:
		if i, err := strconv.ParseInt(n.text, 10, 64); err == nil {
			return i
		}
		return n.float()
	case kindFloat:
		return n.float()
	case kindString:
		return n.text
	case kindList:
		list := make([]any, len(n.items))
		for i, item := range n.items {
			list[i] = item.value()
		}
		return list
	case kindMap:
		m := make(map[string]any, len(n.fields))
		for _, e := range n.fields {
			m[e.key] = e.value.value()
		}
		return m
	}
	return nil
}

func (n *node) float() float64 {
	f, _ := strconv.ParseFloat(n.text, 64)
	return f
}

// positions finds places in a document.
type positions struct{ root *node }

func (p positions) pos(path []string) diag.Pos {
	n := p.root
	if n == nil {
		return diag.Pos{}
	}
	pos := n.pos
	for _, key := range path {
		next := n.child(key)
		if next == nil || next.defaulted {
			return pos
		}
		pos = next.place(n.entry(key))
		n = next
	}
	return pos
}

// place gives the position that speaks for a value: a scalar's own, a map's or list's key.
func (n *node) place(e *entry) diag.Pos {
	if e != nil && (n.kind == kindMap || n.kind == kindList || n.kind == kindNull) {
		return e.keyPos
	}
	return n.pos
}

// given reports whether the user wrote the field at path.
func (p positions) given(path []string) bool {
	n := p.root.at(path...)
	return n != nil && !n.defaulted
}

// broken reports whether a problem of the value at path, or of one that holds it, has been reported.
func (p positions) broken(path []string) bool {
	n := p.root
	for _, key := range path {
		if n == nil || n.broken {
			return n != nil
		}
		n = n.child(key)
	}
	return n != nil && n.broken
}
