package lint

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReadersDoNotCheck keeps reading manifests apart from checking them: a command that only reads them, such as one
// that imports manifests, needs no rules.
func TestReadersDoNotCheck(t *testing.T) {
	files, err := filepath.Glob("read_*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("nothing is read", err)
	}
	for _, file := range append(files, "facts.go") {
		if text, err := os.ReadFile(file); err != nil || strings.Contains(string(text), "diag.Rule") || strings.Contains(string(text), "found.Add") {
			t.Errorf("%s has to do with rules: %v", file, err)
		}
	}
}
