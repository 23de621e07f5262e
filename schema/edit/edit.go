// Package edit changes YAML that people wrote in as few characters as possible: comments, order, indentation and line
// ends stay.
//
// An edit is kept only where it is certain: those that are offered are tried together, and the document is read again.
// It must say the same as before, except for the changes. Documents with anchors, whose values stand for
// several places, are left alone, and so is JSON in a file of its own.
package edit

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// Document is a document of a YAML stream that can be edited.
type Document struct {
	file   string
	before int // how many lines of the file stand before the text
	text   []byte
	lines  []string // of the text, without their ends
	root   *yaml.Node
	nodes  map[place]*yaml.Node // the maps and scalars, by where they begin
	parent map[*yaml.Node]*yaml.Node
	budget int // how many bytes may still be read to try edits

	last  cursor // where rest was last asked for
	tries []*try // all that was offered
	made  []*try // those that are kept so far
}

// place is where a value begins, in the lines of the document. A map begins where its first key does.
type place struct {
	line, column int
	kind         yaml.Kind
}

// The work on a document is bounded: so much, and so many times its text, is read again in trying its edits. Further
// ones are not kept until those are made.
const (
	leastRead = 1 << 20
	timesRead = 24
)

// Open reads a document. It is nil where it cannot be edited.
func Open(file string, part document.Part) *Document {
	root := parse(part.Text)
	if root == nil {
		return nil
	}
	d := &Document{
		file: file, before: part.Line - 1, text: part.Text, root: root,
		nodes: map[place]*yaml.Node{}, parent: map[*yaml.Node]*yaml.Node{}, budget: leastRead + timesRead*len(part.Text),
	}
	for line := range bytes.Lines(part.Text) {
		d.lines = append(d.lines, strings.TrimRight(string(line), "\r\n"))
	}
	if !d.index(root) {
		return nil
	}
	return d
}

// parse gives the value of a text that holds one document, or nil.
func parse(text []byte) *yaml.Node {
	var doc, rest yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(text))
	if dec.Decode(&doc) != nil || dec.Decode(&rest) == nil {
		return nil
	}
	return doc.Content[0]
}

// index notes where values begin, and reports whether the document has no anchors.
func (d *Document) index(n *yaml.Node) bool {
	if n.Anchor != "" || n.Kind == yaml.AliasNode {
		return false
	}
	d.nodes[place{n.Line, n.Column, n.Kind}] = n
	for _, below := range n.Content {
		d.parent[below] = n
		if !d.index(below) {
			return false
		}
	}
	return true
}

// at gives the value of a kind that begins at a position of the file, or nil.
func (d *Document) at(pos diag.Pos, kind yaml.Kind) *yaml.Node {
	return d.nodes[place{pos.Line - d.before, pos.Col, kind}]
}

// edit is a replacement of so many characters of the document.
func (d *Document) edit(line, column, width int, text string) []diag.Edit {
	return []diag.Edit{{Pos: diag.Pos{File: d.file, Line: d.before + line, Col: column, Width: width}, Text: text}}
}

// Replace gives the edit that makes the scalar at pos, a key or a value, another string. It keeps its quotes.
func (d *Document) Replace(pos diag.Pos, text string) []diag.Edit {
	return d.replace(d.at(pos, yaml.ScalarNode), text)
}

// Quote gives the edit that makes the scalar at pos the string that it looks like.
func (d *Document) Quote(pos diag.Pos) []diag.Edit {
	n := d.at(pos, yaml.ScalarNode)
	if n == nil || n.Style != 0 {
		return nil
	}
	return d.replace(n, n.Value)
}

func (d *Document) replace(n *yaml.Node, text string) []diag.Edit {
	if n == nil {
		return nil
	}
	width, ok := d.width(n)
	if !ok {
		return nil
	}
	return d.offer(d.edit(n.Line, n.Column, width, token(text, n.Style)), func(want *Document) {
		want.nodes[place{n.Line, n.Column, n.Kind}].SetString(text)
	})
}

// Unquote gives the edit that takes the quotes off the scalar at pos: it becomes the number or the boolean that it
// looks like.
func (d *Document) Unquote(pos diag.Pos) []diag.Edit {
	n := d.at(pos, yaml.ScalarNode)
	if n == nil || n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0 {
		return nil
	}
	width, ok := d.width(n)
	if !ok {
		return nil
	}
	return d.offer(d.edit(n.Line, n.Column, width, n.Value), func(want *Document) {
		plain := want.nodes[place{n.Line, n.Column, n.Kind}]
		plain.Style, plain.Tag = 0, ""
	})
}

// Set gives the edit that makes the string at a path below the map at pos what text says. What is missing on the way is
// added.
func (d *Document) Set(pos diag.Pos, text string, path ...string) []diag.Edit {
	n := d.at(pos, yaml.MappingNode)
	if n == nil {
		return nil
	}
	last := len(path) - 1
	for i, name := range path {
		key, value := field(n, name)
		switch {
		case key == nil:
			return d.add(n, addition{path[i:last], []Field{{path[last], text}}})
		case i == last && value.Kind == yaml.ScalarNode && value.ShortTag() == "!!str" && value.Value == text:
			return nil
		case i == last && value.Kind == yaml.ScalarNode && value.Value != "":
			return d.replace(value, text)
		case i == last && absent(value):
			return d.fillText(n, key, text)
		case absent(value):
			return d.fill(n, key, addition{path[i+1 : last], []Field{{path[last], text}}})
		case value.Kind != yaml.MappingNode:
			return nil
		}
		n = value
	}
	return nil
}

// Add gives the edit that adds fields to the map at a path below the map at pos, none of which may be there. What is
// missing on the way is added as well.
func (d *Document) Add(pos diag.Pos, fields []Field, path ...string) []diag.Edit {
	n := d.at(pos, yaml.MappingNode)
	if n == nil {
		return nil
	}
	for i, name := range path {
		key, value := field(n, name)
		switch {
		case key == nil:
			return d.add(n, addition{path[i:], fields})
		case absent(value):
			return d.fill(n, key, addition{path[i+1:], fields})
		case value.Kind != yaml.MappingNode:
			return nil
		}
		n = value
	}
	for _, f := range fields {
		if key, _ := field(n, f.Name); key != nil {
			return nil
		}
	}
	return d.add(n, addition{nil, fields})
}

// field gives a field of a map; nil, nil where there is none.
func field(n *yaml.Node, name string) (key, value *yaml.Node) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i], n.Content[i+1]
		}
	}
	return nil, nil
}

// absent reports whether nothing stands behind the key of a value.
func absent(n *yaml.Node) bool { return n.ShortTag() == "!!null" && n.Value == "" }
