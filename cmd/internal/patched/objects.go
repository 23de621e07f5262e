package patched

import (
	"bytes"
	"strconv"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/diag"
)

// objects are those of a rendered file, with the places of their fields.
type objects struct {
	names  []string // IstioOperator "eastwest"
	starts []int    // the line in which each begins
	fields map[[2]int]field
}

// field is where a value or its key stands.
type field struct {
	object int
	path   []string
}

func read(text []byte) *objects {
	o := &objects{fields: map[[2]int]field{}}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var document yaml.Node
		if err := decoder.Decode(&document); err != nil {
			return o
		}
		root := document.Content[0]
		o.names = append(o.names, word(root, "kind")+" "+strconv.Quote(word(below(root, "metadata"), "name")))
		o.starts = append(o.starts, root.Line)
		o.walk(root, nil)
	}
}

func (o *objects) walk(n *yaml.Node, path []string) {
	o.set(n, path)
	for i, child := range n.Content {
		switch {
		case n.Kind == yaml.SequenceNode:
			o.walk(child, with(path, strconv.Itoa(i)))
		case i%2 == 1:
			name := with(path, n.Content[i-1].Value)
			o.set(n.Content[i-1], name)
			o.walk(child, name)
		}
	}
}

// set notes the place of a value, unless something in which it is begins there.
func (o *objects) set(n *yaml.Node, path []string) {
	o.fields[[2]int{n.Line, n.Column}] = field{len(o.names) - 1, path}
}

func with(path []string, name string) []string { return append(path[:len(path):len(path)], name) }

// at gives the field at a place. Of a place within a text of several lines, or without a column, it gives the object.
func (o *objects) at(pos diag.Pos) (field, bool) {
	if found, ok := o.fields[[2]int{pos.Line, pos.Col}]; ok {
		return found, true
	}
	for i := len(o.starts) - 1; i >= 0; i-- {
		if pos.Line >= o.starts[i] {
			return field{object: i}, true
		}
	}
	return field{}, false
}

func below(n *yaml.Node, name string) *yaml.Node {
	for i := 0; n != nil && n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1]
		}
	}
	return nil
}

func word(n *yaml.Node, name string) string {
	if found := below(n, name); found != nil {
		return found.Value
	}
	return ""
}
