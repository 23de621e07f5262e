package document

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/diag"
)

// end gives where a scalar ends at the latest: where the next value or key begins. Col is 0 at the end of a line.
func (r *yamlReader) end(n *yaml.Node) diag.Pos {
	if r.ends == nil {
		r.ends = map[*yaml.Node]diag.Pos{}
		if last := r.findEnds(r.root, nil); last != nil {
			r.ends[last] = diag.Pos{Line: r.offset + strings.Count(string(r.text), "\n") + 1}
		}
	}
	return r.ends[n]
}

// findEnds goes through the values as they stand in the file and gives the last scalar.
func (r *yamlReader) findEnds(n, last *yaml.Node) *yaml.Node {
	if last != nil {
		r.ends[last] = r.endBefore(last, n)
		last = nil
	}
	if n.Kind == yaml.ScalarNode {
		return n
	}
	for _, below := range n.Content {
		last = r.findEnds(below, last)
	}
	return last
}

// endBefore leaves out the line that the next value begins on where nothing but its own indentation stands before it.
func (r *yamlReader) endBefore(n, next *yaml.Node) diag.Pos {
	if r.lines == nil {
		r.lines = strings.Split(string(r.text), "\n")
	}
	if next.Line > n.Line {
		before := []rune(r.lines[min(next.Line, len(r.lines))-1])
		if strings.Trim(string(before[:min(next.Column-1, len(before))]), " -\t") == "" {
			return diag.Pos{Line: r.offset + next.Line - 1}
		}
	}
	return diag.Pos{Line: r.offset + next.Line, Col: next.Column}
}

// block gives the place of a literal block. A header of several lines, as with an anchor, is given up.
func (r *yamlReader) block(n *yaml.Node) *Block {
	if n.Style&yaml.LiteralStyle == 0 {
		return nil
	}
	if r.lines == nil {
		r.lines = strings.Split(string(r.text), "\n")
	}
	b := &Block{first: r.offset + n.Line + 1, indent: -1, lines: strings.Split(strings.TrimRight(n.Value, "\n"), "\n")}
	for i, line := range b.lines {
		if n.Line+i >= len(r.lines) {
			return nil
		}
		before, ok := strings.CutSuffix(strings.TrimSuffix(r.lines[n.Line+i], "\r"), line)
		switch {
		case strings.TrimSpace(line) == "":
		case !ok || strings.Trim(before, " ") != "" || b.indent >= 0 && len(before) != b.indent:
			return nil
		default:
			b.indent = len(before)
		}
	}
	if b.indent < 0 {
		return nil
	}
	return b
}
