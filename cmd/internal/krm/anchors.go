package krm

import (
	"errors"
	"slices"

	"go.yaml.in/yaml/v3"
)

// maxCopied bounds what the aliases of a list may stand for: each value counts 64 bytes and its text.
const maxCopied = 4 << 20

// part makes the parts of a ResourceList, which are each item and each other field, independent of each other. An item
// is moved, dropped or written to a file of its own: an alias in it cannot count on an anchor elsewhere, and gives way
// to a copy. Aliases whose anchor is in the same part stay as the user wrote them; not so in metadata, where kyaml does
// not follow them.
func part(root *yaml.Node) error {
	if looped(root, nil) {
		return errors.New("the ResourceList has a YAML alias inside its own anchor")
	}
	s := &splitter{}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], &root.Content[i+1]
		if (*value).Kind == yaml.AliasNode {
			*value = s.copy((*value).Alias)
		}
		if key.Value == "items" && (*value).Kind == yaml.SequenceNode {
			s.each((*value).Content)
			continue
		}
		s.each(root.Content[i+1 : i+2])
	}
	if s.copied > maxCopied {
		return errors.New("the YAML aliases of the ResourceList expand to a huge document")
	}
	return nil
}

// looped reports whether an alias stands inside what it repeats: there is no other way for aliases to go in circles.
func looped(n *yaml.Node, open []*yaml.Node) bool {
	if n.Kind == yaml.AliasNode {
		return slices.Contains(open, n.Alias)
	}
	if n.Anchor != "" {
		open = append(open, n)
	}
	return slices.ContainsFunc(n.Content, func(below *yaml.Node) bool { return looped(below, open) })
}

// splitter replaces aliases by copies, of which it makes no more than maxCopied.
type splitter struct {
	inside map[*yaml.Node]bool // the anchors of the part that is being looked at
	copied int
}

// each looks at parts, one by one.
func (s *splitter) each(parts []*yaml.Node) {
	for i := range parts {
		s.inside = map[*yaml.Node]bool{}
		s.note(parts[i])
		parts[i] = s.resolve(parts[i], false)
		for at := 0; parts[i].Kind == yaml.MappingNode && at+1 < len(parts[i].Content); at += 2 {
			if parts[i].Content[at].Value == "metadata" {
				parts[i].Content[at+1] = s.resolve(parts[i].Content[at+1], true)
			}
		}
	}
}

func (s *splitter) note(n *yaml.Node) {
	if n.Anchor != "" {
		s.inside[n] = true
	}
	for _, below := range n.Content {
		s.note(below)
	}
}

// resolve replaces aliases below a value: all of them, or those of other parts.
func (s *splitter) resolve(n *yaml.Node, all bool) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		if s.inside[n.Alias] && !all {
			return n
		}
		return s.copy(n.Alias)
	}
	for i, below := range n.Content {
		n.Content[i] = s.resolve(below, all)
	}
	return n
}

// copy gives a value without anchors and aliases.
func (s *splitter) copy(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return s.copy(n.Alias)
	}
	c := *n
	c.Anchor, c.Content = "", nil
	for _, below := range n.Content {
		if s.copied += 64 + len(below.Value); s.copied > maxCopied {
			break // the list is refused
		}
		c.Content = append(c.Content, s.copy(below))
	}
	return &c
}
