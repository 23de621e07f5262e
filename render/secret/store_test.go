package secret

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/fstest"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/trust"
)

var _ schema.Material = (*Store)(nil)

// counting counts how often each file is opened.
type counting struct {
	fs.FS
	opened atomic.Int32
}

func (c *counting) Open(name string) (fs.File, error) {
	c.opened.Add(1)
	return c.FS.Open(name)
}

func environment(vars map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, ok := vars[name]
		return value, ok
	}
}

func TestStore(t *testing.T) {
	s := NewStore(fstest.MapFS{
		"certs/root.pem": {Data: []byte("a root")},
		"tokens/a":       {Data: []byte(hunter)},
	}, environment(map[string]string{"TOKEN": hunter}))
	for _, name := range []string{"certs/root.pem", "./certs/root.pem", "certs//root.pem"} {
		if text, err := s.Public(name); string(text) != "a root" || err != nil {
			t.Errorf("Public(%q) = %q, %v", name, text, err)
		}
	}
	for _, place := range []trust.Place{{File: "tokens/a"}, {Env: "TOKEN"}} {
		m, err := s.Get(place)
		if string(m.Reveal()) != hunter || err != nil {
			t.Errorf("Get(%v) = %q, %v", place, m.Reveal(), err)
		}
		if text, err := s.Private(place); string(text) != hunter || err != nil {
			t.Errorf("Private(%v) = %q, %v", place, text, err)
		}
	}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		for _, v := range []any{s, struct{ store *Store }{s}, s.public, s.private} {
			if text := fmt.Sprintf(format, v); leaks(text) || strings.Contains(text, "a root") {
				t.Errorf("a store with %s prints %q", format, text)
			}
		}
	}
}

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

func TestStoreReadsOnce(t *testing.T) {
	files := &counting{FS: fstest.MapFS{"ca.pem": {Data: []byte("a CA")}, "token": {Data: []byte(hunter)}}}
	s := NewStore(files, environment(nil))
	var wg sync.WaitGroup
	for range 300 {
		wg.Go(func() {
			if _, err := s.Public("ca.pem"); err != nil {
				t.Error(err)
			}
			if _, err := s.Get(trust.Place{File: "token"}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	// A file system without Stat is asked by opening the file, so that each file is opened twice.
	if n := files.opened.Load(); n != 4 {
		t.Errorf("two files were opened %d times, want 4", n)
	}
}
