package patch

import (
	"slices"
	"sort"

	"go.yaml.in/yaml/v3"
)

// culprit gives the line of what changed the value at a path: an operation, or the part of a merge. Of a list that may
// be the item that does not belong there.
func (p *Patch) culprit(o *Object, path []string, offender *yaml.Node, value func(root *yaml.Node) string) int {
	if p.merge != nil {
		return mergeLine(p.merge, o.root, path, offender)
	}
	after := func(n int) string {
		root, err := p.applyFirst(n, o.root)
		if err != nil {
			return ""
		}
		return value(root)
	}
	last := after(len(p.ops))
	i := sort.Search(len(p.ops)-1, func(i int) bool { return after(i+1) == last }) // in halves: they may be very many
	return p.ops[i].line
}

// mergeLine gives the line of the part of a merge that is about a path: as far down as the merge names it.
func mergeLine(n, before *yaml.Node, path []string, offender *yaml.Node) int {
	line := n.Line
	for _, element := range path {
		if n.Kind == yaml.SequenceNode {
			found := newest(step(n, element), before)
			if found == nil {
				return line
			}
			n, line = found, found.Line
			if before != nil {
				before = at(before, []string{element})
			}
			continue
		}
		key, value := field(n, element)
		if key == nil {
			return line
		}
		n, line, before = value, key.Line, child(before, element)
	}
	if offender == nil || n.Kind != yaml.SequenceNode {
		return line
	}
	for _, item := range slices.Backward(n.Content) {
		if sameValue(item, offender) {
			return item.Line
		}
	}
	return line
}

// newest gives the last of some items of a list that was not in it before, or the last one.
func newest(items []*yaml.Node, before *yaml.Node) *yaml.Node {
	for _, item := range slices.Backward(items) {
		if before == nil || !contains(before.Content, item) {
			return item
		}
	}
	if len(items) == 0 {
		return nil
	}
	return items[len(items)-1]
}
