package render

import (
	"bytes"
	"path/filepath"
	"testing"

	"meshtopo.dev/meshtopo/schema/private"
)

// TestWithholdExamples finds the private files of the examples, and no others: diffs of those are shown.
func TestWithholdExamples(t *testing.T) {
	examples, err := filepath.Glob("../testdata/*/topology.*")
	if err != nil || len(examples) == 0 {
		t.Fatalf("Glob = %q, %v", examples, err)
	}
	for _, example := range examples {
		rendered := renderExample(t, filepath.Dir(example))
		for _, f := range rendered.Files {
			if looks := private.InFile(bytes.Join(f.Body, nil)); looks != f.Private {
				t.Errorf("%s: InFile(%s) = %v, want %v", example, f.Path, looks, f.Private)
			}
		}
	}
}
