package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// WorkingDir is what can be read in the working directory and below.
func WorkingDir() fs.FS { return guardedFS{FS: os.DirFS(Here())} }

// guardedFS is a directory of the user, of which nothing is read but files of a sane size: opening a pipe waits for
// a writer, and a device may have no end.
type guardedFS struct {
	fs.FS
	note func(name string) // is told of what has been read; or nil
}

// maxRead bounds what is read of a file. It leaves room for package schema, which says of a topology above 16 MiB that
// it is none.
const maxRead = 32 << 20

var (
	errNotRegular = errors.New("it is not a regular file")
	errTooLarge   = fmt.Errorf("it is larger than %d MiB", maxRead>>20)
)

// Open opens a directory or a regular file.
func (g guardedFS) Open(name string) (fs.File, error) {
	f, err := g.open(name)
	g.noted(name, err)
	return f, err
}

func (g guardedFS) open(name string) (fs.File, error) {
	info, err := fs.Stat(g.FS, name)
	if err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: name, Err: errNotRegular}
	}
	if err != nil {
		return nil, err
	}
	return g.FS.Open(name)
}

// Stat needs no guard: it reads nothing.
func (g guardedFS) Stat(name string) (fs.FileInfo, error) { return fs.Stat(g.FS, name) }

// ReadDir lists a directory. That is not noted: nothing in it has been read.
func (g guardedFS) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(g.FS, name) }

// ReadFile reads a regular file, unless it is larger than maxRead.
func (g guardedFS) ReadFile(name string) ([]byte, error) {
	f, err := g.open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxRead+1))
	if err == nil && len(text) > maxRead {
		err = &fs.PathError{Op: "read", Path: name, Err: errTooLarge}
	}
	if err != nil {
		return nil, err
	}
	g.noted(name, nil)
	return text, nil
}

func (g guardedFS) noted(name string, err error) {
	if g.note != nil && err == nil {
		g.note(name)
	}
}
