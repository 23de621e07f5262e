package krm

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/istio"
	"meshtopo.dev/meshtopo/schema/private"
)

// index finds the object and the field at a place of a YAML or JSON text.
type index struct {
	objects []object // in their order
	fields  map[place]field
}

// object is a document, or one of the objects of a List.
type object struct {
	node   *yaml.Node
	number int // of its document, counted from 0
}

type place struct{ line, column int }

// field is a path from the root of an object.
type field struct {
	path   string
	object int
}

func newIndex(text []byte) *index {
	x := &index{fields: map[place]field{}}
	for number, doc := range documents(text) {
		x.add(doc, number)
	}
	return x
}

// add adds an object. Those of a List come first: their fields are theirs.
func (x *index) add(n *yaml.Node, number int) {
	at := len(x.objects)
	x.objects = append(x.objects, object{n, number})
	if items := child(n, "items"); items != nil && items.Kind == yaml.SequenceNode && strings.HasSuffix(scalar(n, "kind"), "List") {
		for _, item := range items.Content {
			if item.Kind == yaml.MappingNode {
				x.add(item, number)
			}
		}
	}
	x.fields[placeOf(n)] = field{"", at} // a field that is missing from the object is reported at its start
	x.walk(n, "", at)
}

func placeOf(n *yaml.Node) place { return place{n.Line, n.Column} }

// walk notes where each field is: at its key and at its value. A list or map that begins with its first entry is at
// the place of that one, which has a place of its own.
func (x *index) walk(n *yaml.Node, path string, object int) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			below := x.shownKey(n.Content[i].Value, path, object)
			if path != "" {
				below = path + "." + below
			}
			x.note(n.Content[i], below, object)
			if x.secret(object, path) {
				x.cover(n.Content[i+1], below, object)
				continue
			}
			x.walk(n.Content[i+1], below, object)
		}
	case yaml.SequenceNode:
		for i, item := range n.Content {
			x.walk(item, fmt.Sprintf("%s[%d]", path, i), object)
		}
	}
	x.note(n, path, object)
}

// secret reports whether what is behind the keys of a map is private: in the place of a text there may be a map, whose
// keys are what somebody pasted.
func (x *index) secret(object int, path string) bool {
	kind := scalar(x.objects[object].node, "kind")
	return (kind == "Secret" || kind == "") && (path == "data" || path == "stringData")
}

// cover gives all places of a value the path of the value.
func (x *index) cover(n *yaml.Node, path string, object int) {
	x.note(n, path, object)
	for _, below := range n.Content {
		x.cover(below, path, object)
	}
}

func (x *index) note(n *yaml.Node, path string, object int) {
	if _, ok := x.fields[placeOf(n)]; !ok && path != "" {
		x.fields[placeOf(n)] = field{path, object}
	}
}

// path gives the field at a place, or "".
func (x *index) path(pos diag.Pos) string { return x.fields[place{pos.Line, pos.Col}].path }

func (x *index) field(pos diag.Pos) *FieldRef {
	if path := x.path(pos); path != "" {
		return &FieldRef{path}
	}
	return nil
}

// at gives the object at a place: the one whose field is there, or the last one that begins before it. It is nil where
// the text has none.
func (x *index) at(pos diag.Pos) *object {
	if f, ok := x.fields[place{pos.Line, pos.Col}]; ok {
		return &x.objects[f.object]
	}
	for i, o := range slices.Backward(x.objects) {
		if i == 0 || o.node.Line < pos.Line || o.node.Line == pos.Line && o.node.Column <= pos.Col {
			return &x.objects[i]
		}
	}
	return nil
}

// reference names the resource at a place, or nothing where the text does not say.
func (x *index) reference(pos diag.Pos) *Reference {
	o := x.at(pos)
	if o == nil {
		return nil
	}
	r := referenceTo(o.node)
	if r.APIVersion == "" || r.Kind == "" {
		return nil
	}
	return &r
}

// shownKey gives a key as a field path may have it. In the data of a Secret it is the name of a file, or of the cluster
// that the Secret is about.
func (x *index) shownKey(key, path string, object int) string {
	isData := path == "data" || path == "stringData"
	named := func() string {
		return scalar(x.objects[object].node, "metadata", "annotations", "networking.istio.io/cluster")
	}
	if private.IsFileName(key) || isData && key == named() || !isData && (private.IsKey(key) || private.IsKnownLabel(key) || istio.IsField(key)) {
		return key
	}
	return private.Hidden
}
