package tree

import (
	"bytes"

	"meshtopo.dev/meshtopo/render/layout"
)

// Committed gives what lies at a path, with LF line ends, and the digest that was recorded of it when it was written, or
// "". The text is nil where there is no file of the topology called owner.
func (d *Dir) Committed(path, owner string) (text []byte, recorded string, err error) {
	recorded = d.recorded(path)
	found, err := d.lstat(path)
	if err != nil || found == nil || !found.Mode().IsRegular() {
		return nil, recorded, err
	}
	if text, err = d.readFile(path, maxCiphertext); err != nil || string(markedBy(text[:min(len(text), headSize)])) != owner {
		return nil, recorded, err
	}
	return bytes.TrimPrefix(text, []byte("\ufeff")), recorded, nil
}

// maxCiphertext is more than any Secret gives.
const maxCiphertext = 8 << 20

// recorded gives the digest that the sum file of a cluster has of a file, or "".
func (d *Dir) recorded(path string) string {
	cluster, name, ok := layout.Split(path)
	if !ok {
		return ""
	}
	if d.sums == nil {
		d.sums = map[string]digests{}
	}
	sums, ok := d.sums[cluster]
	if !ok {
		sums = d.readSums(cluster)
		d.sums[cluster] = sums
	}
	return sums[name]
}
