package tree

import (
	"bytes"

	"meshtopo.dev/meshtopo/render/layout"
)

// Committed are the files of one topology as they lie in a directory, with what was recorded of them.
type Committed struct {
	dir   *Dir
	owner string
	sums  map[string]digests // by cluster, as far as they were asked for
}

// NewCommitted gives the files of the topology called owner.
func NewCommitted(dir *Dir, owner string) *Committed {
	return &Committed{dir, owner, map[string]digests{}}
}

// maxCiphertext is more than any Secret gives.
const maxCiphertext = 8 << 20

// Get gives what lies at a path, with LF line ends, and the digest that was recorded of it when it was written, or "".
// The text is nil where there is no file of the topology.
func (c *Committed) Get(path string) (text []byte, recorded string, err error) {
	recorded = c.recorded(path)
	found, err := c.dir.lstat(path)
	if err != nil || found == nil || !found.Mode().IsRegular() {
		return nil, recorded, err
	}
	if text, err = c.dir.readFile(path, maxCiphertext); err != nil || string(markedBy(text[:min(len(text), headSize)])) != c.owner {
		return nil, recorded, err
	}
	return bytes.TrimPrefix(text, []byte("\ufeff")), recorded, nil
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
