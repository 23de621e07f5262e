// Package shown says what of a file may be shown: of objects of Kubernetes and Istio, of values of Istio's charts, and
// of texts that cannot be read.
//
// It goes by what is known to be public, never by what looks private: keys that the tables of package istio have, and
// values whose places these tables know as words, numbers, names, paths or addresses. Everything else is masked.
package shown

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/private"
)

// Places collects what may be shown of a document. Its zero value is ready for use.
type Places struct {
	always, marked []diag.Pos
	closed         map[diag.Pos]bool // a value that an alias repeats in a place that is not public
	move           func(diag.Pos) diag.Pos
}

// Shown gives the places. Those of a value that is repeated where it must not be shown are not among them.
func (p *Places) Shown() diag.Open {
	open := func(places []diag.Pos) []diag.Pos {
		return slices.DeleteFunc(places, func(pos diag.Pos) bool { return p.closed[pos] })
	}
	return diag.Open{Always: open(p.always), Marked: open(p.marked)}
}

// Key opens a key that is known.
func (p *Places) Key(e *document.Entry) { p.always = append(p.always, p.at(e.KeyPos)) }

// UnknownKey opens a key that nobody knows in a document of a known kind, if it has the form of one.
func (p *Places) UnknownKey(e *document.Entry) {
	if private.IsKey(e.Key) && !e.Bare {
		p.Key(e)
	}
}

// Name opens a value that the document declares as a name.
func (p *Places) Name(n *document.Node) { p.always = append(p.always, p.at(n.Pos)) }

// Value opens a scalar whose place is public, where it is marked.
func (p *Places) Value(n *document.Node) {
	if IsScalar(n) && !private.LooksPrivate(n.Text) && !private.LooksPrivate(n.Unquoted) {
		p.marked = append(p.marked, p.at(n.Pos))
		return
	}
	p.Close(n)
}

// Close keeps a value, and all that is in it, from being shown anywhere.
func (p *Places) Close(n *document.Node) {
	if p.closed == nil {
		p.closed = map[diag.Pos]bool{}
	}
	if IsScalar(n) {
		p.closed[p.at(n.Pos)] = true
	}
	for _, e := range n.Fields {
		p.closed[p.at(e.KeyPos)] = true
		p.Close(e.Value)
	}
	for _, item := range n.Items {
		p.Close(item)
	}
}

// IsScalar reports whether a value is one that was read.
func IsScalar(n *document.Node) bool {
	return n.Kind != document.Map && n.Kind != document.List && !n.Broken
}

// Inside opens what is public of an object in a text whose places move gives.
func (p *Places) Inside(move func(diag.Pos) diag.Pos, root *document.Node) {
	p.move = move
	p.Object(root)
	p.move = nil
}

// at gives a place in the file: that of a patch stands inside a text.
func (p *Places) at(pos diag.Pos) diag.Pos {
	if p.move == nil {
		return pos
	}
	return p.move(pos)
}
