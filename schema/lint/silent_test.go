package lint

import (
	"os"
	"path"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"meshtopo.dev/meshtopo/schema/diag"
)

// TestSilent lints testdata/silent: unusual manifests without a mistake, such as those of a cluster that is in no mesh.
func TestSilent(t *testing.T) {
	eachArchive(t, "testdata/silent", expectSilence)
}

// TestLayouts lints testdata/layouts: directories as repositories have them, of which not everything can be read. There
// are notes and nothing else.
func TestLayouts(t *testing.T) {
	eachArchive(t, "testdata/layouts", func(t *testing.T, clusters []Source) {
		notes := 0
		for _, d := range run(t, clusters, nil) {
			if d.Severity > diag.Info {
				t.Errorf("%s:%d:%d: %s: %s [%s]", d.Pos.File, d.Pos.Line, d.Pos.Col, d.Severity, d.Message, d.Code)
			}
			notes++
		}
		if notes == 0 {
			t.Error("nothing is said of what is not read")
		}
	})
}

// eachArchive checks the clusters of each archive in a directory.
func eachArchive(t *testing.T, dir string, check func(*testing.T, []Source)) {
	files, err := filepath.Glob(dir + "/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			clusters, _ := sources(a, "")
			check(t, clusters)
		})
	}
}

// TestExamples lints what the bundled examples render to.
func TestExamples(t *testing.T) {
	trees, err := filepath.Glob("../../testdata/*/want/clusters")
	if err != nil || len(trees) < 10 {
		t.Fatalf("only %d examples: %v", len(trees), err)
	}
	for _, tree := range trees {
		t.Run(filepath.Base(filepath.Dir(filepath.Dir(tree))), func(t *testing.T) {
			dirs, err := os.ReadDir(tree)
			if err != nil {
				t.Fatal(err)
			}
			var clusters []Source
			for _, d := range dirs {
				if d.IsDir() {
					clusters = append(clusters, Source{Cluster: d.Name(), Files: manifestsBelow(t, filepath.Join(tree, d.Name()))})
				}
			}
			expectSilence(t, clusters)
		})
	}
}

// manifestsBelow gives the manifests below a directory.
func manifestsBelow(t *testing.T, dir string) []File {
	t.Helper()
	var files []File
	err := filepath.WalkDir(dir, func(name string, e os.DirEntry, err error) error {
		if err == nil && path.Ext(name) == ".yaml" {
			files = append(files, File{Name: filepath.ToSlash(name), Read: func() ([]byte, error) { return os.ReadFile(name) }})
		}
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("%s has %d manifests: %v", dir, len(files), err)
	}
	return files
}

func expectSilence(t *testing.T, clusters []Source) {
	t.Helper()
	for _, d := range run(t, clusters, nil) {
		t.Errorf("%s:%d:%d: %s: %s [%s]", d.Pos.File, d.Pos.Line, d.Pos.Col, d.Severity, d.Message, d.Code)
	}
}
