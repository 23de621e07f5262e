package grammar

import (
	"strconv"

	"meshtopo.dev/meshtopo/schema/document"
)

// Place is what a grammar knows of a value in a document.
type Place struct {
	Path   []string
	Entry  *document.Entry // its key; nil for an item of a list, and for the document
	Node   *document.Node
	Known  bool   // the grammar has the key
	Name   bool   // the key is a name that the document declares, and has the form of one
	Type   string // of a string: the definition it fits, such as #Label; "" where the schema has none
	Fits   bool   // a string that the schema allows here
	Scalar bool   // one of the words, names, numbers, paths or addresses of the schema: no text that may be anything
	Free   bool   // a map whose fields the schema leaves to others
}

// Places calls f for the values of a document, each before those in it. Below one for which f returns false it goes no
// deeper.
func (g *Grammar) Places(root *document.Node, f func(Place) bool) {
	walkPlaces(Place{Node: root, Known: true}, g.document, f)
}

func walkPlaces(p Place, s *shape, f func(Place) bool) {
	if s != nil {
		p.Type, p.Free, p.Fits = s.name, s.open, s.fits(p.Node.Text)
		p.Scalar = s.kind == document.Bool || len(s.enum) > 0 || s.kind == document.Int && p.Node.Kind == document.Int || s.kind == document.String && s.words != ""
	}
	if !f(p) {
		return
	}
	below := func(key string) []string { return append(p.Path[:len(p.Path):len(p.Path)], key) }
	for _, e := range p.Node.Fields {
		next := Place{Path: below(e.Key), Entry: e, Node: e.Value}
		if s != nil {
			next.Known = s.field(e.Key) != nil
			next.Name = !next.Known && s.key != nil && s.key.words != "" && s.key.fits(e.Key) && !e.Bare
		}
		walkPlaces(next, s.below(e.Key), f)
	}
	for i, item := range p.Node.Items {
		walkPlaces(Place{Path: below(strconv.Itoa(i)), Node: item}, s.below(strconv.Itoa(i)), f)
	}
}

// IsWord reports whether what stands at a path is one of the words, names, numbers, paths or addresses of the schema.
func (g *Grammar) IsWord(path []string) bool {
	s := g.document
	for _, name := range path {
		s = s.below(name)
	}
	return s != nil && (s.kind == document.Bool || len(s.enum) > 0 || s.words != "")
}

// IsField reports whether the schema has a field of that name anywhere.
func (g *Grammar) IsField(name string) bool { return len(g.places(name)) > 0 }
