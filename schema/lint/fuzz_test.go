package lint

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// FuzzRun lints any text as one cluster, and again as another. It starts with one case of each code, since each run
// reads all of them first.
func FuzzRun(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		if strings.Contains(file, "_") {
			continue // a variant
		}
		a, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		var documents []string
		for _, part := range a.Files {
			if strings.HasPrefix(part.Name, "bad/") {
				plain, _ := unmark(part.Name, expand(string(part.Data)))
				documents = append(documents, plain)
			}
		}
		f.Add([]byte(strings.Join(documents, "---\n")))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file := func(name string) []File {
			return []File{{Name: name, Read: func() ([]byte, error) { return text, nil }}}
		}
		found, err := Run(Input{Clusters: []Source{{Cluster: "east", Files: file("east.yaml")}, {Cluster: "west", Files: file("west.yaml")}}, Now: now})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range found.Sorted() {
			if d.Pos.Line > 0 && !found.HasSource(d.Pos.File) {
				t.Errorf("%s has no source", d.Pos.File)
			}
			found.Excerpt(d.Pos)
		}
	})
}
