package tree

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Dir is the output directory: the side of the comparison that is on disk. All access goes through an [os.Root], so
// that no name and no symlink leads out of it.
type Dir struct {
	path string
	root *os.Root // nil while the directory does not exist
}

// Open opens the output directory. One that does not exist is empty; [Apply] makes it.
func Open(path string) (*Dir, error) {
	root, err := openRoot(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &Dir{path: path}, nil
	}
	if err != nil {
		return nil, failure("open", path, err)
	}
	return &Dir{path, root}, nil
}

// openRoot opens a directory, and nothing else: opening a pipe would wait for its other end.
func openRoot(path string) (*os.Root, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, errors.New("it is not a directory")
	}
	return os.OpenRoot(path)
}

// Close releases the directory. Changes that came from it can no longer be read.
func (d *Dir) Close() error {
	if d.root == nil {
		return nil
	}
	return d.root.Close()
}

// create makes the directory if it does not exist yet.
func (d *Dir) create() error {
	if d.root != nil {
		return nil
	}
	err := os.MkdirAll(d.path, 0o755)
	if err == nil {
		d.root, err = openRoot(d.path)
	}
	if err != nil {
		return failure("create", d.path, err)
	}
	return nil
}

// lstat describes the entry called name, without following it if it is a symlink; nil if there is none.
func (d *Dir) lstat(name string) (fs.FileInfo, error) {
	if d.root == nil {
		return nil, nil
	}
	info, err := d.root.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, d.failure("look at", name, err)
	}
	return info, nil
}

// failure says which file an operation failed on, by the path that a person would use.
func (d *Dir) failure(op, name string, err error) error {
	return failure(op, filepath.Join(d.path, filepath.FromSlash(name)), err)
}

// failure replaces the system call and the path in err, which mean the innermost directory handle, by what was
// attempted and the path a person knows.
func failure(op, path string, err error) error {
	var pathErr *fs.PathError
	var linkErr *os.LinkError
	switch {
	case errors.As(err, &pathErr):
		err = pathErr.Err
	case errors.As(err, &linkErr):
		err = linkErr.Err
	}
	return &fs.PathError{Op: op, Path: path, Err: err}
}
