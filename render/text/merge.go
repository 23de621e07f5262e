package text

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/render/patch"
)

// fill adds to have what only more holds: maps key by key, lists of objects with a name by name. Everything else
// that both hold stays as it is in have, which is the compiler's: a setting that contradicts it was refused when
// the topology was loaded.
func fill(have, more *yaml.Node) {
	switch {
	case have.Kind == yaml.MappingNode && more.Kind == yaml.MappingNode:
		fillMap(have, more)
	case named(have) && named(more):
		fillList(have, more)
	}
}

func fillMap(have, more *yaml.Node) {
	for i := 0; i < len(more.Content); i += 2 {
		name, added := more.Content[i], more.Content[i+1]
		if found := value(have, name.Value); found != nil {
			fill(found, added)
			continue
		}
		have.Content = append(have.Content, name, added)
		have.Style &^= yaml.FlowStyle
	}
}

func fillList(have, more *yaml.Node) {
	for _, added := range more.Content {
		name := value(added, "name").Value
		at := slices.IndexFunc(have.Content, func(item *yaml.Node) bool { return value(item, "name").Value == name })
		if at < 0 {
			have.Content = append(have.Content, added)
			continue
		}
		fill(have.Content[at], added)
	}
}

// named reports whether a node is a list of objects that all have a name.
func named(list *yaml.Node) bool {
	return list.Kind == yaml.SequenceNode && len(list.Content) > 0 &&
		!slices.ContainsFunc(list.Content, func(item *yaml.Node) bool {
			name := value(item, "name")
			return name == nil || name.Kind != yaml.ScalarNode
		})
}

// value gives the value of a key in a map, or nil.
func value(object *yaml.Node, key string) *yaml.Node {
	if object.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i < len(object.Content); i += 2 {
		if object.Content[i].Value == key {
			return object.Content[i+1]
		}
	}
	return nil
}

// settingsNode gives a user's settings, as decoded from JSON, as YAML with sorted keys.
func settingsNode(v any) *yaml.Node {
	switch v := v.(type) {
	case map[string]any:
		node := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			node.Content = append(node.Content, scalarText(key), settingsNode(v[key]))
		}
		return node
	case []any:
		node := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		for _, item := range v {
			node.Content = append(node.Content, settingsNode(item))
		}
		return node
	case string:
		return scalarText(v)
	}
	return scalar(v)
}

// scalar gives what is written without quotes: a number, a truth value or null.
func scalar(v any) *yaml.Node {
	node := &yaml.Node{Kind: yaml.ScalarNode, Value: fmt.Sprint(v)}
	switch v := v.(type) {
	case nil:
		node.Value = "null"
	case float64:
		node.Value = strconv.FormatFloat(v, 'g', -1, 64)
	}
	return node
}

// scalarText gives a string.
func scalarText(s string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s, Style: patch.StringStyle(s)}
}
