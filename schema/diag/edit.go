package diag

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
)

// Edit is a change of one line of a user's file that mends a finding.
type Edit struct {
	Pos  Pos    // what is replaced: Width characters; 0 inserts before Col
	Text string // what stands there afterwards; "\n" is a line end, which is written as the file writes it
}

// Mend gives the edits of the findings that can be made together, by file, and how many findings they mend. It matters
// which of two edits is made first where they touch, or both insert at one place: of such findings, the first in the
// order of Sorted has its edits, and the others wait for another time.
func (l *List) Mend() (edits map[string][]Edit, mended int) {
	edits = map[string][]Edit{}
	made := map[Edit]bool{}
	taken := map[Pos][]Edit{} // by each place of one character that an edit touches
	for _, d := range l.Sorted() {
		if len(d.Edits) == 0 || slices.ContainsFunc(d.Edits, func(e Edit) bool { return hindered(e, taken) }) {
			continue
		}
		mended++
		for _, e := range d.Edits {
			if made[e] {
				continue
			}
			made[e] = true
			edits[e.Pos.File] = append(edits[e.Pos.File], e)
			for _, place := range e.places() {
				taken[place] = append(taken[place], e)
			}
		}
	}
	return edits, mended
}

// places gives the places that an edit touches, each without a width.
func (e Edit) places() []Pos {
	var all []Pos
	for col := e.Pos.Col; col <= e.Pos.Col+e.Pos.Width; col++ {
		all = append(all, Pos{File: e.Pos.File, Line: e.Pos.Line, Col: col})
	}
	return all
}

// hindered reports whether an edit overlaps one of those that is not the same.
func hindered(e Edit, taken map[Pos][]Edit) bool {
	return slices.ContainsFunc(e.places(), func(place Pos) bool {
		return slices.ContainsFunc(taken[place], func(other Edit) bool { return e != other })
	})
}

// Apply makes edits that do not overlap in the text of a file and leaves everything else as it is, byte for byte: a
// byte order mark, the line ends, and whether there is one at the end. An edit of a place that is not there is left
// out.
func Apply(text []byte, edits []Edit) []byte {
	text, bom := bytes.CutPrefix(text, []byte(byteOrderMark))
	lineEnd := "\n"
	if i := bytes.IndexByte(text, '\n'); i > 0 && text[i-1] == '\r' {
		lineEnd = "\r\n"
	}
	sorted := slices.SortedFunc(slices.Values(edits), func(a, b Edit) int { return a.Pos.Compare(b.Pos) })
	var out bytes.Buffer
	if bom {
		out.WriteString(byteOrderMark)
	}
	at, done := cursor{text: text, line: 1, col: 1}, 0
	for _, e := range sorted {
		ok := at.forward(e.Pos.Line, e.Pos.Col)
		end := at
		if !ok || !end.forward(e.Pos.Line, e.Pos.Col+e.Pos.Width) || at.offset < done {
			continue
		}
		out.Write(text[done:at.offset])
		out.WriteString(strings.ReplaceAll(e.Text, "\n", lineEnd))
		done = end.offset
	}
	out.Write(text[done:])
	return out.Bytes()
}

const byteOrderMark = "\xef\xbb\xbf"

// cursor is a place in a text that moves forward only, so that a text with very many edits is gone through once.
type cursor struct {
	text              []byte
	offset, line, col int
}

// forward moves to a place, which may be the end of a line, and reports whether it is there.
func (c *cursor) forward(line, col int) bool {
	for c.line < line {
		i := bytes.IndexByte(c.text[c.offset:], '\n')
		if i < 0 {
			return false
		}
		c.offset, c.line, c.col = c.offset+i+1, c.line+1, 1
	}
	for c.col < col && !c.atEnd() {
		_, size := utf8.DecodeRune(c.text[c.offset:])
		c.offset, c.col = c.offset+size, c.col+1
	}
	return c.line == line && c.col == col
}

// atEnd reports whether the line ends here.
func (c *cursor) atEnd() bool {
	rest := c.text[c.offset:]
	return len(rest) == 0 || rest[0] == '\n' || len(rest) > 1 && rest[0] == '\r' && rest[1] == '\n' || string(rest) == "\r"
}
