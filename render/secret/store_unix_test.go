//go:build unix

package secret

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"meshtopo.dev/meshtopo/schema/trust"
)

func TestStoreErrors(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("large", strings.Repeat("x", maxSize+1))
	write("full", strings.Repeat("x", maxSize))
	outside := filepath.Join(t.TempDir(), "outside")
	if err := os.WriteFile(outside, []byte(hunter), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		os.Mkdir(filepath.Join(dir, "dir"), 0o700),
		os.Symlink(outside, filepath.Join(dir, "link")),
		os.Symlink("full", filepath.Join(dir, "inner")),
		syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	s := NewStore(root.FS(), environment(map[string]string{"EMPTY": "", "LARGE": strings.Repeat("x", maxSize+1)}))
	tests := []struct {
		place  trust.Place
		want   string
		absent bool
	}{
		{trust.Place{File: "full"}, "", false},
		{trust.Place{File: "inner"}, "", false},
		{trust.Place{File: "nowhere"}, "read nowhere: no such file or directory", true},
		{trust.Place{File: "dir"}, "read dir: it is a directory", false},
		{trust.Place{File: "pipe"}, "read pipe: it is not a regular file", false},
		{trust.Place{File: "large"}, "read large: it is larger than 1 MiB", false},
		{trust.Place{File: "link"}, "read link: path escapes from parent", false},
		{trust.Place{File: "../outside"}, "read ../outside: invalid argument", false},
		{trust.Place{Env: "NOWHERE"}, "read $NOWHERE: the environment variable is not set", true},
		{trust.Place{Env: "EMPTY"}, "read $EMPTY: the environment variable is empty", true},
		{trust.Place{Env: "LARGE"}, "read $LARGE: it is larger than 1 MiB", false},
	}
	for _, tt := range tests {
		m, err := s.Get(tt.place)
		if got := fmt.Sprint(err); tt.want != "" && got != tt.want || tt.want == "" && err != nil {
			t.Errorf("Get(%v) = %v, want %q", tt.place, err, tt.want)
		}
		if errors.Is(err, fs.ErrNotExist) != tt.absent {
			t.Errorf("Get(%v) = %v: is it absent? want %v", tt.place, err, tt.absent)
		}
		if err != nil && m.Reveal() != nil {
			t.Errorf("Get(%v) gives material and %v", tt.place, err)
		}
		if tt.place.File != "" {
			if _, public := s.Public(tt.place.File); fmt.Sprint(public) != fmt.Sprint(err) {
				t.Errorf("Public(%q) = %v, want %v as for Get", tt.place.File, public, err)
			}
		}
	}
}
