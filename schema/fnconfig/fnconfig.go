// Package fnconfig says what a KRM function is asked to do, as function.cue has it.
//
// Doing it is left to the command, and the topology that it names to package loader.
package fnconfig

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/grammar"
)

//go:embed function.cue
var source []byte

// The kinds of a Function's document.
const (
	RenderCluster = "RenderCluster"
	LintManifests = "LintManifests"
)

// Kinds lists them.
func Kinds() []string { return []string{RenderCluster, LintManifests} }

// renderGrammar and lintGrammar parse the schema of a function's configuration once. They cannot fail for a schema that
// the tests have seen.
var (
	renderGrammar = sync.OnceValue(func() *grammar.Grammar { return parse(RenderCluster) })
	lintGrammar   = sync.OnceValue(func() *grammar.Grammar { return parse(LintManifests) })
)

func parse(kind string) *grammar.Grammar {
	g, err := grammar.Parse("function.cue", source, "#"+kind)
	if err != nil {
		panic(err)
	}
	return g
}

// grammarOf gives the grammar of a kind; that of the kind which is most probably meant where it is misspelt.
func grammarOf(kind string) (string, *grammar.Grammar) {
	if kind == LintManifests || kind != RenderCluster && diag.Nearest(kind, Kinds()) == LintManifests {
		return LintManifests, lintGrammar()
	}
	return RenderCluster, renderGrammar()
}

// Config is what a KRM function is to do, as function.cue has it.
type Config struct {
	Kind     string        // RenderCluster or LintManifests
	Topology string        // a path from the working directory; "" for a LintManifests that compares with none
	Cluster  string        // one of the topology, once CheckCluster has seen it; "" for a LintManifests that names none
	Layers   []string      // of a RenderCluster: as they stand in the names of directories, without the number
	FailOn   diag.Severity // findings of this severity and above fail the function

	file      string // that says so
	positions document.Positions
}

// New is what a command line says instead, about the topology in a file.
func New(file, cluster string, layers []string) *Config {
	return &Config{Kind: RenderCluster, Cluster: cluster, Layers: layers, FailOn: diag.Error, file: file}
}

// Pos gives the place of a field, or the file where it has none.
func (f *Config) Pos(field string) diag.Pos {
	if f.positions.Root == nil {
		return diag.Pos{File: f.file}
	}
	return f.positions.Pos([]string{field})
}

// Rules are the rules of a function's configuration beyond its shape.
var Rules = []*diag.Rule{missingTopology, severalClusters, unknownCluster}

var missingTopology = &diag.Rule{
	Code: "missing-topology", Severity: diag.Error, Fixed: true,
	Title:  "the topology that a functionConfig names cannot be read",
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
	Title: "a functionConfig names a cluster that is not in the topology",
	Why:   "there is nothing to render, and a build that goes on without the objects of the mesh would have them deleted",
	Fix:   "name a cluster of the topology",
	Bad:   `cluster: cluster-c`,
	Good:  `cluster: cluster-b`,
}

// Load reads a function's configuration. The function is nil if and only if there is an error in the list.
func Load(file string, text []byte) (*Config, *diag.List) {
	found := &diag.List{}
	root := renderGrammar().Read(file, text, found)
	if root == nil {
		return nil, found
	}
	kind, g := grammarOf(root.StringAt("kind"))
	if root.Kind != document.Map {
		found.Add(root.Pos, grammar.WrongType, "a functionConfig must be a map, not %s", root.Kind)
		return nil, found
	}
	f := &Config{Kind: kind, FailOn: diag.Error, file: file, positions: document.Positions{Root: root}}
	f.checkKind(root, found)
	f.checkOneCluster(root, found)
	g.Check(root, "a "+kind, found)
	f.Topology, f.Cluster, f.Layers = root.StringAt("topology"), root.StringAt("cluster"), root.StringsAt("layers")
	if severity, err := diag.ParseSeverity(root.StringAt("failOn")); err == nil {
		f.FailOn = severity
	}
	f.checkLayers(found)
	if found.HasErrors() {
		return nil, found
	}
	return f, found
}

// checkLayers refuses to render nothing.
func (f *Config) checkLayers(found *diag.List) {
	if f.Kind != RenderCluster || len(f.Layers) > 0 || f.positions.Broken([]string{"layers"}) {
		return
	}
	d := found.Add(f.Pos("layers"), grammar.EmptyValue, "layers has no layer")
	d.Why = "nothing would be rendered, and a build that goes on without the objects of the mesh would have them deleted"
	d.Fix = fmt.Sprintf("name a layer, or delete the field for %s", strings.Join(DefaultLayers(), ", "))
}

// checkKind reports a kind that is none of a function's, nor nearly one.
func (f *Config) checkKind(root *document.Node, found *diag.List) {
	n := root.At("kind")
	if n == nil || n.Kind != document.String || slices.Contains(Kinds(), n.Text) || diag.Nearest(n.Text, Kinds()) != "" {
		return
	}
	n.Broken = true
	kinds := strings.Join(Kinds(), ", ")
	found.Add(n.Pos, grammar.UnknownValue, "kind %q is not one of %s", n.Text, kinds).Fix = "use one of " + kinds
}

// checkOneCluster says of a list of clusters more than that it is a list.
func (f *Config) checkOneCluster(root *document.Node, found *diag.List) {
	if e := root.Entry("cluster"); e != nil && e.Value.Kind == document.List {
		d := found.Add(e.KeyPos, severalClusters, "cluster must be the name of one cluster, not a list")
		f.sharpen(d, "", "write a kustomization for each cluster, with a LintManifests of its own")
		e.Value.Broken = true
	}
}

// Missing reports that the topology cannot be read.
func (f *Config) Missing(found *diag.List, reason string) {
	d := found.Add(f.Pos("topology"), missingTopology, "the topology %q cannot be read: %s", f.Topology, reason)
	f.sharpen(d, "there is nothing to compare the manifests with", "")
}

// sharpen says of a LintManifests what the rule says of a RenderCluster. "" leaves the rule's words.
func (f *Config) sharpen(d *diag.Diagnostic, why, fix string) {
	if f.Kind == LintManifests && why != "" {
		d.Why = why
	}
	if f.Kind == LintManifests && fix != "" {
		d.Fix = fix
	}
}

// Several reports that there are objects of another cluster in the same build.
func (f *Config) Several(found *diag.List, other string) {
	found.Add(f.Pos("cluster"), severalClusters, "the build has objects of cluster %q already", other)
}

// CheckCluster reports a cluster that is not one of the topology's.
func (f *Config) CheckCluster(t *schema.Topology, found *diag.List) {
	if t.Cluster(f.Cluster) != nil {
		return
	}
	known := schema.Names(t.Clusters)
	d := found.Add(f.Pos("cluster"), unknownCluster, "the topology has no cluster %q", f.Cluster)
	f.sharpen(d, "there is nothing to compare the manifests with", "")
	d.Fix = "use one of " + strings.Join(known[:min(len(known), 10)], ", ")
	if near := diag.Nearest(f.Cluster, known); near != "" {
		d.Fix = fmt.Sprintf("did you mean %q?", near)
	}
}

// Fields lists every field of a function's configuration of a kind.
func Fields(kind string) []grammar.Field {
	_, g := grammarOf(kind)
	return g.Fields()
}

// DefaultLayers are the layers that a function renders unless it is told others: what kubectl can apply. They stand
// here as well as in function.cue, which most runs need not read.
func DefaultLayers() []string { return []string{"prepare", "secrets", "expose"} }
