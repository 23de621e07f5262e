package document

import (
	"bytes"
	"iter"
	"path"
)

// Part is one document of a stream, not yet parsed.
type Part struct {
	Line    int // of the file, counted from 1, at which the text starts
	Text    []byte
	Private bool // it may hold a Secret: messages quote no more of it than the keys of objects and of their metadata

	aliases *int // what aliases may still bring, of all parts of a file; nil for a text by itself
}

// What aliases may bring to a file, and to a text by itself, such as that of a kubeconfig: so many bytes, and so many
// times the bytes that are written. Each value counts valueSize and its text.
const (
	fileAliases = 1 << 20
	textAliases = 64 << 10
	perByte     = 8
	valueSize   = 64
)

// PartsOf gives the documents of a file by its name. JSON has one.
func PartsOf(file string, text []byte) iter.Seq[Part] {
	if path.Ext(file) != ".json" {
		return Parts(text)
	}
	return func(yield func(Part) bool) { yield(Part{Line: 1, Text: text}) }
}

// Parts splits a file before its "---" lines, as kubectl does: a mistake in one document leaves the others readable.
func Parts(text []byte) iter.Seq[Part] {
	return func(yield func(Part) bool) {
		aliases := fileAliases + perByte*len(text)
		part := Part{Line: 1, aliases: &aliases}
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
