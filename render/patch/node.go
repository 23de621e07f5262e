package patch

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/document"
)

// child gives the value of a key in a map, or nil.
func child(n *yaml.Node, key string) *yaml.Node {
	if _, value := field(n, key); value != nil {
		return value
	}
	return nil
}

// field gives a key of a map and its value, or nil.
func field(n *yaml.Node, name string) (key, value *yaml.Node) {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil, nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i], n.Content[i+1]
		}
	}
	return nil, nil
}

// values gives the values of a map by their keys, for those who need them all.
func values(n *yaml.Node) map[string]*yaml.Node {
	if n == nil {
		return nil
	}
	all := make(map[string]*yaml.Node, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		all[n.Content[i].Value] = n.Content[i+1]
	}
	return all
}

// count gives how many values and keys there are in a node, itself among them.
func count(n *yaml.Node) int {
	all := 1
	for _, below := range n.Content {
		all += count(below)
	}
	return all
}

// word gives the text of the scalar at a path of keys, or "".
func word(n *yaml.Node, path ...string) string {
	for _, key := range path {
		n = child(n, key)
	}
	if n == nil || n.Kind != yaml.ScalarNode || n.ShortTag() == "!!null" {
		return ""
	}
	return n.Value
}

// plainValue gives what a node means, as encoding/json would hold it.
func plainValue(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		m := make(map[string]any, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			m[n.Content[i].Value] = plainValue(n.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, item := range n.Content {
			list[i] = plainValue(item)
		}
		return list
	}
	var v any
	if n.ShortTag() == "!!str" || n.Decode(&v) != nil {
		return n.Value
	}
	return v
}

// canonical gives a text that is the same for nodes with the same meaning.
func canonical(n *yaml.Node) string {
	if n == nil {
		return ""
	}
	text, err := json.Marshal(plainValue(n))
	if err != nil {
		return "!" + n.Value
	}
	return string(text)
}

// at follows a path to the first node that is there, or nil. An element such as [name=x] is an item of a list with that
// name, [2] the third.
func at(n *yaml.Node, path []string) *yaml.Node {
	for _, element := range path {
		found := step(n, element)
		if len(found) == 0 {
			return nil
		}
		n = found[0]
	}
	return n
}

// all follows a path as at does, to every node that is there.
func all(n *yaml.Node, path []string) []*yaml.Node {
	nodes := []*yaml.Node{n}
	for _, element := range path {
		var next []*yaml.Node
		for _, n := range nodes {
			next = append(next, step(n, element)...)
		}
		nodes = next
	}
	return slices.DeleteFunc(nodes, func(n *yaml.Node) bool { return n == nil })
}

// step gives what an element of a path leads to.
func step(n *yaml.Node, element string) []*yaml.Node {
	var found []*yaml.Node
	switch {
	case !document.IsItem(element):
		if value := child(n, element); value != nil {
			found = append(found, value)
		}
	case n != nil && n.Kind == yaml.SequenceNode:
		for i, item := range n.Content {
			if document.Selects(element, i, func(key string) string { return word(item, key) }) {
				found = append(found, item)
			}
		}
	}
	return found
}

// item gives the first item of a list that has a name, or nil.
func item(list *yaml.Node, name string) *yaml.Node { return at(list, []string{"[name=" + name + "]"}) }

func allCanonical(nodes []*yaml.Node) string {
	var texts []string
	for _, n := range nodes {
		texts = append(texts, canonical(n))
	}
	return strings.Join(texts, "\n")
}

// show writes a path as people do.
func show(path []string) string {
	var out strings.Builder
	for _, element := range path {
		switch {
		case document.IsItem(element):
			out.WriteString(element)
		case strings.ContainsAny(element, "./"):
			out.WriteString("[" + strconv.Quote(element) + "]")
		default:
			if out.Len() > 0 {
				out.WriteByte('.')
			}
			out.WriteString(element)
		}
	}
	return out.String()
}
