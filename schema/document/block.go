package document

import (
	"strings"
	"unicode/utf8"

	"meshtopo.dev/meshtopo/schema/diag"
)

// Block is where the text of a literal block of YAML or of a multi-line string of CUE stands, whose lines are lines of
// the file.
type Block struct {
	first  int      // the line of the file that the first line of the text is
	indent int      // how many spaces stand before each
	lines  []string // of the text
}

// NewBlock gives a block whose first line is that line of the file, with so many characters before each.
func NewBlock(first, indent int, lines []string) *Block {
	return &Block{first: first, indent: indent, lines: lines}
}

// Move gives where in the file a place of the text is.
func (b *Block) Move(file string, pos diag.Pos) diag.Pos {
	return diag.Pos{File: file, Line: b.first + pos.Line - 1, Col: b.indent + pos.Col, Width: pos.Width}
}

// Pos marks a line of the text, without the white space before it.
func (b *Block) Pos(file string, line int) diag.Pos {
	line = min(max(line, 1), len(b.lines))
	text := strings.TrimLeft(b.lines[line-1], " ")
	col := b.indent + len(b.lines[line-1]) - len(text) + 1
	return diag.Pos{File: file, Line: b.first + line - 1, Col: col, Width: utf8.RuneCountInString(text)}
}
