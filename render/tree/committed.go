package tree

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"

	"meshtopo.dev/meshtopo/render/layout"
)

// Committed are the files of one topology as they lie in a directory, with what was recorded of them.
type Committed struct {
	dir   *Dir
	owner string
	sums  map[string]digests // by cluster, as far as they were asked for

	parent string   // the directory that was read last, as files are asked for in the order of their paths
	opened *os.Root // it, or nil
	buf    []byte
	latest map[string]*Found // by the name of the file: clusters have copies of one another's
}

// Found is what lies at a path.
type Found struct {
	Text     []byte // with LF line ends; nil where there is no file of the topology
	Digest   string // of the text, as a sum file has it
	Recorded string // the digest that was recorded when the file was written, or ""
	Seen     fs.FileInfo
}

// NewCommitted gives the files of the topology called owner. Close has to be called in the end.
func NewCommitted(dir *Dir, owner string) *Committed {
	return &Committed{dir: dir, owner: owner, sums: map[string]digests{}, latest: map[string]*Found{}}
}

// Close releases what is open.
func (c *Committed) Close() error {
	if c.opened == nil {
		return nil
	}
	return c.opened.Close()
}

// maxCiphertext is more than any Secret gives.
const maxCiphertext = 8 << 20

// Get gives what lies at a path.
func (c *Committed) Get(path string) (Found, error) {
	found := Found{Recorded: c.recorded(path)}
	seen, err := c.read(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return found, nil
	case err != nil:
		return found, c.dir.failure("read", path, err)
	case seen == nil:
		return found, nil
	}
	if string(markedBy(c.buf[:min(len(c.buf), headSize)])) != c.owner {
		return found, nil
	}
	known := c.latest[base(path)]
	if known == nil || !bytes.Equal(known.Text, c.buf) {
		text := unixLines(bytes.TrimPrefix(bytes.Clone(c.buf), []byte("\ufeff")))
		known = &Found{Text: text, Digest: Digest(text)}
		c.latest[base(path)] = known
	}
	found.Text, found.Digest, found.Seen = known.Text, known.Digest, seen
	return found, nil
}

// read reads a regular file into the buffer, and says what was seen of it; nothing where it is none, or too large.
func (c *Committed) read(path string) (fs.FileInfo, error) {
	if c.dir.root == nil {
		return nil, nil
	}
	if c.enter(parent(path)) != nil {
		return nil, nil // it is not there, or something else is, which the comparison tells
	}
	f, err := openFile(c.opened, base(path))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	seen, err := f.Stat()
	if err != nil || !seen.Mode().IsRegular() || seen.Size() > maxCiphertext {
		return nil, err
	}
	c.buf = slices.Grow(c.buf[:0], int(seen.Size()))[:seen.Size()]
	_, err = io.ReadFull(f, c.buf)
	return seen, err
}

// enter opens a directory, once for all of its files: names would be resolved element by element for each otherwise.
func (c *Committed) enter(dir string) error {
	if c.opened != nil && c.parent == dir {
		return nil
	}
	if c.opened != nil {
		c.opened.Close()
	}
	var err error
	c.parent = dir
	c.opened, err = c.dir.root.OpenRoot(dir)
	return err
}

func (c *Committed) recorded(path string) string {
	cluster, name, ok := layout.Split(path)
	if !ok {
		return ""
	}
	sums, ok := c.sums[cluster]
	if !ok {
		sums = c.dir.readSums(cluster)
		c.sums[cluster] = sums
	}
	return sums[name]
}
