package evaluator

import (
	"bytes"
	"errors"
	"io/fs"
	"strings"
	"sync"
)

// recordingFS remembers which files CUE opened and which it was refused.
type recordingFS struct {
	fs.FS
	mu      sync.Mutex
	opened  []string
	refused []*fs.PathError
}

func (r *recordingFS) Open(name string) (fs.File, error) {
	f, err := r.FS.Open(name)
	r.note(name, err)
	return f, err
}

// ReadFile lets CUE read in one step.
func (r *recordingFS) ReadFile(name string) ([]byte, error) {
	text, err := fs.ReadFile(r.FS, name)
	r.note(name, err)
	return text, err
}

func (r *recordingFS) note(name string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var pathErr *fs.PathError
	switch {
	case err == nil && strings.HasSuffix(name, ".cue"):
		r.opened = append(r.opened, name)
	case err != nil && !errors.Is(err, fs.ErrNotExist) && errors.As(err, &pathErr):
		r.refused = append(r.refused, &fs.PathError{Op: pathErr.Op, Path: name, Err: pathErr.Err})
	}
}

// checkoutFS reads text as git has committed it. A checkout with CRLF, which is git's default on Windows, must not mean
// anything else than one with LF, and CUE refuses a text of several lines whose lines end with CRLF.
type checkoutFS struct{ fs.FS }

// ReadFile is what CUE, too, reads files with.
func (c checkoutFS) ReadFile(name string) ([]byte, error) {
	text, err := fs.ReadFile(c.FS, name)
	if bytes.IndexByte(text, 0) >= 0 { // git leaves it alone as well
		return text, err
	}
	return bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), err
}
