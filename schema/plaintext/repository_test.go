package plaintext

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"meshtopo.dev/meshtopo/schema/diag"
)

// TestRepository finds nothing in this repository, of which no path is left out: its test keys and tokens are known,
// and what tests have to plant they make when they run.
func TestRepository(t *testing.T) {
	files, size, start := 0, 0, time.Now()
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.Name() == ".git" && d.IsDir():
			return fs.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files, size = files+1, size+len(text)
		found := &diag.List{}
		if !Check(path, text, found) {
			t.Errorf("%s is not looked at as a whole", path)
		}
		for _, d := range found.Sorted() {
			t.Errorf("%s:%d:%d: %s [%s]", d.Pos.File, d.Pos.Line, d.Pos.Col, d.Message, d.Code)
		}
		return nil
	})
	if err != nil || files < 1000 {
		t.Fatal(files, err)
	}
	t.Logf("%d files of %d bytes in %v", files, size, time.Since(start))
}
