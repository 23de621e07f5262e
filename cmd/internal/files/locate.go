package files

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"meshtopo.dev/meshtopo/cmd/internal/usage"
)

// locate gives the file or CUE package that an argument means, and the root of a topology which begins there:
// real paths, but for stdin and what is read in its place.
func (t *Topology) locate(arg string) (file, root string, err error) {
	if arg == Stdin {
		return Stdin, Here(), nil
	}
	info, err := os.Stat(arg)
	switch {
	case arg == "":
		return "", "", usage.Errorf("an argument is empty")
	case err != nil:
		return "", "", notThere(arg, err)
	case info.IsDir():
		return locateIn(arg)
	case isDescriptor(arg) && info.Mode()&fs.ModeDevice == 0:
		return Stdin, Here(), t.openPipe(arg)
	case info.Mode().IsRegular():
		return RealFile(arg), RealDir(filepath.Dir(arg)), nil
	}
	return "", "", fmt.Errorf("%s: %w; redirect it to standard input and name that: -", arg, errNotRegular)
}

// openPipe has an open file read in the place of standard input. A second one is refused as a second stdin is.
func (t *Topology) openPipe(arg string) (err error) {
	if t.pipe == nil {
		t.pipe, err = os.Open(arg)
		t.Stdin = t.pipe
	}
	return err
}

// locateIn looks for a topology in a directory.
func locateIn(dir string) (file, root string, err error) {
	var found []string
	for _, name := range []string{"topology.yaml", "topology.yml", "topology.json"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && !info.IsDir() {
			found = append(found, name)
		}
	}
	switch len(found) {
	case 0:
		return locatePackage(dir)
	case 1:
		return filepath.Join(RealDir(dir), found[0]), RealDir(dir), nil
	}
	return "", "", usage.Errorf("%s has %s: name the one that is meant, or all to unify them", dir, strings.Join(found, " and "))
}

// locatePackage gives a CUE package and the directory of the module that it is part of.
func locatePackage(dir string) (file, root string, err error) {
	if files, _ := filepath.Glob(filepath.Join(dir, "*.cue")); len(files) == 0 {
		return "", "", noTopology(dir)
	}
	start := RealDir(dir)
	for root = start; ; root = filepath.Dir(root) {
		if IsDir(filepath.Join(root, "cue.mod")) {
			return start, root, nil
		}
		if root == filepath.Dir(root) {
			return start, start, nil
		}
	}
}
