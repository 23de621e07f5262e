package architecture

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

const (
	maxWidth = 120 // of a line with a comment, in characters
	tabWidth = 4
)

// TestCommentWidth finds lines with comments that are too wide, in the product and in tests. A tab counts as four
// characters. Directives such as go:embed, and a URL on a line of its own, may be wider.
func TestCommentWidth(t *testing.T) {
	err := filepath.WalkDir("../../..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".go") {
			checkCommentWidth(t, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkCommentWidth(t *testing.T, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, path, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	for _, group := range f.Comments {
		for _, c := range group.List {
			number := fset.Position(c.Pos()).Line
			if line := lines[number-1]; width(line) > maxWidth && !mayBeWide(c) {
				t.Errorf("%s:%d: a comment ends at column %d of at most %d", path, number, width(line), maxWidth)
			}
		}
	}
}

// width counts the characters of a line.
func width(line string) int {
	return utf8.RuneCountInString(line) + (tabWidth-1)*strings.Count(line, "\t")
}

func mayBeWide(c *ast.Comment) bool {
	return strings.HasPrefix(c.Text, "//go:") || strings.Contains(c.Text, "://") && len(strings.Fields(c.Text)) == 2
}
