// Package files opens what a command line names: a topology, manifests, and the files that reports go to.
//
// Nothing is read outside of the directory that is named, and nothing that has no end. What the files mean is for
// others to say: here are paths, links, pipes and the words for what cannot be read.
package files

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// Standard input on the command line, and in positions.
const (
	Stdin     = "-"
	StdinName = "<stdin>"
)

// Here is the working directory, without symlinks. Where it is gone, nothing that is relative can be read anyway.
func Here() string {
	dir, err := os.Getwd()
	if err != nil {
		return "."
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		return real
	}
	return dir
}

// FromHere gives a real path from the working directory, with slashes; the absolute path where that is shorter.
func FromHere(real string) string {
	if rel, err := filepath.Rel(Here(), real); err == nil && (filepath.IsLocal(rel) || len(rel) < len(real)) {
		real = rel
	}
	return filepath.ToSlash(real)
}

// RealDir gives the absolute path of a directory without symlinks in it. filepath.Abs would be wrong in a working
// directory that was entered through a symlink: the system does not take ".." from the path that leads there.
func RealDir(dir string) string {
	if resolved, err := filepath.EvalSymlinks(dir); err == nil {
		dir = resolved
	}
	if filepath.IsAbs(dir) {
		return filepath.Clean(dir)
	}
	return filepath.Join(Here(), dir)
}

// RealPath is RealDir for a directory that may not be there yet: what there is of it has no symlinks.
func RealPath(dir string) string {
	if parent := filepath.Dir(dir); parent != dir {
		if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
			return filepath.Join(RealPath(parent), filepath.Base(dir))
		}
	}
	return RealDir(dir)
}

// RealFile gives the absolute path of a file whose directory has no symlinks in it. The file itself may be one:
// the root of the topology decides whether it can be followed.
func RealFile(file string) string {
	return filepath.Join(RealDir(filepath.Dir(file)), filepath.Base(file))
}

// Below reports whether a path is a directory or below it. Neither has links.
func Below(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(rel)
}

// IsDir reports whether there is a directory, or a link to one.
func IsDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// isDescriptor reports whether a path names an open file, as a shell has it for <(…). Opening that of a pipe does not
// wait: somebody has opened its other end.
func isDescriptor(arg string) bool {
	return arg == "/dev/stdin" || path.Dir(arg) == "/dev/fd" || path.Dir(arg) == "/proc/self/fd"
}

// reason is why a file could not be read, without the name of the system call and the path.
func reason(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
