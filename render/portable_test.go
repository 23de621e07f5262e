package render

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// plainName is a name of a file that every system takes. Cluster names are the only part of it that users choose:
// lower-case labels, so that no two of them, and none of them and a README.md, differ in case alone.
var plainName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$`)

// TestPortableNames has every example on a file system that ignores case, as on Windows and macOS.
func TestPortableNames(t *testing.T) {
	examples := os.DirFS("../testdata")
	trees, err := fs.Glob(examples, "*/want")
	if err != nil || len(trees) == 0 {
		t.Fatalf("Glob = %v, %v, want trees", trees, err)
	}
	for _, tree := range trees {
		seen := map[string]string{}
		err := fs.WalkDir(examples, tree, func(file string, _ fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			folded := strings.ToLower(file)
			if other, ok := seen[folded]; ok {
				t.Errorf("%s and %s differ in case alone", other, file)
			}
			seen[folded] = file
			if !plainName.MatchString(path.Base(file)) {
				t.Errorf("%s is not a name that every system takes", file)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
