package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"meshtopo.dev/meshtopo/cmd/internal/report"
)

// target is one report: its format, and a file or "" for stdout.
type target struct{ format, path string }

func (t target) String() string { return strings.TrimSuffix(t.format+"="+t.path, "=") }

func (t target) write(io stdio, r *report.Report) error {
	format, err := report.New(t.format, t.path == "" && colours(io.out))
	if err != nil {
		return err
	}
	if t.path == "" {
		return format.Write(io.out, r)
	}
	return t.replace(format, r)
}

// replace writes the report whole or not at all: to a file of its own beside the path, and from there into its place.
// What is no regular file, such as a pipe, is written to as it is, and so is a file that stands in a directory where
// nothing else can be made, or that is mounted there.
func (t target) replace(format report.Format, r *report.Report) error {
	path, mode, ok := t.place()
	if !ok {
		return overwrite(t.path, format, r)
	}
	beside := filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s.%08x", filepath.Base(path), rand.Uint32()))
	file, err := os.OpenFile(beside, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	switch {
	case err != nil && mode != 0:
		return overwrite(path, format, r)
	case err != nil:
		return &fs.PathError{Op: "open", Path: t.path, Err: reason(err)}
	}
	defer os.Remove(beside) // fails once it has its place
	if mode != 0 {
		file.Chmod(mode) // where there are modes
	}
	if err := finish(file, format, r); err != nil {
		return err
	}
	err = os.Rename(beside, path)
	if err != nil && mode != 0 {
		return overwrite(path, format, r)
	}
	return err
}

func overwrite(path string, format report.Format, r *report.Report) error {
	flags := os.O_CREATE | os.O_WRONLY | os.O_TRUNC
	if isOpenFile(path) {
		flags = os.O_WRONLY | os.O_APPEND // it may be the log of more than this
	}
	file, err := os.OpenFile(path, flags, 0o666)
	if err != nil {
		return err
	}
	return finish(file, format, r)
}

// finish writes a report and closes its file.
func finish(file *os.File, format report.Format, r *report.Report) error {
	if err := format.Write(file, r); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}

// place gives the file that is replaced, with its mode, or the one that is not there yet, with mode 0. It reports false
// for what cannot be replaced: a pipe, a device, a link to nothing, an open file of the shell.
func (t target) place() (path string, mode fs.FileMode, ok bool) {
	if isOpenFile(t.path) {
		return "", 0, false
	}
	path, err := filepath.EvalSymlinks(t.path)
	if errors.Is(err, fs.ErrNotExist) {
		_, err = os.Lstat(t.path)
		return t.path, 0, errors.Is(err, fs.ErrNotExist)
	}
	if err != nil {
		return "", 0, false
	}
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return "", 0, false
	}
	return path, info.Mode().Perm(), true
}
