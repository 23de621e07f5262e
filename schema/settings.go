package schema

import (
	"meshtopo.dev/meshtopo/schema/document"
	"slices"
	"strings"
)

// IstioNode is what the user wrote as istio, for the mesh or for one cluster.
type IstioNode struct {
	Path    []string
	Node    *document.Node
	Cluster *Cluster // nil for the mesh
}

// IstioNodes gives each place where the user wrote settings of Istio, the mesh's first.
func (t Written) IstioNodes() []IstioNode {
	nodes := []IstioNode{t.istioNode(nil)}
	for _, c := range t.Clusters {
		nodes = append(nodes, t.istioNode(c))
	}
	return nodes
}

func (t Written) istioNode(c *Cluster) IstioNode {
	path := []string{"spec", "istio"}
	if c != nil {
		path = ClusterPath(c, "istio")
	}
	return IstioNode{path, t.Root().At(path...), c}
}

// Setting is a value that a user wrote.
type Setting struct {
	Path  []string // from the document's root
	Value any
	Short string // at Path stands this, no map, and in the way

	below int // how many keys of the path lead to istio
}

// Setting gives what the user wrote for a cluster at a path below istio: in the cluster, or mesh-wide.
func (t Written) Setting(c *Cluster, keys []string) (Setting, bool) {
	for _, node := range []IstioNode{t.istioNode(c), t.istioNode(nil)} {
		if s, ok := node.Setting(keys); ok {
			return s, true
		}
	}
	return Setting{}, false
}

// Setting gives what the user wrote at a path below this place.
func (i IstioNode) Setting(keys []string) (Setting, bool) {
	n, spelt := i.Node, keys
	for at, key := range keys {
		if !says(n) {
			return Setting{}, false
		}
		if n.Kind != document.Map {
			return Setting{Path: slices.Concat(i.Path, spelt[:at]), below: len(i.Path), Short: n.Kind.String()}, true
		}
		if n.Entry(key) == nil && inMeshConfig(keys) && key != "meshConfig" {
			spelt = slices.Concat(spelt[:at], []string{document.SnakeCase(key)}, keys[at+1:])
		}
		n = n.Child(spelt[at])
	}
	if !says(n) {
		return Setting{}, false
	}
	return Setting{Path: slices.Concat(i.Path, spelt), below: len(i.Path), Value: n.Value()}, true
}

// says reports whether a user wrote a value that is right by itself.
func says(n *document.Node) bool {
	return n != nil && !n.Broken && !n.Defaulted && n.Kind != document.Null
}

func inMeshConfig(keys []string) bool { return slices.Contains(keys[:2], "meshConfig") }

// Keys gives the path below istio.
func (s Setting) Keys() []string { return s.Path[s.below:] }

// Name gives it in a text.
func (s Setting) Name() string {
	return strings.Join(s.Keys(), ".")
}

// SettingAt gives what stands at a path below a node.
func (i IstioNode) SettingAt(path []string) (Setting, *document.Node) {
	n := i.Node.At(path...)
	return Setting{Path: slices.Concat(i.Path, path), below: len(i.Path), Value: n.Value()}, n
}
