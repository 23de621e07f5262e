package lint

import (
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/fields"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/networkgateway"
)

// value is a text in a manifest, and its position. The zero value is one that is not set.
type value struct {
	text string
	pos  diag.Pos
}

// given reports whether the value is set.
func (v value) given() bool { return v.pos.Line > 0 }

func (v value) exported() networkgateway.Text { return networkgateway.Text{Text: v.text, Pos: v.pos} }

// valueAt gives the scalar at a path, whatever its type: a wrong one is another finding.
func valueAt(root *document.Node, keys ...string) value {
	n := root.At(keys...)
	if n == nil || n.Kind == document.Map || n.Kind == document.List || n.Kind == document.Null {
		return value{}
	}
	return value{n.Text, n.Pos}
}

// setAt gives the scalar at a path where it says something: an empty text is what Istio's charts have by themselves.
func setAt(root *document.Node, keys ...string) value {
	if v := valueAt(root, keys...); v.text != "" {
		return v
	}
	return value{}
}

// first gives the first value that is set.
func first(values ...value) value {
	for _, v := range values {
		if v.given() {
			return v
		}
	}
	return value{}
}

// object is an object that is being read.
type object struct {
	*manifest.Object
	misspelt fields.Paths // the paths that misspelt fields were probably meant to have
}

// variableAt gives the value of a variable in the environment of a container. The last one counts.
func variableAt(environment *document.Node, name string) value {
	var v value
	for _, e := range environment.ItemsAt() {
		if e.StringAt("name") == name {
			v = valueAt(e, "value")
		}
	}
	return v
}

// secretNames gives every secretName below a value.
func secretNames(n *document.Node) []value {
	if n == nil {
		return nil
	}
	var names []value
	for _, e := range n.Fields {
		if e.Key == "secretName" {
			names = append(names, value{e.Value.Text, e.Value.Pos})
		}
		names = append(names, secretNames(e.Value)...)
	}
	for _, item := range n.Items {
		names = append(names, secretNames(item)...)
	}
	return names
}

// labels gives a map of strings with the place of each value.
func labels(n *document.Node) map[string]value {
	m := map[string]value{}
	if n == nil {
		return m
	}
	for _, e := range n.Fields {
		m[e.Key] = value{e.Value.Text, e.Value.Pos}
	}
	return m
}

// plain gives a map without the places.
func plain(m map[string]value) map[string]string {
	all := map[string]string{}
	for key, v := range m {
		all[key] = v.text
	}
	return all
}

// texts gives the items of a list of strings.
func texts(n *document.Node, path ...string) []value {
	var all []value
	for _, item := range n.ItemsAt(path...) {
		all = append(all, value{item.Text, item.Pos})
	}
	return all
}
