package krm

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/diag"
)

// index finds the field at a place of a YAML or JSON text.
type index struct {
	doc    *yaml.Node // nil where the text is neither
	fields map[place]string
}

type place struct{ line, column int }

func newIndex(text []byte) *index {
	x := &index{fields: map[place]string{}}
	var doc yaml.Node
	if len(text) == 0 || yaml.Unmarshal(text, &doc) != nil || len(doc.Content) == 0 {
		return x
	}
	x.doc = doc.Content[0]
	x.fields[place{x.doc.Line, x.doc.Column}] = "" // a field that is missing from the document is reported at its start
	x.walk(x.doc, "")
	return x
}

// walk notes where each field is: at its key and at its value. A list or map that begins with its first entry is at
// the place of that one, which speaks for itself.
func (x *index) walk(n *yaml.Node, path string) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			below := n.Content[i].Value
			if path != "" {
				below = path + "." + below
			}
			x.note(n.Content[i], below)
			x.walk(n.Content[i+1], below)
		}
	case yaml.SequenceNode:
		for i, item := range n.Content {
			x.walk(item, fmt.Sprintf("%s[%d]", path, i))
		}
	}
	x.note(n, path)
}

func (x *index) note(n *yaml.Node, path string) {
	at := place{n.Line, n.Column}
	if _, ok := x.fields[at]; !ok && path != "" {
		x.fields[at] = path
	}
}

// path gives the field at a place, or "".
func (x *index) path(pos diag.Pos) string { return x.fields[place{pos.Line, pos.Col}] }

func (x *index) field(pos diag.Pos) *FieldRef {
	if path := x.path(pos); path != "" {
		return &FieldRef{path}
	}
	return nil
}

// reference names the resource that the text is, or nothing where it does not say.
func (x *index) reference() *Reference {
	r := &Reference{APIVersion: scalar(x.doc, "apiVersion"), Kind: scalar(x.doc, "kind"), Name: scalar(x.doc, "metadata", "name")}
	if r.APIVersion == "" || r.Kind == "" {
		return nil
	}
	return r
}

// scalar gives the scalar at a path, or "".
func scalar(n *yaml.Node, path ...string) string {
	for _, key := range path {
		if n = child(n, key); n == nil {
			return ""
		}
	}
	if n == nil || n.Kind != yaml.ScalarNode {
		return ""
	}
	return n.Value
}

// child gives the value of a key, or nil.
func child(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}
