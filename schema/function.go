package schema

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

//go:embed function.cue
var functionSource []byte

// functionGrammar parses the schema of the function's configuration once. It cannot fail for a schema that the tests
// have seen.
var functionGrammar = sync.OnceValue(func() *grammar {
	g, err := newGrammar("function.cue", functionSource, "#RenderCluster")
	if err != nil {
		panic(fmt.Sprintf("function.cue: %v", err))
	}
	return g
})

// FunctionKind is the kind of a Function's document.
const FunctionKind = "RenderCluster"

// Function is what a KRM function is to render, as function.cue has it.
type Function struct {
	Topology string   // a path from the working directory
	Cluster  string   // one of the topology, once CheckCluster has seen it
	Layers   []string // as they stand in the names of directories, without the number

	file      string // that says so
	positions document.Positions
}

// NewFunction is what a command line says instead, about the topology in a file.
func NewFunction(file, cluster string, layers []string) *Function {
	return &Function{Cluster: cluster, Layers: layers, file: file}
}

// Pos gives the place of a field, or the file where it has none.
func (f *Function) Pos(field string) diag.Pos {
	if f.positions.Root == nil {
		return diag.Pos{File: f.file}
	}
	return f.positions.Pos([]string{field})
}

// functionRules are the rules of a function's configuration beyond its shape.
var functionRules = []*diag.Rule{missingTopology, severalClusters, unknownCluster}

var missingTopology = &diag.Rule{
	Code: "missing-topology", Severity: diag.Error, Fixed: true,
	Title:  "the topology that a RenderCluster names cannot be read",
	Why:    "there is nothing to render, and a build that goes on without the objects of the mesh would have them deleted",
	Fix:    "correct the path, which is relative to the directory of the kustomization; in a container, to where it is mounted",
	Source: "kyaml/fn/runtime/exec/exec.go",
	Bad:    `topology: nowhere.yaml`,
	Good:   `topology: topology.yaml`,
}

var severalClusters = &diag.Rule{
	Code: "several-clusters", Severity: diag.Error, Fixed: true,
	Title:  "several clusters in one build",
	Why:    "the objects of two clusters have the same names, so that one cluster would get what is meant for the other",
	Fix:    "write a kustomization for each cluster, with a RenderCluster of its own",
	Source: "api/resmap/reswrangler.go (Append)",
	Bad:    `cluster: [cluster-a, cluster-b]`,
	Good:   `cluster: cluster-a`,
}

var unknownCluster = &diag.Rule{
	Code: "unknown-cluster", Severity: diag.Error, Fixed: true,
	Title: "a RenderCluster names a cluster that is not in the topology",
	Why:   "there is nothing to render, and a build that goes on without the objects of the mesh would have them deleted",
	Fix:   "name a cluster of the topology",
	Bad:   `cluster: cluster-c`,
	Good:  `cluster: cluster-b`,
}

// LoadFunction reads a function's configuration. The function is nil if and only if there is an error in the list.
func LoadFunction(file string, text []byte) (*Function, *diag.List) {
	found := &diag.List{}
	root := parse(file, text, found)
	if root == nil {
		return nil, found
	}
	if root.Kind != document.Map {
		found.Add(root.Pos, wrongType, "a %s must be a map, not %s", FunctionKind, root.Kind)
		return nil, found
	}
	f := &Function{file: file, positions: document.Positions{Root: root}}
	f.checkOneCluster(root, found)
	c := &checker{root: root, found: found, grammar: functionGrammar(), noun: "a " + FunctionKind}
	c.check(root, c.grammar.document, nil)
	f.Topology, f.Cluster, f.Layers = root.StringAt("topology"), root.StringAt("cluster"), root.StringsAt("layers")
	if len(f.Layers) == 0 && !f.positions.Broken([]string{"layers"}) {
		d := found.Add(f.Pos("layers"), emptyValue, "layers has no layer")
		d.Why = "nothing would be rendered, and a build that goes on without the objects of the mesh would have them deleted"
		d.Fix = fmt.Sprintf("name a layer, or delete the field for %s", strings.Join(DefaultLayers(), ", "))
	}
	if found.HasErrors() {
		return nil, found
	}
	return f, found
}

// checkOneCluster says of a list of clusters more than that it is a list.
func (f *Function) checkOneCluster(root *document.Node, found *diag.List) {
	if e := root.Entry("cluster"); e != nil && e.Value.Kind == document.List {
		found.Add(e.KeyPos, severalClusters, "cluster must be the name of one cluster, not a list")
		e.Value.Broken = true
	}
}

// Missing reports that the topology cannot be read.
func (f *Function) Missing(found *diag.List, reason string) {
	found.Add(f.Pos("topology"), missingTopology, "the topology %q cannot be read: %s", f.Topology, reason)
}

// Several reports that there are objects of another cluster in the same build.
func (f *Function) Several(found *diag.List, other string) {
	found.Add(f.Pos("cluster"), severalClusters, "the build has objects of cluster %q already", other)
}

// CheckCluster reports a cluster that is not one of the topology's.
func (f *Function) CheckCluster(t *Topology, found *diag.List) {
	if t.Cluster(f.Cluster) != nil {
		return
	}
	var known []string
	for _, c := range t.Clusters {
		known = append(known, c.Name)
	}
	d := found.Add(f.Pos("cluster"), unknownCluster, "the topology has no cluster %q", f.Cluster)
	d.Fix = "use one of " + strings.Join(known[:min(len(known), 10)], ", ")
	if near := diag.Nearest(f.Cluster, known); near != "" {
		d.Fix = fmt.Sprintf("did you mean %q?", near)
	}
}

// FunctionFields lists every field of a function's configuration.
func FunctionFields() []Field { return functionGrammar().fields() }

// Layers are the names of the directories that a function can render, without their numbers, in their order. They
// stand here as well as in function.cue, which most runs need not read.
func Layers() []string { return []string{"prepare", "secrets", "control-plane", "gateway", "expose"} }

// DefaultLayers are those that a function renders unless it is told others: what kubectl can apply.
func DefaultLayers() []string { return []string{"prepare", "secrets", "expose"} }
