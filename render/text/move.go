package text

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Move takes a part of a composed object to a place in another one.
type Move struct {
	From, To     string   // paths of keys with dots between them; "" is the whole
	Only, Except []string // the keys of the part that are moved, or not; nil for all
}

// moved gives what moves make of an object, in another one.
func moved(object, into *yaml.Node, moves []Move) *yaml.Node {
	for _, m := range moves {
		part := inside(object, m.From)
		if part == nil {
			continue
		}
		if part = m.chosen(part); part.Kind == yaml.MappingNode && len(part.Content) == 0 {
			continue
		}
		place(into, m.To, part)
	}
	return into
}

// chosen gives a part with the keys that are moved.
func (m Move) chosen(part *yaml.Node) *yaml.Node {
	if m.Only == nil && m.Except == nil {
		return part
	}
	chosen := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	for field := range slices.Chunk(part.Content, 2) {
		key := field[0].Value
		if m.Only != nil && !slices.Contains(m.Only, key) || slices.Contains(m.Except, key) {
			continue
		}
		chosen.Content = append(chosen.Content, field...)
	}
	return chosen
}

func inside(object *yaml.Node, path string) *yaml.Node {
	for _, key := range keys(path) {
		if object == nil {
			return nil
		}
		object = value(object, key)
	}
	return object
}

// place merges a part into an object at a path.
func place(object *yaml.Node, path string, part *yaml.Node) {
	for _, key := range slices.Backward(keys(path)) {
		part = &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: []*yaml.Node{scalarText(key), part}}
	}
	fill(object, part)
}

func keys(path string) []string {
	if path == "" {
		return nil
	}
	return strings.Split(path, ".")
}
