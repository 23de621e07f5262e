package document

import (
	"bytes"
	"iter"
)

// Part is one document of a stream, not yet parsed.
type Part struct {
	Line    int // of the file, counted from 1, at which the text starts
	Text    []byte
	Private bool // it may hold a Secret: messages quote no more of it than the keys of objects and of their metadata
}

// Parts splits a file before its "---" lines, as kubectl does: a mistake in one document leaves the others readable.
func Parts(text []byte) iter.Seq[Part] {
	return func(yield func(Part) bool) {
		part := Part{Line: 1}
		number, start, at := 1, 0, 0
		for line := range bytes.Lines(text) {
			if separates(line) {
				if part.Text = text[start:at]; !yield(part) {
					return
				}
				start, part.Line = at, number
			}
			at += len(line)
			number++
		}
		part.Text = text[start:]
		yield(part)
	}
}

func separates(line []byte) bool {
	return bytes.HasPrefix(line, []byte("---")) && (len(line) == 3 || bytes.IndexByte([]byte(" \t\r\n"), line[3]) >= 0)
}
