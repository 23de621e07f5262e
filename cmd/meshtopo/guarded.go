package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// openFS is a directory of the user. Opening a pipe in it does not wait for a writer.
type openFS struct {
	open func(name string, flag int, perm fs.FileMode) (*os.File, error)
	stat func(name string) (fs.FileInfo, error)
}

// confined is a directory that no name and no link leads out of.
func confined(root *os.Root) openFS { return openFS{root.OpenFile, root.Stat} }

// within is a directory of which links may lead anywhere.
func within(dir string) openFS {
	return openFS{
		open: func(name string, flag int, perm fs.FileMode) (*os.File, error) {
			return os.OpenFile(filepath.Join(dir, name), flag, perm)
		},
		stat: func(name string) (fs.FileInfo, error) { return os.Stat(filepath.Join(dir, name)) },
	}
}

// Open opens what is there, to be looked at before it is read.
func (o openFS) Open(name string) (fs.File, error) {
	local, err := filepath.Localize(name)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	f, err := o.open(local, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err // not f, which would be no nil
	}
	return f, nil
}

// Stat follows links.
func (o openFS) Stat(name string) (fs.FileInfo, error) {
	local, err := filepath.Localize(name)
	if err != nil {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrInvalid}
	}
	return o.stat(local)
}

// guardedFS is a directory of the user, of which nothing is read but files of a sane size: a device may have no end. Opening
// what is in the directory must not wait.
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
	f, err := g.FS.Open(name)
	if err != nil {
		return nil, g.unopened(name, err)
	}
	info, err := f.Stat()
	if err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: name, Err: errNotRegular}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// unopened is why something could not be opened: a socket never can.
func (g guardedFS) unopened(name string, err error) error {
	if info, e := fs.Stat(g.FS, name); e == nil && !info.IsDir() && !info.Mode().IsRegular() {
		return &fs.PathError{Op: "open", Path: name, Err: errNotRegular}
	}
	return err
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
