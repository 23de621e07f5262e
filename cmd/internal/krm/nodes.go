package krm

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// documents gives the documents of a text that are not empty, as far as it can be read.
func documents(text []byte) []*yaml.Node {
	var all []*yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var doc yaml.Node
		if decoder.Decode(&doc) != nil {
			return all
		}
		if root := doc.Content[0]; !isNull(root) {
			all = append(all, root)
		}
	}
}

// scalar gives the scalar at a path, or "".
func scalar(n *yaml.Node, path ...string) string {
	for _, key := range path {
		if n = child(n, key); n == nil {
			return ""
		}
	}
	if n == nil || n.Kind != yaml.ScalarNode {
		return ""
	}
	return n.Value
}

// child gives the value of a key, or nil.
func child(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

func mapOrNothing(n *yaml.Node) bool { return isNull(n) || n.Kind == yaml.MappingNode }

// isNull reports whether there is no value: none at all, or null.
func isNull(n *yaml.Node) bool {
	return n == nil || n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null"
}

// Reference names the resource that a result is about.
type Reference struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string `yaml:"kind"`
	Namespace  string `yaml:"namespace,omitempty"`
	Name       string `yaml:"name,omitempty"`
}

// String names the resource for a message: Secret "istio-system/cacerts".
func (r Reference) String() string {
	if r.Namespace == "" {
		return fmt.Sprintf("%s %q", r.Kind, r.Name)
	}
	return fmt.Sprintf("%s %q", r.Kind, r.Namespace+"/"+r.Name)
}

// referenceTo names a resource, as far as it says.
func referenceTo(n *yaml.Node) Reference {
	return Reference{scalar(n, "apiVersion"), scalar(n, "kind"), scalar(n, "metadata", "namespace"), scalar(n, "metadata", "name")}
}

// label names an object: Gateway istio-system/cross-network-gateway.
func label(n *yaml.Node) string {
	r := referenceTo(n)
	name := strings.TrimPrefix(r.Namespace+"/"+r.Name, "/")
	return strings.TrimSpace(cmp.Or(r.Kind, "an object without a kind") + " " + name)
}

// id is what tells one object of a cluster from another.
type id struct{ group, kind, namespace, name string }

func idOf(y *yaml.Node) id {
	group, _, versioned := strings.Cut(scalar(y, "apiVersion"), "/")
	if !versioned {
		group = ""
	}
	return id{group, scalar(y, "kind"), scalar(y, "metadata", "namespace"), scalar(y, "metadata", "name")}
}

// block gives a document in block style: what begins with a brace would be read as JSON.
func block(n *yaml.Node) *yaml.Node {
	return copied(n, func(c *yaml.Node) { c.Style &^= yaml.FlowStyle })
}

// plain gives an item in block style, without comments, and with every text quoted: a finding in a block text would
// have a line of its own, and in a quoted one it says which line of the text it means.
func plain(n *yaml.Node) *yaml.Node {
	return copied(n, func(c *yaml.Node) {
		c.HeadComment, c.LineComment, c.FootComment = "", "", ""
		c.Style &^= yaml.FlowStyle
		if c.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
			c.Style = yaml.DoubleQuotedStyle
		}
	})
}

// copied gives a copy of a value, changed in every node.
func copied(n *yaml.Node, change func(*yaml.Node)) *yaml.Node {
	c := *n
	change(&c)
	c.Content = make([]*yaml.Node, len(n.Content))
	for i, below := range n.Content {
		c.Content[i] = copied(below, change)
	}
	return &c
}
