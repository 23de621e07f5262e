package main

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema"
)

// TestEveryFieldIsInTheTables proves that for each field of the schema, a topology in the tables is wrong in it: the
// finding is at its name or value, or at what is in it.
func TestEveryFieldIsInTheTables(t *testing.T) {
	wrong := map[string]bool{}
	for _, w := range wrongs(t) {
		file := cmp.Or(w.file, "topology.yaml")
		text := w.files[file]
		if len(w.edits) > 0 {
			text = apply(t, read(t, filepath.Join("../../testdata", w.exampleName(), file)), w.edits)
		}
		text, marks := unmark(t, text)
		var doc yaml.Node
		if len(marks) == 0 || yaml.Unmarshal([]byte(text), &doc) != nil {
			continue // what is not YAML has no fields
		}
		places := map[string]bool{}
		for _, m := range marks {
			places[m.place] = true
		}
		fieldsAt(&doc, nil, places, wrong)
	}
	for _, f := range schema.Fields() {
		if !wrong[f.Path] {
			t.Errorf("no topology in the tables has a finding at %s", f.Path)
		}
	}
}

// fieldsAt notes the fields whose name or value is at one of the places, and all fields that hold such a one.
func fieldsAt(n *yaml.Node, path []string, places, noted map[string]bool) (found bool) {
	at := func(n *yaml.Node) bool { return places[fmt.Sprintf("%d:%d", n.Line, n.Column)] }
	found = at(n)
	for i, c := range n.Content {
		below := path
		if n.Kind == yaml.MappingNode {
			if i%2 == 0 {
				continue
			}
			below = append(path[:len(path):len(path)], fieldName(path, n.Content[i-1].Value))
			found = at(n.Content[i-1]) && note(below, noted) || found
		}
		found = fieldsAt(c, below, places, noted) && note(below, noted) || found
	}
	return found
}

func note(path []string, noted map[string]bool) bool {
	noted[strings.Join(path, ".")] = true
	return true
}

// fieldName is how schema.Fields calls a key: those of clusters, networks and rules are names.
func fieldName(path []string, key string) string {
	if p := strings.Join(path, "."); p == "spec.clusters" || p == "spec.networks" || p == "spec.rules" {
		return "NAME"
	}
	return key
}
