package render

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"meshtopo.dev/meshtopo/render/secret"
	"meshtopo.dev/meshtopo/schema"
)

// variant loads an example with parts of its text replaced: old, new, old, new and so on.
func variant(t testing.TB, example string, replacements ...string) (*schema.Topology, *secret.Store) {
	t.Helper()
	dir := os.DirFS("../testdata/" + example)
	text, err := fs.ReadFile(dir, "topology.yaml")
	if err != nil {
		t.Fatal(err)
	}
	changed := string(text)
	for i := 0; i < len(replacements); i += 2 {
		if !strings.Contains(changed, replacements[i]) {
			t.Fatalf("%s does not hold %q", example, replacements[i])
		}
		changed = strings.Replace(changed, replacements[i], replacements[i+1], 1)
	}
	return loadFS(t, overlay{fstest.MapFS{"topology.yaml": {Data: []byte(changed)}}, dir}, "topology.yaml")
}

// variantFiles renders a variant of an example.
func variantFiles(t testing.TB, example string, replacements ...string) map[string]string {
	t.Helper()
	topology, store := variant(t, example, replacements...)
	return contents(render(t, topology, store))
}

// overlay looks into each file system in turn.
type overlay []fs.FS

func (o overlay) Open(name string) (file fs.File, err error) {
	for _, fsys := range o {
		if file, err = fsys.Open(name); err == nil {
			return file, nil
		}
	}
	return nil, err
}
