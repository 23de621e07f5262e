package lint

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// FuzzRun lints anything as one cluster, and the same text once more as another.
func FuzzRun(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, part := range txtar.Parse(text).Files {
			plain, _ := unmark(part.Name, expand(string(part.Data)))
			f.Add([]byte(plain))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file := func(name string) []File {
			return []File{{Name: name, Read: func() ([]byte, error) { return text, nil }}}
		}
		found, err := Run(Input{Clusters: []Source{{"east", file("east.yaml")}, {"west", file("west.yaml")}}, Now: now})
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
