package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"slices"
)

// rewriting is a file that gets another text: the new one is written beside it and takes its place when all are there.
type rewriting struct {
	root         *os.Root
	name, beside string // below it
}

// Rewrite gives files of manifests other texts, each whole or not at all. Nothing is changed if one of them cannot be
// written, or has changed since it was read.
func (m *Manifests) Rewrite(ctx context.Context, before, after map[string][]byte) error {
	var all []rewriting
	roots := map[string]*os.Root{}
	defer func() {
		for _, r := range all {
			r.root.Remove(r.beside) // fails once it has its place
		}
		for _, root := range roots {
			root.Close()
		}
	}()
	for _, file := range slices.Sorted(maps.Keys(after)) {
		at := m.files[file]
		if roots[at.dir] == nil {
			root, err := os.OpenRoot(at.dir)
			if err != nil {
				return fmt.Errorf("%s: %w; nothing was changed", file, reason(err))
			}
			roots[at.dir] = root
		}
		r, err := prepare(roots[at.dir], at.name, before[file], after[file])
		if err != nil {
			return fmt.Errorf("%s: %w; nothing was changed", file, reason(err))
		}
		all = append(all, r)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for _, r := range all {
		if err := r.root.Rename(r.beside, r.name); err != nil {
			return fmt.Errorf("%s: %w; some files may have been changed", r.name, reason(err))
		}
	}
	return nil
}

var errChanged = errors.New("it has changed since it was read")

// prepare writes the new text of a file beside it, with its mode.
func prepare(root *os.Root, name string, before, after []byte) (rewriting, error) {
	name = behindLinks(root, name)
	info, err := root.Lstat(name)
	if err != nil {
		return rewriting{}, err
	}
	if !info.Mode().IsRegular() {
		return rewriting{}, errNotRegular
	}
	if now, err := root.ReadFile(name); err != nil || !bytes.Equal(now, before) {
		return rewriting{}, errors.Join(err, errChanged)
	}
	dir, base := path.Split(name)
	r := rewriting{root, name, fmt.Sprintf("%s.%s.%08x", dir, base, rand.Uint32())}
	file, err := root.OpenFile(r.beside, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return rewriting{}, err
	}
	if err := save(file, after, info.Mode().Perm()); err != nil {
		root.Remove(r.beside)
		return rewriting{}, err
	}
	return r, nil
}

// save writes a file to the disk and closes it.
func save(file *os.File, text []byte, mode fs.FileMode) error {
	_, err := file.Write(text)
	file.Chmod(mode) // where there are modes
	return errors.Join(err, file.Sync(), file.Close())
}

// behindLinks gives the name of the file that links lead to. Those that lead out of the directory could not have been
// read.
func behindLinks(root *os.Root, name string) string {
	for range 40 {
		target, err := root.Readlink(name)
		if err != nil {
			return name
		}
		dir, _ := path.Split(name)
		name = dir + target // not cleaned: a directory on the way may be a link as well
	}
	return name
}
