package carrier

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// merge puts one map of values over another, as Helm does: maps are merged, a null takes what is below it away, and
// anything else counts as a whole.
func merge(over, under *document.Node) *document.Node {
	switch {
	case over == nil || over.Kind != document.Map:
		return under
	case under == nil || under.Kind != document.Map:
		return over
	}
	merged := &document.Node{Kind: document.Map, Pos: over.Pos}
	for _, e := range over.Fields {
		value := e.Value
		if below := under.At(e.Key); below != nil && below.Kind == document.Map && value.Kind == document.Map {
			value = merge(value, below)
		}
		merged.Add(e.Key, e.KeyPos, value)
	}
	for _, e := range under.Fields {
		if over.Entry(e.Key) == nil {
			merged.Add(e.Key, e.KeyPos, e.Value)
		}
	}
	return merged
}

// without gives a map without a key.
func without(n *document.Node, key string) *document.Node {
	rest := &document.Node{Kind: document.Map, Pos: n.Pos}
	for _, e := range n.Fields {
		if e.Key != key {
			rest.Add(e.Key, e.KeyPos, e.Value)
		}
	}
	return rest
}

// only gives a map with some keys of another.
func only(n *document.Node, keys ...string) *document.Node {
	part := &document.Node{Kind: document.Map, Pos: n.Pos}
	for _, e := range n.Fields {
		if slices.Contains(keys, e.Key) {
			part.Add(e.Key, e.KeyPos, e.Value)
		}
	}
	return part
}

// parameter puts a value into a map at a path as helm --set has it, such as labels.app\.kubernetes\.io/name. It gives
// false for one that goes into a list.
func parameter(into *document.Node, name string, at diag.Pos, value *document.Node) bool {
	if strings.ContainsAny(name, "[]{}") {
		return false
	}
	keys := splitName(name)
	for len(keys) > 1 {
		below := into.At(keys[0])
		if below == nil || below.Kind != document.Map {
			below = &document.Node{Kind: document.Map, Pos: at}
			if e := into.Entry(keys[0]); e != nil {
				e.Value = below
			} else {
				into.Add(keys[0], at, below)
			}
		}
		into, keys = below, keys[1:]
	}
	if e := into.Entry(keys[0]); e != nil {
		e.KeyPos, e.Value = at, value
	} else {
		into.Add(keys[0], at, value)
	}
	return true
}

// maxKeys bounds how deep a parameter may put its value.
const maxKeys = 50

// splitName splits a name at its dots, but for those behind a backslash.
func splitName(name string) []string {
	var keys []string
	var key strings.Builder
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case c == '\\' && i+1 < len(name):
			i++
			key.WriteByte(name[i])
		case c == '.' && len(keys) < maxKeys:
			keys = append(keys, key.String())
			key.Reset()
		default:
			key.WriteByte(c)
		}
	}
	return append(keys, key.String())
}

// typed gives a text as helm --set reads it: true, false, null and whole numbers are what they say.
func typed(n *document.Node, asString bool) *document.Node {
	t := &document.Node{Kind: document.String, Text: n.Text, Pos: n.Pos}
	switch {
	case asString:
	case n.Text == "true" || n.Text == "false":
		t.Kind = document.Bool
	case n.Text == "null":
		t.Kind, t.Text = document.Null, ""
	case n.Kind == document.Int || isWhole(n.Text):
		t.Kind = document.Int
	}
	return t
}

func isWhole(text string) bool {
	return text != "" && len(text) < 18 && strings.Trim(text, "0123456789") == "" && (text == "0" || text[0] != '0')
}
