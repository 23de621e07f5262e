package manifest

import (
	"bytes"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/private"
)

// withhold keeps a document that is, holds, or may hold a Secret out of every excerpt, but for its keys and for what is
// never private. The root is nil where it could not be read: nothing of it is shown then.
func withhold(file string, part document.Part, root *document.Node, found *diag.List) {
	if !part.Private && !holdsSecret(root) {
		return
	}
	places := &openPlaces{private: map[diag.Pos]bool{}}
	if separator := []byte("---"); bytes.HasPrefix(part.Text, separator) {
		places.open = append(places.open, diag.Pos{File: file, Line: part.Line, Col: 1, Width: len(separator)})
	}
	if root != nil {
		places.document(root)
	}
	lines := bytes.Count(bytes.TrimSuffix(part.Text, []byte{'\n'}), []byte{'\n'}) + 1
	found.Withhold(file, part.Line, part.Line+lines-1, places.places())
}

// holdsSecret reports whether an object, or one of a list, is a Secret.
func holdsSecret(root *document.Node) bool {
	if root == nil {
		return false
	}
	for _, item := range listed(root) {
		if holdsSecret(item) {
			return true
		}
	}
	return private.IsSecret(root.StringAt("kind"))
}

// listed gives the objects of a List.
func listed(root *document.Node) []*document.Node {
	if items := root.At("items"); items != nil && strings.HasSuffix(root.StringAt("kind"), "List") {
		return items.Items
	}
	return nil
}

// openPlaces are the places of a document that may be shown, and those that must not even if an alias repeats them
// where they may.
type openPlaces struct {
	open    []diag.Pos
	private map[diag.Pos]bool
}

func (p *openPlaces) places() []diag.Pos {
	var places []diag.Pos
	for _, pos := range p.open {
		if !p.private[pos] {
			places = append(places, pos)
		}
	}
	return places
}

func (p *openPlaces) document(root *document.Node) {
	items := listed(root)
	for _, item := range items {
		p.document(item)
	}
	switch {
	case items != nil:
		p.keys(root)
		p.fields(root)
	case isPublic(root):
		p.public(root)
	default:
		p.secret(root)
	}
}

// isPublic reports whether an object holds nothing private.
func isPublic(root *document.Node) bool {
	hasData := root.At("data") != nil || root.At("stringData") != nil
	return !private.InObject(root.StringAt("kind"), isValues(root), hasData)
}

// secret opens the keys of a Secret, those of its data and of its metadata, and what says which Secret it is.
func (p *openPlaces) secret(root *document.Node) {
	p.keys(root)
	p.fields(root)
	for _, e := range root.Fields {
		switch {
		case private.OpenFields.Has(e.Key):
		case e.Key == "metadata":
			p.metadata(e.Value)
		case e.Key == "data" || e.Key == "stringData":
			p.keys(e.Value)
			p.close(e.Value)
		default:
			p.close(e.Value)
		}
	}
}

func (p *openPlaces) metadata(metadata *document.Node) {
	p.keys(metadata)
	for _, e := range metadata.Fields {
		switch e.Key {
		case "name", "namespace":
			p.scalar(e.Value)
		case "labels", "annotations":
			p.keys(e.Value)
			for _, below := range e.Value.Fields {
				if e.Key == "labels" || private.OpenAnnotations.Has(below.Key) {
					p.scalar(below.Value)
				} else {
					p.close(below.Value)
				}
			}
		default:
			p.close(e.Value)
		}
	}
}

// public opens the keys and scalars of an object that shares a document with a Secret.
func (p *openPlaces) public(n *document.Node) {
	p.scalar(n)
	p.keys(n)
	for _, e := range n.Fields {
		if private.ClosedFields.Has(e.Key) {
			p.keys(e.Value)
			p.close(e.Value)
			continue
		}
		p.public(e.Value)
	}
	for _, item := range n.Items {
		p.public(item)
	}
}

func (p *openPlaces) fields(root *document.Node) {
	for _, e := range root.Fields {
		if private.OpenFields.Has(e.Key) {
			p.scalar(e.Value)
		}
	}
}

func (p *openPlaces) keys(n *document.Node) {
	for _, e := range n.Fields {
		p.open = append(p.open, e.KeyPos)
	}
}

func (p *openPlaces) scalar(n *document.Node) {
	if n.Kind != document.Map && n.Kind != document.List && !n.Broken {
		p.open = append(p.open, n.Pos)
	}
}

// close notes that the values in a value are private, but not the keys of a map.
func (p *openPlaces) close(n *document.Node) {
	if n.Kind != document.Map && n.Kind != document.List {
		p.private[n.Pos] = true
	}
	for _, e := range n.Fields {
		p.closeAll(e.Value)
	}
	for _, item := range n.Items {
		p.closeAll(item)
	}
}

// closeAll notes that a value is private, with all keys in it.
func (p *openPlaces) closeAll(n *document.Node) {
	for _, e := range n.Fields {
		p.private[e.KeyPos] = true
	}
	p.close(n)
}
