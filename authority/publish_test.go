package authority

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestMain is also the process that TestKilled kills.
func TestMain(m *testing.M) {
	if dir := os.Getenv("KILLED_IN"); dir != "" {
		left, _ := strconv.Atoi(os.Getenv("KILLED_AT"))
		err := publish(three(dir, "killed"), func() {
			if left--; left == 0 {
				os.Exit(9) // as a kill: nothing is put in order
			}
		})
		if err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// three are files in two directories.
func three(dir, text string) []File {
	return []File{
		{Root: dir, Path: "certs/ca-cert.pem", Name: "ca-cert.pem", Text: []byte(text), Mode: Public},
		{Root: dir, Path: "certs/cert-chain.pem", Name: "cert-chain.pem", Text: []byte(text), Mode: Public},
		{Root: dir, Path: "keys/ca-key.pem", Name: "ca-key.pem", Text: []byte(text), Mode: Secret},
	}
}

// However far a run gets, the next one finds all of its files and writes none, or none and writes all.
func TestKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("runs many processes")
	}
	whole := false
	for at := 1; !whole; at++ {
		dir := t.TempDir()
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), "KILLED_IN="+dir, "KILLED_AT="+strconv.Itoa(at))
		whole = c.Run() == nil
		if at > 40 {
			t.Fatal("a run has no end")
		}
		err := Publish(three(dir, "second"))
		var exists *ExistsError
		want := "second"
		if errors.As(err, &exists) {
			want = "killed"
		} else if err != nil {
			t.Fatalf("killed at %d: %v", at, err)
		}
		for _, f := range three(dir, "") {
			text, err := os.ReadFile(filepath.Join(dir, f.Path))
			if err != nil || string(text) != want {
				t.Errorf("killed at %d: %s holds %q, %v, want %q", at, f.Path, text, err, want)
			}
		}
		for _, sub := range []string{"certs", "keys"} {
			if left, _ := filepath.Glob(filepath.Join(dir, sub, ".*")); len(left) > 0 {
				t.Errorf("killed at %d: %v is left", at, left)
			}
		}
		if whole && want != "killed" {
			t.Error("a whole run was written over")
		}
	}
}

func TestModes(t *testing.T) {
	dir := t.TempDir()
	if err := Publish(three(dir, "x")); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]os.FileMode{"certs/ca-cert.pem": Public, "keys/ca-key.pem": Secret, "keys": 0o700 | os.ModeDir} {
		info, err := os.Stat(filepath.Join(dir, path))
		if err != nil || info.Mode() != want {
			t.Errorf("%s has mode %v, %v, want %v", path, info.Mode(), err, want)
		}
	}
}

// Whatever is in the way of one file is left as it is, and no other file is written.
func TestInTheWay(t *testing.T) {
	for name, put := range map[string]func(path string) error{
		"a file":      func(path string) error { return os.WriteFile(path, []byte("mine"), 0o600) },
		"a directory": func(path string) error { return os.Mkdir(path, 0o755) },
		"a link":      func(path string) error { return os.Symlink("elsewhere", path) },
	} {
		for n, f := range three("", "") {
			dir := t.TempDir()
			at := filepath.Join(dir, f.Path)
			if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o755), put(at)); err != nil {
				t.Fatal(err)
			}
			files := three(dir, "new")
			for _, err := range []error{Check(files), Publish(files)} {
				var exists *ExistsError
				if !errors.As(err, &exists) || exists.Name != f.Name {
					t.Errorf("%s as %s gives %v", name, f.Name, err)
				}
			}
			if written := count(t, dir); written != 1 {
				t.Errorf("%s as file %d: %d files are there", name, n, written)
			}
		}
	}
}

// count counts what is no directory that Publish makes.
func count(t *testing.T, dir string) int {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	hidden, more := filepath.Glob(filepath.Join(dir, "*", ".*"))
	if err = errors.Join(err, more); err != nil {
		t.Fatal(err)
	}
	set := map[string]bool{}
	for _, path := range append(all, hidden...) {
		set[path] = true
	}
	return len(set)
}

// A link out of the topology is not followed, and a directory in which another run is writing is left alone.
func TestElsewhere(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	if err := os.Symlink(outside, filepath.Join(dir, "keys")); err != nil {
		t.Fatal(err)
	}
	if err := Publish(three(dir, "x")); err == nil || !strings.Contains(err.Error(), "ca-key.pem") {
		t.Errorf("a link out of the root gives %v", err)
	}
	if n := count(t, dir); n != 0 {
		t.Errorf("%d files are there", n)
	}
}
