package files

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/cmd/internal/usage"
	"meshtopo.dev/meshtopo/schema/diag"
)

// maxLooked is how many entries of a directory are looked at for one that may be meant.
const maxLooked = 1000

// notThere is the error for a path that the command line names: why it cannot be read, and where nothing is there, what
// may be meant.
func notThere(arg string, err error) error {
	shown := filepath.ToSlash(arg)
	if near := nearPath(arg); near != "" && errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: %w; did you mean %s?", shown, reason(err), near)
	}
	return fmt.Errorf("%s: %w", shown, reason(err))
}

// nearPath gives the file or directory beside a path whose name is most like its own: with another ending, or after a
// slip.
func nearPath(arg string) string {
	dir, name := filepath.Split(filepath.Clean(arg))
	var names []string
	for _, e := range entries(dir) {
		if !strings.HasPrefix(e.Name(), ".") && e.Name() != name { // that is a link to nothing
			names = append(names, e.Name())
		}
	}
	stem := strings.TrimSuffix(name, filepath.Ext(name))
	for _, other := range names {
		if strings.EqualFold(strings.TrimSuffix(other, filepath.Ext(other)), stem) {
			return filepath.ToSlash(dir + other)
		}
	}
	if near := diag.Nearest(name, names); near != "" {
		return filepath.ToSlash(dir + near)
	}
	return ""
}

func entries(dir string) []fs.DirEntry {
	f, err := os.Open(cmp.Or(dir, "."))
	if err != nil {
		return nil
	}
	defer f.Close()
	found, _ := f.ReadDir(maxLooked)
	slices.SortFunc(found, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return found
}

// noTopology is the error for a directory without a topology of the usual name: it names the files that are one.
func noTopology(dir string) error {
	var at []string
	for _, e := range entries(dir) {
		name := filepath.Join(dir, e.Name())
		switch {
		case e.IsDir() && !strings.HasPrefix(e.Name(), ".") && isTopology(filepath.Join(name, "topology.yaml")):
			at = append(at, filepath.ToSlash(name))
		case !e.IsDir() && isTopology(name):
			at = append(at, filepath.ToSlash(name))
		}
	}
	shown := filepath.ToSlash(dir)
	switch len(at) {
	case 0:
		return usage.Errorf("no topology in %s: name a file, or a directory with topology.yaml, topology.yml, topology.json or a CUE package", shown)
	case 1:
		return usage.Errorf("no topology.yaml in %s: did you mean %s?", shown, at[0])
	}
	return usage.Errorf("no topology.yaml in %s: name the topology that is meant, such as %s", shown, strings.Join(at[:min(len(at), 5)], " or "))
}

// isTopology reports whether the beginning of a file says that it is a topology.
func isTopology(file string) bool {
	if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() {
		return false
	}
	f, err := os.Open(file)
	if err != nil {
		return false
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, 16<<10))
	return err == nil && bytes.Contains(head, []byte("meshtopo.dev/")) && bytes.Contains(head, []byte("Topology"))
}
