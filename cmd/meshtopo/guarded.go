package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// guardedFS is a directory of the user, of which nothing is read but files of a sane size: opening a pipe waits for
// a writer, and a device may have no end.
type guardedFS struct{ fs.FS }

// maxRead bounds what is read of a file. It leaves room for package schema, which says of a topology above 16 MiB that
// it is none.
const maxRead = 32 << 20

var (
	errNotRegular = errors.New("it is not a regular file")
	errTooLarge   = fmt.Errorf("it is larger than %d MiB", maxRead>>20)
)

// Open opens a directory or a regular file.
func (g guardedFS) Open(name string) (fs.File, error) {
	info, err := fs.Stat(g.FS, name)
	if err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: name, Err: errNotRegular}
	}
	if err != nil {
		return nil, err
	}
	return g.FS.Open(name)
}

// Stat spares the guard: it reads nothing.
func (g guardedFS) Stat(name string) (fs.FileInfo, error) { return fs.Stat(g.FS, name) }

// ReadFile reads a regular file, unless it is larger than maxRead.
func (g guardedFS) ReadFile(name string) ([]byte, error) {
	f, err := g.Open(name)
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
	return text, nil
}
