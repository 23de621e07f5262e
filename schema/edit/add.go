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
	"apiVersion": {""}, "metadata": {"kind", "apiVersion"}, "name": {""}, "profile": {""}, "labels": {"namespace", "name"}, "label": {"name"},
}

// Field is a string with its key.
type Field struct{ Name, Text string }

// addition is what is added to a map: fields, or a path of maps with the fields in the last one.
type addition struct {
	path   []string
	fields []Field
}

// first gives the first key that is added.
func (a addition) first() string {
	if len(a.path) > 0 {
		return a.path[0]
	}
	return a.fields[0].Name
}

// add gives the edit that adds something to a map.
func (d *Document) add(n *yaml.Node, a addition) []diag.Edit {
	edits := d.addToBlock(n, a)
	if n.Style&yaml.FlowStyle != 0 {
		edits = d.addToFlow(n, a)
	}
	return d.offer(edits, func(want *Document) { put(want.nodes[place{n.Line, n.Column, n.Kind}], a) })
}

// put adds something to a map of the document that an edit should give.
func put(n *yaml.Node, a addition) {
	if len(a.path) > 0 {
		below := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		put(below, addition{a.path[1:], a.fields})
		n.Content = append(n.Content, text(a.path[0]), below)
		return
	}
	for _, f := range a.fields {
		n.Content = append(n.Content, text(f.Name), text(f.Text))
	}
}

// text gives the node of a string.
func text(s string) *yaml.Node {
	n := &yaml.Node{}
	n.SetString(s)
	return n
}

// addToFlow adds something to {…}.
func (d *Document) addToFlow(n *yaml.Node, a addition) []diag.Edit {
	if !strings.HasPrefix(d.rest(n.Line, n.Column), "{") {
		return nil
	}
	if len(n.Content) == 0 {
		return d.edit(n.Line, n.Column+1, 0, flow(a, 0))
	}
	style := n.Content[0].Style
	if value := d.neighbour(n, a.first()); value != nil {
		width, _ := d.width(value)
		return d.edit(value.Line, value.Column+width, 0, ", "+flow(a, style))
	}
	return d.edit(n.Line, n.Column+1, 0, flow(a, style)+", ")
}

// flow writes what {…} has between its braces, with the quotes of JSON where its neighbours have them.
func flow(a addition, style yaml.Style) string {
	if len(a.path) > 0 {
		return token(a.path[0], style) + ": {" + flow(addition{a.path[1:], a.fields}, style) + "}"
	}
	var fields []string
	for _, f := range a.fields {
		text := token(f.Text, 0)
		if style&yaml.DoubleQuotedStyle != 0 {
			text = strconv.Quote(f.Text)
		}
		fields = append(fields, token(f.Name, style)+": "+text)
	}
	return strings.Join(fields, ", ")
}

// addToBlock adds a line, or more, to a map whose fields have lines of their own: behind a neighbour, or before the
// first field and the comments about it.
func (d *Document) addToBlock(n *yaml.Node, a addition) []diag.Edit {
	if value := d.neighbour(n, a.first()); value != nil {
		return d.edit(value.Line, d.end(value.Line), 0, "\n"+d.block(n.Column, a))
	}
	line, indent := n.Line, strings.Repeat(" ", n.Column-1)
	if n == d.root || !strings.HasPrefix(d.lines[line-1], indent) {
		return d.edit(line, n.Column, 0, strings.TrimLeft(d.block(n.Column, a), " ")+"\n"+indent)
	}
	for line > 1 && strings.HasPrefix(strings.TrimLeft(d.lines[line-2], " "), "#") {
		line--
	}
	return d.edit(line, 1, 0, d.block(n.Column, a)+"\n")
}

// fillText gives the edit that gives a key of n without a value a string.
func (d *Document) fillText(n, key *yaml.Node, value string) []diag.Edit {
	column, ok := d.behindColon(key)
	if !ok {
		return nil
	}
	return d.offer(d.edit(key.Line, column, 0, " "+token(value, 0)), func(want *Document) {
		put(want.without(n, key), addition{nil, []Field{{key.Value, value}}})
	})
}

// fill gives the edit that gives a key of n without a value a map.
func (d *Document) fill(n, key *yaml.Node, a addition) []diag.Edit {
	if _, ok := d.behindColon(key); !ok || n.Style&yaml.FlowStyle != 0 {
		return nil
	}
	edits := d.edit(key.Line, d.end(key.Line), 0, "\n"+d.block(n.Column+d.step(), a))
	return d.offer(edits, func(want *Document) {
		put(want.without(n, key), addition{append([]string{key.Value}, a.path...), a.fields})
	})
}

// behindColon gives the column behind the colon of a key.
func (d *Document) behindColon(key *yaml.Node) (int, bool) {
	width, ok := d.width(key)
	return key.Column + width + 1, ok && strings.HasPrefix(d.rest(key.Line, key.Column+width), ":")
}

// without takes a field out of the map that stands where n does, and gives the map.
func (d *Document) without(n, key *yaml.Node) *yaml.Node {
	of := d.nodes[place{n.Line, n.Column, n.Kind}]
	for i := 0; i < len(of.Content); i += 2 {
		if of.Content[i].Line == key.Line && of.Content[i].Column == key.Column {
			of.Content = slices.Delete(of.Content, i, i+2)
			break
		}
	}
	return of
}

// block writes what is added on lines of its own, beginning at a column; without a line end at its end.
func (d *Document) block(column int, a addition) string {
	indent := strings.Repeat(" ", column-1)
	if len(a.path) > 0 {
		return indent + token(a.path[0], 0) + ":\n" + d.block(column+d.step(), addition{a.path[1:], a.fields})
	}
	var lines []string
	for _, f := range a.fields {
		lines = append(lines, indent+token(f.Name, 0)+": "+token(f.Text, 0))
	}
	return strings.Join(lines, "\n")
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

// neighbour gives the scalar behind which a field is added: one that is on the line of its key, and in a block with
// nothing but a comment behind it.
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
