package tree

import (
	"os"
	"path/filepath"
	"testing"

	"meshtopo.dev/meshtopo/render/layout"
)

// TestReadOnce leaves alone what was just read, and still finds that such a file has gone.
func TestReadOnce(t *testing.T) {
	dir := t.TempDir()
	path := layout.Path("a", "x.yaml")
	text := []byte("# " + Marker("mesh") + "\na: b\n")
	if err := os.MkdirAll(filepath.Join(dir, layout.Path("a")), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, path), text, 0o644); err != nil {
		t.Fatal(err)
	}
	have, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer have.Close()
	differs := func(f File) []Change {
		f.Path, f.Body = path, [][]byte{text}
		changes, err := Diff(have, &Tree{Owner: "mesh", Files: []File{f}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return changes
	}
	if got := differs(File{Read: true}); len(got) != 0 {
		t.Errorf("what is as it was read: %v", got)
	}
	if got := differs(File{Read: true, Stale: &Stale{Kind: HandEdited}}); len(got) != 1 || got[0].Kind != HandEdited {
		t.Errorf("what is stale: %v", got)
	}
	if err := os.Remove(filepath.Join(dir, path)); err != nil {
		t.Fatal(err)
	}
	if got := differs(File{Read: true}); len(got) != 1 || got[0].Kind != Added {
		t.Errorf("what has gone: %v", got)
	}
}
