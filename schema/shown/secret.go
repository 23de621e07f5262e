package shown

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/private"
)

// secret opens what says which Secret it is: the names of files in it, its own name, and the cluster that it is about.
func (p *Places) secret(root *document.Node) {
	for _, e := range root.Fields {
		switch {
		case private.OpenFields.Has(e.Key):
			p.Key(e)
			p.Value(e.Value)
		case e.Key == "metadata":
			p.Key(e)
			p.secretMetadata(e.Value)
		case e.Key == "data" || e.Key == "stringData":
			p.Key(e)
			p.Files(e.Value, root.StringAt("metadata", "annotations", "networking.istio.io/cluster"))
		default:
			p.Close(e.Value)
		}
	}
}

func (p *Places) secretMetadata(metadata *document.Node) {
	for _, e := range metadata.Fields {
		switch e.Key {
		case "name", "namespace":
			p.Key(e)
			p.Value(e.Value)
		case "labels", "annotations":
			p.Key(e)
			for _, below := range e.Value.Fields {
				if private.OpenAnnotations.Has(below.Key) || e.Key == "labels" && private.IsKnownLabel(below.Key) {
					p.Key(below)
					p.Value(below.Value)
				} else {
					p.Close(below.Value)
				}
			}
		default:
			p.Close(e.Value)
		}
	}
}

// Files opens the keys of a map that are the names of files, or one of the names that are known, and closes its values.
func (p *Places) Files(n *document.Node, known ...string) {
	var open []diag.Pos
	for _, e := range n.Fields {
		if private.IsFileName(e.Key) || slices.Contains(known, e.Key) {
			open = append(open, p.at(e.KeyPos))
		}
	}
	p.Close(n)
	for _, pos := range open {
		delete(p.closed, pos)
	}
	p.always = append(p.always, open...)
}
