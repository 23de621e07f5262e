package edit

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/diag"
)

// behind says where people look for a field: behind the first of these that is there. "" is the beginning.
var behind = map[string][]string{
	"metadata": {"kind", "apiVersion"}, "name": {""}, "profile": {""}, "labels": {"namespace", "name"}, "label": {"name"},
}

// add gives the edit that adds a field to a map, with maps in it for all of the path but its last key.
func (d *Document) add(n *yaml.Node, text string, path []string) []diag.Edit {
	edits := d.addToBlock(n, text, path)
	if n.Style&yaml.FlowStyle != 0 {
		edits = d.addToFlow(n, text, path)
	}
	return d.tried(edits, func(want *Document) { put(want.nodes[place{n.Line, n.Column, n.Kind}], text, path) })
}

// put adds a field to a map of the document that an edit should give.
func put(n *yaml.Node, text string, path []string) {
	var key, value yaml.Node
	key.SetString(path[0])
	value.SetString(text)
	if len(path) > 1 {
		value = yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		put(&value, text, path[1:])
	}
	n.Content = append(n.Content, &key, &value)
}

// addToFlow adds a field to {…}.
func (d *Document) addToFlow(n *yaml.Node, text string, path []string) []diag.Edit {
	if !strings.HasPrefix(d.rest(n.Line, n.Column), "{") {
		return nil
	}
	if len(n.Content) == 0 {
		return d.edit(n.Line, n.Column+1, 0, flow(path, text, 0))
	}
	style := n.Content[0].Style
	if value := d.neighbour(n, path[0]); value != nil {
		width, _ := d.width(value)
		return d.edit(value.Line, value.Column+width, 0, ", "+flow(path, text, style))
	}
	return d.edit(n.Line, n.Column+1, 0, flow(path, text, style)+", ")
}

// flow writes a field as {…} has it, with the quotes of JSON where its neighbours have them.
func flow(path []string, text string, style yaml.Style) string {
	if style&yaml.DoubleQuotedStyle != 0 {
		text = strconv.Quote(text)
	} else {
		text = token(text, 0)
	}
	for i, key := range slices.Backward(path) {
		text = token(key, style) + ": " + text
		if i > 0 {
			text = "{" + text + "}"
		}
	}
	return text
}

// addToBlock adds a line, or more, to a map whose fields have lines of their own: behind a neighbour, or before the first field and
// the comments about it.
func (d *Document) addToBlock(n *yaml.Node, text string, path []string) []diag.Edit {
	if value := d.neighbour(n, path[0]); value != nil {
		return d.edit(value.Line, d.end(value.Line), 0, "\n"+d.block(n.Column, path, text))
	}
	line, indent := n.Line, strings.Repeat(" ", n.Column-1)
	if n == d.root || !strings.HasPrefix(d.lines[line-1], indent) {
		return d.edit(line, n.Column, 0, strings.TrimLeft(d.block(n.Column, path, text), " ")+"\n"+indent)
	}
	for line > 1 && strings.HasPrefix(strings.TrimLeft(d.lines[line-2], " "), "#") {
		line--
	}
	return d.edit(line, 1, 0, d.block(n.Column, path, text)+"\n")
}

// fill gives the edit that gives a key of n without a value one.
func (d *Document) fill(n, key *yaml.Node, text string, path []string) []diag.Edit {
	width, ok := d.width(key)
	rest := d.rest(key.Line, key.Column+width)
	if !ok || !strings.HasPrefix(rest, ":") || len(path) > 0 && n.Style&yaml.FlowStyle != 0 {
		return nil
	}
	edits := d.edit(key.Line, key.Column+width+1, 0, " "+token(text, 0))
	if len(path) > 0 {
		edits = d.edit(key.Line, d.end(key.Line), 0, "\n"+d.block(n.Column+d.step(), path, text))
	}
	return d.tried(edits, func(want *Document) {
		of := want.nodes[place{n.Line, n.Column, n.Kind}]
		for i := 0; i < len(of.Content); i += 2 {
			if of.Content[i].Line == key.Line && of.Content[i].Column == key.Column {
				of.Content = slices.Delete(of.Content, i, i+2)
				break
			}
		}
		put(of, text, append([]string{key.Value}, path...))
	})
}

// block writes a field on lines of its own, beginning at a column; without a line end at its end.
func (d *Document) block(column int, path []string, text string) string {
	var out strings.Builder
	for i, key := range path {
		if i > 0 {
			out.WriteString("\n")
		}
		out.WriteString(strings.Repeat(" ", column-1+i*d.step()) + token(key, 0) + ":")
	}
	return out.String() + " " + token(text, 0)
}

// step gives by how many characters the document indents a map in a map.
func (d *Document) step() int {
	for i := 1; i < len(d.root.Content); i += 2 {
		if n := d.root.Content[i]; n.Kind == yaml.MappingNode && n.Style&yaml.FlowStyle == 0 && n.Column > d.root.Column {
			return n.Column - d.root.Column
		}
	}
	return 2
}

// neighbour gives the scalar behind which a field is added: one that is on the line of its key, and in a block with nothing but a
// comment behind it.
func (d *Document) neighbour(n *yaml.Node, name string) *yaml.Node {
	if order := behind[name]; order != nil {
		for _, other := range order {
			if key, value := field(n, other); key != nil && d.simple(n, key, value) {
				return value
			}
		}
		if order[0] == "" {
			return nil
		}
	}
	for i := len(n.Content) - 2; i >= 0; i -= 2 {
		if d.simple(n, n.Content[i], n.Content[i+1]) {
			return n.Content[i+1]
		}
	}
	return nil
}

func (d *Document) simple(n, key, value *yaml.Node) bool {
	width, ok := d.width(value)
	if !ok || value.Line != key.Line {
		return false
	}
	rest := strings.TrimLeft(d.rest(value.Line, value.Column+width), " \t")
	return n.Style&yaml.FlowStyle != 0 || rest == "" || rest[0] == '#'
}

// end gives the column behind the last character of a line.
func (d *Document) end(line int) int { return utf8.RuneCountInString(d.lines[line-1]) + 1 }
