package document

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// block gives the place of a literal block. A header of several lines, as with an anchor, is given up.
func (r *yamlReader) block(n *yaml.Node) *Block {
	if n.Style&yaml.LiteralStyle == 0 {
		return nil
	}
	b := &Block{first: r.offset + n.Line + 1, indent: -1, lines: strings.Split(strings.TrimRight(n.Value, "\n"), "\n")}
	for i, line := range b.lines {
		if n.Line+i >= len(r.allLines()) {
			return nil
		}
		before, ok := strings.CutSuffix(strings.TrimSuffix(r.allLines()[n.Line+i], "\r"), line)
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
