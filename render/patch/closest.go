package patch

import (
	"cmp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/diag"
)

// Closest gives the place in the patch of what it writes nearest to a path of an object, and how near that is: the
// more, the nearer. It is called the patch, or one of its lines where the place does not tell them apart.
func (p *Patch) Closest(path []string) (near int, pos diag.Pos, says string) {
	line := 1
	if p.merge != nil {
		depth, at := descend(p.merge, path)
		near, line = 2*depth+1, at
	}
	for i := range p.ops {
		if n, at := p.ops[i].closest(path); n >= near { // the last one counts
			near, line = n, at
		}
	}
	place := p.source.problem(nil, line, "")
	return near, place.Pos, cmp.Or(strings.TrimSuffix(place.Message, ": "), "the patch")
}

func (op *operation) closest(path []string) (near, line int) {
	shared := sharedParts(op.path, path)
	near, line = 2*shared, op.line
	if shared < len(op.path) {
		if from := 2 * sharedParts(op.from, path); from > near {
			near = from
		}
		return near, line
	}
	if op.value != nil {
		depth, at := descend(op.value, path[shared:])
		if near += 2 * depth; depth > 0 {
			line = at
		}
	}
	return near + 1, line
}

// sharedParts gives how many parts a pointer has in common with a path from its beginning. "-" is any item.
func sharedParts(pointer, path []string) int {
	n := 0
	for n < len(pointer) && n < len(path) && (pointer[n] == path[n] || pointer[n] == "-") {
		n++
	}
	return n
}

// descend follows a path as far as it goes, and gives how far that is and the line.
func descend(n *yaml.Node, path []string) (depth, line int) {
	line = n.Line
	for depth < len(path) {
		if n.Kind == yaml.SequenceNode {
			i, err := strconv.Atoi(path[depth])
			if err != nil || i < 0 || i >= len(n.Content) {
				return depth, line
			}
			n = n.Content[i]
			line = n.Line
		} else {
			key, value := field(n, path[depth])
			if key == nil {
				return depth, line
			}
			n, line = value, key.Line
		}
		depth++
	}
	return depth, line
}
