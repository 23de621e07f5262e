package document

import (
	"bytes"
	"errors"
	"io"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/diag"
)

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
	r := &yamlReader{file: file, text: p.Text, found: found, budget: p.aliases, offset: p.Line - 1, manifest: true, withheld: p.Private}
	if r.budget == nil {
		alone := textAliases + perByte*len(p.Text)
		r.budget = &alone
	}
	if root := r.readAll(doc.Content[0]); *r.budget >= 0 {
		return root
	}
	return nil // it has been reported
}
