package render

import (
	"bytes"
	"path/filepath"
	"testing"
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
			if looks := looksPrivate(bytes.Join(f.Body, nil)); looks != f.Private {
				t.Errorf("%s: looksPrivate(%s) = %v, want %v", example, f.Path, looks, f.Private)
			}
		}
	}
}
