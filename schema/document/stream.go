package document

import (
	"bytes"
	"errors"
	"io"
	"iter"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/diag"
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

// ReadPart gives the value of a document as kubectl reads it, merge keys resolved; nil where there is none, because the
// part is empty or not YAML, which is reported.
func ReadPart(file string, p Part, found *diag.List) *Node {
	var doc, rest yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(p.Text))
	err := dec.Decode(&doc)
	if err == nil {
		if err = dec.Decode(&rest); errors.Is(err, io.EOF) {
			err = nil
		}
	}
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		reportYAMLError(file, p.Text, p.Line-1, err, found)
		return nil
	case isEmpty(doc.Content[0]):
		return nil
	}
	r := &yamlReader{file: file, text: p.Text, found: found, root: doc.Content[0], budget: 10_000, offset: p.Line - 1, manifest: true, withheld: p.Private}
	return r.read(r.root)
}

// merge adds the fields that "<<" brings and that the map does not have itself, at the place of its anchor.
func (r *yamlReader) merge(n *yaml.Node, m *Node) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].ShortTag() != "!!merge" {
			continue
		}
		merged := r.read(n.Content[i+1])
		sources := []*Node{merged}
		if merged.Kind == List {
			sources = merged.Items
		}
		for _, source := range sources {
			for _, e := range source.Fields {
				if m.Entry(e.Key) == nil {
					m.Add(e.Key, e.KeyPos, e.Value)
				}
			}
		}
	}
}
