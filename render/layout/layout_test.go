package layout_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/render/layout"
)

func TestPaths(t *testing.T) {
	for path, want := range map[string]struct {
		cluster, rest string
		objects       bool
		private       bool
	}{
		layout.Path(layout.Readme):                               {},
		layout.Path("a", layout.Readme):                          {"a", layout.Readme, false, false},
		layout.Path("a", layout.Expose, "b.yaml"):                {"a", "5-expose/b.yaml", true, false},
		layout.Path("a", layout.Secrets, "cacerts.yaml"):         {"a", "2-secrets/cacerts.yaml", true, true},
		layout.Path("a", layout.Secrets, "old", "b.yaml"):        {"a", "2-secrets/old/b.yaml", true, true},
		layout.Path("a", layout.Secrets, layout.Kustomization):   {"a", "2-secrets/kustomization.yaml", false, false},
		"elsewhere/a/" + layout.Gateway + "/istio-operator.yaml": {"", "", true, false},
	} {
		cluster, rest, ok := layout.Split(path)
		if cluster != want.cluster || rest != want.rest || ok != (want.cluster != "") {
			t.Errorf("Split(%q) = %q, %q, %v", path, cluster, rest, ok)
		}
		if objects, private := layout.HoldsObjects(path), layout.Private(path); objects != want.objects || private != want.private {
			t.Errorf("%q holds objects: %v, private: %v", path, objects, private)
		}
	}
}

// TestOneDefinition proves that no other product code spells the directories of a tree, but in sentences.
func TestOneDefinition(t *testing.T) {
	layers := `[1-9]-(` + strings.Join(layout.Layers(), "|") + `)`
	dirs := regexp.MustCompile(`^\S*(\bclusters/|\b` + layers + `\b)\S*$|(\bclusters|\b` + layers + `)/$`)
	root := filepath.Join("..", "..")
	for _, storey := range []string{"schema", "render", "cmd"} {
		err := filepath.WalkDir(filepath.Join(root, storey), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") ||
				filepath.Base(path) == "layout.go" {
				return err
			}
			for _, text := range literals(t, path) {
				if dirs.MatchString(text) || text == layout.Top && storey != "schema" { // where it is a field
					t.Errorf("%s has %q", path, text)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// literals gives the strings of a Go file.
func literals(t *testing.T, path string) []string {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	ast.Inspect(file, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			if text, err := strconv.Unquote(literal.Value); err == nil {
				texts = append(texts, text)
			}
		}
		return true
	})
	return texts
}
