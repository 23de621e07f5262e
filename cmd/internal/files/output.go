package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
)

// Output is the path of a file that the command line wants written.
type Output string

// Head gives the beginning of the file that would be replaced, or nil where nothing would be lost: an empty file holds
// nothing; what is no regular file, and what the shell has opened, is written to and not replaced.
func (o Output) Head(size int64) ([]byte, error) {
	info, err := os.Stat(string(o))
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 || o.isOpen() {
		return nil, nil
	}
	file, err := os.Open(string(o))
	if err != nil {
		return nil, reason(err)
	}
	defer file.Close()
	head, err := io.ReadAll(io.LimitReader(file, size))
	if err != nil {
		return nil, reason(err)
	}
	return head, nil
}

// Replaces reports whether the output would be in the place of a file of a topology, or of one that it names, there or
// not; or be a part of its CUE package.
func (o Output) Replaces(t *Topology, file string) bool {
	if info, err := fs.Stat(t.root.FS(), file); err == nil && info.IsDir() {
		return filepath.Ext(string(o)) == ".cue" && o.Below(t.Dir)
	}
	return file != Stdin && o.real() == filepath.Join(t.Dir, filepath.FromSlash(file))
}

// Below reports whether the output would be in a directory.
func (o Output) Below(dir string) bool { return Below(RealDir(dir), o.real()) }

// Same reports whether two outputs would go to the same file.
func (o Output) Same(other Output) bool {
	own, err := os.Stat(string(o))
	its, errOther := os.Stat(string(other))
	return o.real() == other.real() || errors.Join(err, errOther) == nil && os.SameFile(own, its)
}

// real is where the output goes, without links, not even one to what is not there.
func (o Output) real() string {
	at := string(o)
	for range 40 {
		if resolved, err := filepath.EvalSymlinks(at); err == nil {
			return RealFile(resolved)
		}
		to, err := os.Readlink(at)
		if err != nil {
			break
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(RealDir(filepath.Dir(at)), to)
		}
		at = to
	}
	return RealFile(at)
}

// isOpen reports whether the path names an open file of the shell. What such a file holds already stays.
func (o Output) isOpen() bool {
	name := path.Clean(filepath.ToSlash(string(o)))
	return isDescriptor(name) || name == "/dev/stdout" || name == "/dev/stderr"
}

// Replace writes the file whole or not at all: to a file of its own beside the path, and from there into its place.
// What is no regular file, such as a pipe, is written to as it is, and so is a file that stands in a directory where
// nothing else can be made, or that is mounted there.
func (o Output) Replace(write func(io.Writer) error) error {
	place, mode, ok := o.place()
	if !ok {
		return o.overwrite(write)
	}
	beside := filepath.Join(filepath.Dir(place), fmt.Sprintf(".%s.%08x", filepath.Base(place), rand.Uint32()))
	file, err := os.OpenFile(beside, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	switch {
	case err != nil && mode != 0:
		return Output(place).overwrite(write)
	case err != nil:
		return &fs.PathError{Op: "open", Path: string(o), Err: reason(err)}
	}
	defer os.Remove(beside) // fails once it has its place
	if mode != 0 {
		file.Chmod(mode) // where there are modes
	}
	if err := finish(file, write); err != nil {
		return err
	}
	err = os.Rename(beside, place)
	if err != nil && mode != 0 {
		return Output(place).overwrite(write)
	}
	return err
}

// Append writes behind what the file holds.
func (o Output) Append(write func(io.Writer) error) error {
	return o.write(os.O_APPEND|os.O_CREATE, write)
}

func (o Output) overwrite(write func(io.Writer) error) error {
	if o.isOpen() {
		return o.write(os.O_APPEND, write) // it may be the log of more than this
	}
	return o.write(os.O_CREATE|os.O_TRUNC, write)
}

func (o Output) write(flags int, write func(io.Writer) error) error {
	file, err := os.OpenFile(string(o), flags|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	return finish(file, write)
}

// finish writes a file and closes it.
func finish(file *os.File, write func(io.Writer) error) error {
	if err := write(file); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}

// place gives the file that is replaced, with its mode, or the one that is not there yet, with mode 0. It reports false
// for what cannot be replaced: a pipe, a device, a link to nothing, an open file of the shell.
func (o Output) place() (place string, mode fs.FileMode, ok bool) {
	if o.isOpen() {
		return "", 0, false
	}
	place, err := filepath.EvalSymlinks(string(o))
	if errors.Is(err, fs.ErrNotExist) {
		_, err = os.Lstat(string(o))
		return string(o), 0, errors.Is(err, fs.ErrNotExist)
	}
	if err != nil {
		return "", 0, false
	}
	info, err := os.Stat(place)
	if err != nil || !info.Mode().IsRegular() {
		return "", 0, false
	}
	return place, info.Mode().Perm(), true
}
