package patch

import (
	"encoding/json"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
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

func clone(n *yaml.Node) *yaml.Node {
	copied := *n
	copied.Content = make([]*yaml.Node, len(n.Content))
	for i, c := range n.Content {
		copied.Content[i] = clone(c)
	}
	return &copied
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

// at follows a path of keys. An element such as [name=x] is the item of a list with that name, [port.number=443] the
// one with that port, [2] the third.
func at(n *yaml.Node, path []string) *yaml.Node {
	for _, element := range path {
		if n == nil {
			return nil
		}
		inner, ok := strings.CutPrefix(element, "[")
		if !ok {
			n = child(n, element)
			continue
		}
		n = item(n, strings.TrimSuffix(inner, "]"))
	}
	return n
}

// all follows a path of keys as at does, to every item that has a name.
func all(n *yaml.Node, path []string) []*yaml.Node {
	for i, element := range path {
		if !strings.HasPrefix(element, "[") || !strings.Contains(element, "=") || n == nil || n.Kind != yaml.SequenceNode {
			if n = at(n, path[i:i+1]); n == nil {
				return nil
			}
			continue
		}
		var found []*yaml.Node
		for _, candidate := range selected(n, element) {
			found = append(found, all(candidate, path[i+1:])...)
		}
		return found
	}
	if n == nil {
		return nil
	}
	return []*yaml.Node{n}
}

// selected gives the items of a list that an element such as [name=x] stands for.
func selected(list *yaml.Node, element string) []*yaml.Node {
	selector := strings.Trim(element, "[]")
	if !strings.Contains(selector, "=") {
		if one := item(list, selector); one != nil {
			return []*yaml.Node{one}
		}
		return nil
	}
	var found []*yaml.Node
	for _, candidate := range list.Content {
		if item(&yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{candidate}}, selector) != nil {
			found = append(found, candidate)
		}
	}
	return found
}

func allCanonical(nodes []*yaml.Node) string {
	var texts []string
	for _, n := range nodes {
		texts = append(texts, canonical(n))
	}
	return strings.Join(texts, "\n")
}

func item(list *yaml.Node, selector string) *yaml.Node {
	if list.Kind != yaml.SequenceNode {
		return nil
	}
	key, value, named := strings.Cut(selector, "=")
	if !named {
		if i, err := strconv.Atoi(selector); err == nil && i >= 0 && i < len(list.Content) {
			return list.Content[i]
		}
		return nil
	}
	for _, candidate := range list.Content {
		if word(candidate, strings.Split(key, ".")...) == value {
			return candidate
		}
	}
	return nil
}

// show writes a path as people do.
func show(path []string) string {
	var out strings.Builder
	for _, element := range path {
		switch {
		case strings.HasPrefix(element, "["):
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
