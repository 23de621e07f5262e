package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/lint"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// manifestFile is a file below a directory that is linted. Neither is open but while it is read: there may be
// thousands.
type manifestFile struct {
	dir   string
	name  string // below it, with slashes
	shown string // how it is called from the working directory
	bad   error  // why it cannot be read, where that is known, or nil
}

// ManifestTypes are the endings of the names of manifests, without the dot.
var ManifestTypes = []string{"yaml", "yml", "json"}

// manifestFiles gives the files below a directory that can be manifests, sorted, also those that cannot be read, and
// the links to directories, which are not followed. Files and directories whose names start with a dot are other
// programs'.
func manifestFiles(dir string) (files []manifestFile, links []string, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", filepath.ToSlash(dir), reason(err))
	}
	defer root.Close()
	err = fs.WalkDir(root.FS(), ".", func(name string, e fs.DirEntry, err error) error {
		file := manifestFile{dir: dir, name: name, shown: path.Join(filepath.ToSlash(dir), name)}
		switch {
		case err != nil && name == ".":
			return fmt.Errorf("%s: %w", file.shown, reason(err))
		case err != nil:
			file.bad = reason(err)
			files = append(files, file)
			return nil
		case e.IsDir() && name != "." && strings.HasPrefix(e.Name(), "."):
			return fs.SkipDir
		case e.IsDir() || strings.HasPrefix(e.Name(), "."):
			return nil
		case e.Type()&fs.ModeSymlink != 0 && IsDir(file.path()):
			links = append(links, file.shown)
			return nil
		case !slices.Contains(ManifestTypes, strings.TrimPrefix(path.Ext(name), ".")) && !manifest.IsTemplate(name):
			return nil
		}
		file.bad = file.check(root)
		files = append(files, file)
		return nil
	})
	return files, links, err
}

func (f manifestFile) path() string { return filepath.Join(f.dir, filepath.FromSlash(f.name)) }

// check says what cannot be read, or not to an end, before anything is: a pipe would be waited for.
func (f manifestFile) check(root *os.Root) error {
	info, err := root.Stat(f.name)
	switch {
	case err == nil && !info.Mode().IsRegular():
		return errNotRegular
	case err == nil:
		return nil
	}
	if info, err := root.Lstat(f.name); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		return reason(err)
	}
	switch _, err := os.Stat(f.path()); {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("it is a link to nothing")
	case errors.Is(err, syscall.ELOOP):
		return errors.New("it is a link that leads back to itself")
	}
	return errors.New("it is a link out of its cluster's directory: name what it leads to, or copy it")
}

func (f manifestFile) source() lint.File { return lint.File{Name: f.shown, Read: f.read} }

func (f manifestFile) read() ([]byte, error) {
	if f.bad != nil {
		return nil, f.bad
	}
	file, err := os.OpenInRoot(f.dir, f.name)
	if err != nil {
		return nil, reason(err)
	}
	defer file.Close()
	text, err := readBounded(file)
	if err != nil {
		return nil, reason(err)
	}
	return text, nil
}

// readBounded reads no more than it takes to know that it is too much.
func readBounded(r io.Reader) ([]byte, error) {
	return io.ReadAll(io.LimitReader(r, document.MaxFileSize+1))
}
