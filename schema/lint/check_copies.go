package lint

import (
	"crypto/sha256"
	"hash"
	"io"
	"strconv"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

var objectTwice = &diag.Rule{
	Code: "object-twice", Severity: diag.Info,
	Title:  "an object that two files of a cluster have",
	Why:    "where both are applied, the later one replaces the other. Only the first is compared with other objects here",
	Fix:    "delete one of them; if the files are for different clusters, say which: --cluster NAME=PATH",
	Source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/",
	Bad:    "kind: Gateway   # and in another file the same\nmetadata: {name: cross-network-gateway, namespace: istio-system}",
	Good:   "kind: Gateway\nmetadata: {name: cross-network-gateway, namespace: istio-system}",
}

var copyGroup = group{rules: []*diag.Rule{objectTwice}}

// isCopy reports whether another file has an object already, and notes it once for each file. Objects of a file are
// not compared, nor patches, nor IstioOperators of which each says something else: another rule is about those.
// Where kustomize gives namespaces or names, those that are written do not tell objects apart.
func (c *cluster) isCopy(o *manifest.Object, found *diag.List) bool {
	file := o.Pos().File
	if o.Name == "" || o.Kind == "Kustomization" || c.patches.renames || c.patches.files[file] {
		return false
	}
	if c.copies == nil {
		c.copies = map[string]original{}
	}
	key := o.Group() + "/" + o.Kind + "/" + o.Namespace + "/" + o.Name
	own := original{o.At("metadata", "name"), digestOf(o.Root)}
	first, has := c.copies[key]
	if !has {
		c.copies[key] = own
	}
	same := own.digest == first.digest
	if !has || first.pos.File == file || o.Kind == "IstioOperator" && !same {
		return false
	}
	words := "%s is in another file, too, and differs"
	if same {
		words = "%s is in another file, too"
	}
	found.Add(own.pos, objectTwice, words, o).Relate(first.pos, "the first one")
	return true
}

// digestOf gives a digest of a value, whatever its notation.
func digestOf(n *document.Node) (digest [sha256.Size]byte) {
	h := sha256.New()
	write(h, n)
	h.Sum(digest[:0])
	return digest
}

func write(h hash.Hash, n *document.Node) {
	io.WriteString(h, strconv.Itoa(int(n.Kind))+" "+strconv.Itoa(len(n.Fields)+len(n.Items))+" "+strconv.Quote(n.Text))
	for _, e := range n.Fields {
		io.WriteString(h, strconv.Quote(e.Key))
		write(h, e.Value)
	}
	for _, item := range n.Items {
		write(h, item)
	}
}
