package document

import "go.yaml.in/yaml/v3"

// secretData follows a reader through the data of Secrets. An alias elsewhere that repeats an anchor in it would make a
// name of what is private, and messages quote names.
type secretData struct {
	open    int // how many maps of data are being read
	anchors map[*yaml.Node]bool
}

// passes notes an anchor that stands in data.
func (d *secretData) passes(n *yaml.Node) {
	if d.open == 0 || n.Anchor == "" {
		return
	}
	if d.anchors == nil {
		d.anchors = map[*yaml.Node]bool{}
	}
	d.anchors[n] = true
}

// repeatedBy reports whether an alias outside of data repeats some of it.
func (d *secretData) repeatedBy(alias *yaml.Node) bool { return d.open == 0 && d.anchors[alias.Alias] }
