// Package tree holds rendered files, compares them with a directory and applies the difference.
//
// [Diff] is the single comparison: the diff command prints it, render applies it, and golden tests expect it
// empty. Both sides stream: a file of the tree is a list of byte slices that files share with each other, and the
// directory's side is read one file at a time.
//
// [Apply] never leaves a file half written and never changes a file that meshtopo did not write. Every generated file
// opens with a mark that names its topology ([Marker]); a file without it, or with another topology's, belongs to
// somebody else. What the files mean is package render's business.
package tree

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"meshtopo.dev/meshtopo/render/layout"
)

// Tree is the set of files that one topology gives.
type Tree struct {
	Owner string // the topology's name, as in the marker
	Files []File // sorted by Path
}

// File is one rendered file.
type File struct {
	Path    string   // slash-separated, below the output directory
	Body    [][]byte // the content in pieces, which may be shared between files and must not change
	Private bool     // holds a key or a token: created 0600, content never shown
	Unknown bool     // the content is not known: only existence is compared, and Body only names objects

	Encrypted bool        // holds ciphertext: everybody may have it, and it is of no use to show
	Stale     *Stale      // what is wrong with the ciphertext on disk, or nil; Body may be what it should be
	Seen      fs.FileInfo // where Body is what lies on disk already: the file that it was read from
	Read      bool        // Body is what this run has just read there, and the comparison need not look at it again
	Sum       string      // what the sum file records of ciphertext, or "" where that is not known
	Unproven  bool        // whether the private part of the ciphertext is today's cannot be known
}

// Stale says that ciphertext on disk is no longer what it should be.
type Stale struct {
	Kind Kind
	Line int    // where that shows
	Why  string // in a few words, with public names only
}

// Size is the length of the content in bytes.
func (f *File) Size() int64 {
	var n int64
	for _, piece := range f.Body {
		n += int64(len(piece))
	}
	return n
}

// WriteTo writes the content piece by piece, without joining it first.
func (f *File) WriteTo(w io.Writer) (int64, error) {
	var written int64
	for _, piece := range f.Body {
		n, err := w.Write(piece)
		written += int64(n)
		if err != nil {
			return written, err
		}
	}
	return written, nil
}

// Unchecked lists the paths within scope that a comparison cannot look into, because their content is unknown.
func (t *Tree) Unchecked(scope Scope) []string {
	var paths []string
	for i := range t.Files {
		if f := &t.Files[i]; f.Unknown && scope.Contains(f.Path) {
			paths = append(paths, f.Path)
		}
	}
	return paths
}

// check refuses a tree that could not be told apart from its surroundings once written. Its findings are mistakes
// of the program, not of its user; they are checked all the same, because such a mistake could overwrite somebody's
// file.
func (t *Tree) check() error {
	if t.Owner == "" {
		return errors.New("rendered files without the name of their topology")
	}
	var errs []error
	refuse := func(f *File, err error) {
		errs = append(errs, fmt.Errorf("rendered file %q: %w", f.Path, err))
	}
	dirs := map[string]bool{}
	for i := range t.Files {
		f := &t.Files[i]
		if err := t.checkFile(f); err != nil {
			refuse(f, err)
		}
		if i > 0 && t.Files[i-1].Path >= f.Path {
			refuse(f, errors.New("listed twice or out of order"))
		}
		for dir := parent(f.Path); dir != "." && !dirs[dir]; dir = parent(dir) {
			dirs[dir] = true
		}
	}
	for i := range t.Files {
		if f := &t.Files[i]; dirs[f.Path] {
			refuse(f, errors.New("also a directory"))
		}
	}
	return errors.Join(errs...)
}

func (t *Tree) checkFile(f *File) error {
	switch {
	case !validPath(f.Path):
		return fmt.Errorf("not a plain slash-separated path below %s/", layout.Top)
	case f.Unknown:
		return nil
	}
	if string(markedBy(f.head())) != t.Owner {
		return fmt.Errorf("does not open with %q", Marker(t.Owner))
	}
	return nil
}

// head is enough of the content to hold the marker. Mostly the first piece is a line, or more.
func (f *File) head() []byte {
	if len(f.Body) > 0 && bytes.IndexByte(f.Body[0], '\n') >= 0 {
		return f.Body[0][:min(len(f.Body[0]), headSize)]
	}
	var head []byte
	for _, piece := range f.Body {
		head = append(head, piece[:min(len(piece), headSize-len(head))]...)
	}
	return head
}

// validPath accepts what means the same file on every system: no "..", no empty element, and no backslash, which
// separates directories on Windows only.
func validPath(path string) bool {
	return fs.ValidPath(path) && strings.HasPrefix(path, layout.Top+"/") && !strings.ContainsAny(path, "\\\n\r\x00")
}

// base and parent split a path at its last element.
func base(path string) string {
	return path[strings.LastIndexByte(path, '/')+1:]
}

func parent(path string) string {
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		return path[:i]
	}
	return "."
}
