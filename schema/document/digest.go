package document

import (
	"crypto/sha256"
	"hash"
	"io"
	"strconv"
)

// Digest gives the SHA-256 of a value, which is the same in every notation.
func (n *Node) Digest() (digest [sha256.Size]byte) {
	h := sha256.New()
	n.write(h)
	h.Sum(digest[:0])
	return digest
}

func (n *Node) write(h hash.Hash) {
	io.WriteString(h, strconv.Itoa(int(n.Kind))+" "+strconv.Itoa(len(n.Fields)+len(n.Items))+" "+strconv.Quote(n.Text))
	for _, e := range n.Fields {
		io.WriteString(h, strconv.Quote(e.Key))
		e.Value.write(h)
	}
	for _, item := range n.Items {
		item.write(h)
	}
}
