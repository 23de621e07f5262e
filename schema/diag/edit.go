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

// overlaps reports whether it matters which of two edits is made first: they touch, or both insert at one place.
func (e Edit) overlaps(other Edit) bool {
	if e.Pos.File != other.Pos.File || e.Pos.Line != other.Pos.Line {
		return false
	}
	return e.Pos.Col <= other.Pos.Col+other.Pos.Width && other.Pos.Col <= e.Pos.Col+e.Pos.Width
}

// Mend gives the edits of the findings that can be made together, by file, and how many findings they mend. Of findings
// that would change one place in different ways, the first in the order of Sorted has its edits, and the others wait
// for another time.
func (l *List) Mend() (edits map[string][]Edit, mended int) {
	edits = map[string][]Edit{}
	for _, d := range l.Sorted() {
		if len(d.Edits) == 0 || slices.ContainsFunc(d.Edits, func(e Edit) bool { return hindered(e, edits[e.Pos.File]) }) {
			continue
		}
		mended++
		for _, e := range d.Edits {
			if !slices.Contains(edits[e.Pos.File], e) {
				edits[e.Pos.File] = append(edits[e.Pos.File], e)
			}
		}
	}
	return edits, mended
}

// hindered reports whether an edit overlaps one of the others that is not the same.
func hindered(e Edit, others []Edit) bool {
	return slices.ContainsFunc(others, func(other Edit) bool { return e != other && e.overlaps(other) })
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
	line, start, done := 1, 0, 0
	for _, e := range sorted {
		for line < e.Pos.Line && start < len(text) {
			_, rest, _ := bytes.Cut(text[start:], []byte{'\n'})
			line, start = line+1, len(text)-len(rest)
		}
		from, ok := column(text[start:], e.Pos.Col)
		to, okEnd := column(text[start:], e.Pos.Col+e.Pos.Width)
		if line != e.Pos.Line || !ok || !okEnd || start+from < done {
			continue
		}
		out.Write(text[done : start+from])
		out.WriteString(strings.ReplaceAll(e.Text, "\n", lineEnd))
		done = start + to
	}
	out.Write(text[done:])
	return out.Bytes()
}

const byteOrderMark = "\xef\xbb\xbf"

// column gives the offset of a column in the line that text begins with, and false if the line is shorter.
func column(text []byte, col int) (int, bool) {
	line, _, _ := bytes.Cut(text, []byte{'\n'})
	line = bytes.TrimSuffix(line, []byte{'\r'})
	at := 0
	for ; col > 1; col-- {
		if at >= len(line) {
			return 0, false
		}
		_, size := utf8.DecodeRune(line[at:])
		at += size
	}
	return at, col == 1
}
