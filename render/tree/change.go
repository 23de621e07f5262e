package tree

import (
	"bytes"
	"errors"
)

// Kind says how a file on disk differs from what the topology gives.
type Kind string

// The kinds of change, in the words that the diff command prints.
const (
	Added       Kind = "added"       // not on disk
	Changed     Kind = "changed"     // the topology moved on since it was written
	Removed     Kind = "removed"     // ours, and no longer part of the tree
	HandEdited  Kind = "hand-edited" // its digest is not the one that was recorded when it was written
	Interrupted Kind = "interrupted" // a render was killed before it came to this file
)

// Change is one file that differs.
type Change struct {
	Path      string
	Kind      Kind
	Private   bool   // the content of either side must not be shown
	Unknown   bool   // not on disk, and its content is not known either
	AsWritten bool   // what is on disk has the digest that was recorded when it was written
	Encrypted bool   // what the tree has is ciphertext: nothing of it is shown, and it is no secret
	Stale     *Stale // why ciphertext on disk is no longer what it should be, or nil

	have *Dir  // nil if there is nothing on disk
	want *File // nil if the tree does not have it
}

// errPrivate keeps keys and tokens out of whatever would print a change.
var errPrivate = errors.New("holds private material, which is not shown")

// Old reads what is on disk, with LF line ends, and of a file that is too long its beginning; nil if there is nothing.
// It is for changes that are not applied yet.
func (c *Change) Old() ([]byte, error) {
	if c.Private {
		return nil, errPrivate
	}
	if c.have == nil {
		return nil, nil
	}
	return c.have.readFile(c.Path, c.worthShowing())
}

// worthShowing is how much of the file on disk is looked at: what could have been rendered there, and then some.
func (c *Change) worthShowing() int64 {
	if c.want == nil {
		return 1 << 18
	}
	return 1<<18 + 2*c.want.Size()
}

// New joins what the tree has; nil if it has no such file.
func (c *Change) New() ([]byte, error) {
	if c.Private {
		return nil, errPrivate
	}
	if c.want == nil {
		return nil, nil
	}
	return bytes.Join(c.want.Body, nil), nil
}

// Inspect shows f what is on disk and what the tree has, nil where there is nothing, private files included: f is to
// tell which objects they hold, and must not keep or show what the objects say. It is for changes that are not
// applied yet. What f sees of the tree is in buf, which is returned for the next call.
func (c *Change) Inspect(buf []byte, f func(have, want []byte)) ([]byte, error) {
	var have, want []byte
	if c.have != nil {
		var err error
		if have, err = c.have.readFile(c.Path, c.worthShowing()); err != nil {
			return buf, err
		}
	}
	if c.want != nil {
		want = buf[:0]
		for _, piece := range c.want.Body {
			want = append(want, piece...)
		}
		buf = want
	}
	f(have, want)
	return buf, nil
}
