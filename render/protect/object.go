package protect

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Object is an object in a file of the tree, with the place of every value.
type Object struct {
	root    *yaml.Node
	comment int // the line of a comment in it, other than the mark, or 0
}

var errNoObject = errors.New("it is not one object in YAML")

// maxNodes is far more than a Secret of Kubernetes has.
const maxNodes = 20_000

// ReadObject reads the only object of a file. One with a second document, aliases or a key that stands twice is none
// that was rendered: what a cluster makes of it need not be what is read here.
func ReadObject(text []byte) (*Object, error) {
	if bytes.HasPrefix(text, []byte("#")) { // the mark
		text = text[max(0, bytes.IndexByte(text, '\n')):]
	}
	if hasMany(text) {
		return nil, errNoObject
	}
	var doc, more yaml.Node
	files := yaml.NewDecoder(bytes.NewReader(text))
	if err := files.Decode(&doc); err != nil || len(doc.Content) != 1 {
		return nil, errNoObject // the reader's own error may show what stands in the file
	}
	if err := files.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, errNoObject
	}
	if n := count(doc.Content[0]); doc.Content[0].Kind != yaml.MappingNode || n > maxNodes {
		return nil, errNoObject
	}
	return &Object{doc.Content[0], commentIn(&doc)}, nil
}

// hasMany reports whether a text has far more values than a Secret, before they are parsed.
func hasMany(text []byte) bool {
	n := 0
	for _, between := range []string{"\n", ",", "[", "{"} {
		n += bytes.Count(text, []byte(between))
	}
	return n > 4*maxNodes
}

func count(n *yaml.Node) int {
	if n.Kind == yaml.AliasNode || n.Anchor != "" || hasTwice(n) {
		return maxNodes + 1
	}
	total := 1
	for _, child := range n.Content {
		total += count(child)
	}
	return total
}

// hasTwice reports whether a map has a key twice.
func hasTwice(n *yaml.Node) bool {
	if n.Kind != yaml.MappingNode {
		return false
	}
	seen := make(map[string]bool, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		if seen[n.Content[i].Value] {
			return true
		}
		seen[n.Content[i].Value] = true
	}
	return false
}

// commentIn gives the line of a comment in a node, or 0.
func commentIn(n *yaml.Node) int {
	if n.HeadComment+n.LineComment+n.FootComment != "" {
		return max(1, n.Line)
	}
	for _, child := range n.Content {
		if line := commentIn(child); line > 0 {
			return line
		}
	}
	return 0
}

// At gives the node at a path, or nil.
func (o *Object) At(path ...string) *yaml.Node {
	n := o.root
	for _, key := range path {
		if n = child(n, key); n == nil {
			return nil
		}
	}
	return n
}

// Text gives the text at a path, or "".
func (o *Object) Text(path ...string) string {
	if n := o.At(path...); n != nil && n.Kind == yaml.ScalarNode {
		return n.Value
	}
	return ""
}

// Line gives the line of the name of the field at a path, or of what is nearest to it.
func (o *Object) Line(path ...string) int {
	n, line := o.root, o.root.Line
	for _, key := range path {
		at := fieldAt(n, key)
		if at < 0 {
			return line
		}
		line, n = n.Content[at].Line, n.Content[at+1]
	}
	return line
}

func child(n *yaml.Node, key string) *yaml.Node {
	if at := fieldAt(n, key); at >= 0 {
		return n.Content[at+1]
	}
	return nil
}

func fieldAt(n *yaml.Node, key string) int {
	if n.Kind != yaml.MappingNode {
		return -1
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return i
		}
	}
	return -1
}

// differs gives the line of o at which it is not like want, or 0. Values at the path of what is encrypted are not
// compared, and neither is what only one of the two knows: the digest of private material, and the block of sops.
func (o *Object) differs(want *Object, encrypted []string) int {
	if o.comment > 0 && want.comment == 0 {
		return o.comment
	}
	return differs(o.root, want.root, nil, encrypted)
}

func differs(have, want *yaml.Node, path, encrypted []string) int {
	if have.Kind != want.Kind {
		return have.Line
	}
	switch have.Kind {
	case yaml.MappingNode:
		return mapsDiffer(have, want, path, encrypted)
	case yaml.SequenceNode:
		if len(have.Content) != len(want.Content) {
			return have.Line
		}
		for i := range have.Content {
			if line := differs(have.Content[i], want.Content[i], path, encrypted); line > 0 {
				return line
			}
		}
		return 0
	}
	inside := len(path) > len(encrypted) && slices.Equal(path[:len(encrypted)], encrypted)
	if !inside && (have.Value != want.Value || have.ShortTag() != want.ShortTag()) {
		return have.Line
	}
	return 0
}

func mapsDiffer(have, want *yaml.Node, path, encrypted []string) int {
	for i := 0; i+1 < len(want.Content); i += 2 {
		if key := want.Content[i].Value; fieldAt(have, key) < 0 && !onlyOneKnows(path, key) {
			return have.Line
		}
	}
	for i := 0; i+1 < len(have.Content); i += 2 {
		key := have.Content[i].Value
		if onlyOneKnows(path, key) {
			continue
		}
		other := child(want, key)
		if other == nil {
			return have.Content[i].Line
		}
		if line := differs(have.Content[i+1], other, append(path[:len(path):len(path)], key), encrypted); line > 0 {
			return line
		}
	}
	return 0
}

// onlyOneKnows reports whether a field may be in one of two objects that are alike.
func onlyOneKnows(path []string, key string) bool {
	return len(path) == 0 && key == "sops" || key == PrivateAnnotation && strings.Join(path, "/") == "metadata/annotations"
}

// Leaves calls f with the path of every value that is neither a map nor a list. Items of lists have the path of their
// list.
func (o *Object) Leaves(f func(path []string)) { leaves(o.root, nil, f) }

func leaves(n *yaml.Node, path []string, f func(path []string)) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			leaves(n.Content[i+1], append(path[:len(path):len(path)], n.Content[i].Value), f)
		}
	case yaml.SequenceNode:
		for _, item := range n.Content {
			leaves(item, path, f)
		}
	default:
		f(path)
	}
}
