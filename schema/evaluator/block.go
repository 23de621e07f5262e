package evaluator

import (
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"meshtopo.dev/meshtopo/schema/document"
)

// block gives the place of a multi-line string. One whose escapes make or join lines, or that is put together, is given
// up.
func (r *reader) block(v cue.Value, n *document.Node) *document.Block {
	literal, ok := written(v).(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING || r.texts[n.Pos.File] == nil {
		return nil
	}
	hashes := literal.Value[:len(literal.Value)-len(strings.TrimLeft(literal.Value, "#"))]
	text, ok := strings.CutPrefix(strings.TrimSuffix(literal.Value, hashes), hashes+`"""`)
	if !ok {
		return nil
	}
	source, lines := strings.Split(text, "\n"), strings.Split(n.Text, "\n")
	if len(source) != len(lines)+2 { // the opening quotes have a line of their own, and the closing ones
		return nil
	}
	indent := strings.TrimSuffix(source[len(source)-1], `"""`)
	source = source[1 : len(source)-1]
	for i, line := range source {
		line = strings.TrimPrefix(strings.TrimSuffix(line, "\r"), indent)
		if line != lines[i] && breaksLines(line, `\`+hashes) {
			return nil
		}
		source[i] = line
	}
	return document.NewBlock(n.Pos.Line+1, len(indent), source)
}

// breaksLines reports whether a line has an escape that may stand for the end of one.
func breaksLines(line, escape string) bool {
	for {
		_, rest, found := strings.Cut(line, escape)
		if !found {
			return false
		}
		if rest == "" || strings.ContainsRune("nruU(", rune(rest[0])) {
			return true
		}
		line = rest[1:]
	}
}
