package mutation

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Node is a document in which one node was changed.
type Node struct {
	Kind string // what was done, such as "delete" or "to number"
	Path string // of the node, such as spec/clusters/cluster-a/network or spec/trust/roots/0
	Next string // of the sibling that it was swapped with
	at   []int  // the same, as indices into yaml.Node.Content
	Doc  *yaml.Node
}

// Nodes gives every mutant of a document: each field, key, scalar and item is deleted, renamed, duplicated,
// swapped with its next sibling and made each other type, once.
func Nodes(doc *yaml.Node) []Node {
	var all []Node
	paths := map[*yaml.Node]string{}
	Visit(doc, "", nil, func(path string, at []int) { paths[follow(doc, at)] = path })
	Visit(doc, "", nil, func(path string, at []int) {
		holder, last := at[:len(at)-1], at[len(at)-1]
		for _, c := range changes() {
			mutated := clone(doc)
			if parent := follow(mutated, holder); c.change(parent, last) {
				m := Node{Kind: c.kind, Path: path, at: at, Doc: mutated}
				if c.kind == "swap" {
					m.Next = paths[follow(doc, holder).Content[last+step(parent)]]
				}
				all = append(all, m)
			}
		}
	})
	return all
}

// step is how far apart values are in the content of what holds them: in a map, keys stand between them.
func step(parent *yaml.Node) int {
	if parent.Kind == yaml.MappingNode {
		return 2
	}
	return 1
}

// change changes the node at an index of its parent's content, or reports that this would change nothing.
type change struct {
	kind   string
	change func(parent *yaml.Node, i int) bool
}

func changes() []change {
	all := []change{{"delete", deleteNode}, {"rename", renameNode}, {"duplicate", duplicateNode}, {"swap", swapNode}}
	for _, text := range []string{"word", "7", "true", "null", "[word]", "{word: word}", "[]", "{}"} {
		all = append(all, change{"to " + text, func(parent *yaml.Node, i int) bool {
			before := parent.Content[i]
			parent.Content[i] = parseNode(text)
			empty := text == "[]" || text == "{}"
			return parent.Content[i].ShortTag() != before.ShortTag() || empty && len(before.Content) > 0
		}})
	}
	for _, text := range []string{"7", "true", "null", "[word]"} {
		all = append(all, change{"key to " + text, func(parent *yaml.Node, i int) bool {
			if parent.Kind != yaml.MappingNode {
				return false
			}
			parent.Content[i-1] = parseNode(text)
			return true
		}})
	}
	return all
}

func deleteNode(parent *yaml.Node, i int) bool {
	if parent.Kind == yaml.DocumentNode {
		return false
	}
	parent.Content = slices.Delete(parent.Content, i+1-step(parent), i+1)
	return true
}

// renameNode makes another word of a key, or of an item that is a word.
func renameNode(parent *yaml.Node, i int) bool {
	n := parent.Content[i+1-step(parent)]
	n.Value += "x"
	return n.Kind == yaml.ScalarNode
}

func duplicateNode(parent *yaml.Node, i int) bool {
	if parent.Kind == yaml.DocumentNode {
		return false
	}
	var copies []*yaml.Node
	for _, n := range parent.Content[i+1-step(parent) : i+1] {
		copies = append(copies, clone(n))
	}
	parent.Content = slices.Insert(parent.Content, i+1, copies...)
	return true
}

// swapNode exchanges a value with its next sibling's.
func swapNode(parent *yaml.Node, i int) bool {
	next := i + step(parent)
	if next >= len(parent.Content) {
		return false
	}
	parent.Content[i], parent.Content[next] = parent.Content[next], parent.Content[i]
	return true
}

// Visit calls f for every value below n.
func Visit(n *yaml.Node, path string, at []int, f func(path string, at []int)) {
	for i, value := range n.Content {
		below := path
		switch {
		case n.Kind == yaml.MappingNode && i%2 == 0:
			continue
		case n.Kind == yaml.MappingNode:
			below = join(path, n.Content[i-1].Value)
		case n.Kind == yaml.SequenceNode:
			below = join(path, fmt.Sprint(i))
		}
		there := append(slices.Clone(at), i)
		f(below, there)
		Visit(value, below, there, f)
	}
}

func join(path, name string) string { return strings.TrimPrefix(path+"/"+name, "/") }

func follow(n *yaml.Node, at []int) *yaml.Node {
	for _, i := range at {
		n = n.Content[i]
	}
	return n
}

func clone(n *yaml.Node) *yaml.Node {
	copied := *n
	copied.Content = nil
	for _, c := range n.Content {
		copied.Content = append(copied.Content, clone(c))
	}
	return &copied
}

func parseNode(text string) *yaml.Node {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		panic(err)
	}
	return doc.Content[0]
}

// Spread gives a document a line for every node, so that a line says which node is meant.
func Spread(n *yaml.Node) {
	n.Style &^= yaml.FlowStyle
	n.HeadComment, n.LineComment, n.FootComment = "", "", ""
	for _, c := range n.Content {
		Spread(c)
	}
}

// Lines gives the lines of a mutant: those of the node itself, of its twin or of the sibling that it was swapped with,
// and that of the name of what holds it.
func (m Node) Lines(doc *yaml.Node) []int {
	holder := m.at[:len(m.at)-1]
	lines := []int{NameLine(doc, holder)}
	parent := follow(doc, holder)
	for _, i := range m.touched(parent) {
		lines = append(lines, NameLine(doc, append(slices.Clone(holder), i)))
		eachLine(parent.Content[i], func(line int) { lines = append(lines, line) })
	}
	return lines
}

// touched gives the values that a mutation has left at or beside its place, as indices of their parent's content.
func (m Node) touched(parent *yaml.Node) []int {
	i := m.at[len(m.at)-1]
	switch m.Kind {
	case "delete":
		return nil
	case "duplicate", "swap":
		return []int{i, i + step(parent)}
	}
	return []int{i}
}

// NameLine gives the line of a node's key, or of the node itself where it has none.
func NameLine(doc *yaml.Node, at []int) int {
	if len(at) == 0 {
		return 1
	}
	parent, last := follow(doc, at[:len(at)-1]), at[len(at)-1]
	return parent.Content[last+1-step(parent)].Line
}

// eachLine calls f for the line of every node from n down.
func eachLine(n *yaml.Node, f func(line int)) {
	f(n.Line)
	for _, c := range n.Content {
		eachLine(c, f)
	}
}

// Matches reports whether a pattern is about a node: * stands for any name, ** for all that is below.
func Matches(pattern, path string) bool {
	want, names := strings.Split(pattern, "/"), strings.Split(path, "/")
	for i, name := range want {
		switch {
		case name == "**":
			return i < len(names)
		case i >= len(names) || name != "*" && name != names[i]:
			return false
		}
	}
	return len(want) == len(names)
}

// Concerns reports whether a pattern is about a node, or about something in it.
func Concerns(pattern, path string) bool {
	want, depth := strings.Split(pattern, "/"), strings.Count(path, "/")+1
	return Matches(pattern, path) || len(want) > depth && Matches(strings.Join(want[:depth], "/"), path)
}
