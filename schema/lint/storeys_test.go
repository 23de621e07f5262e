package lint

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReadersDoNotJudge keeps what manifests say apart from what is wrong with it: who only reads them, such as a command that imports
// manifests, needs no rules.
func TestReadersDoNotJudge(t *testing.T) {
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
