package loader

import (
	"path"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/evaluator"
	"meshtopo.dev/meshtopo/schema/grammar"
	"meshtopo.dev/meshtopo/schema/istio"
	"meshtopo.dev/meshtopo/schema/private"
	"meshtopo.dev/meshtopo/schema/shown"
)

// show says what may be shown of a file that was given as a topology, or as a part of one. Of one that is something
// else nothing is.
func show(file string, text []byte) diag.Open {
	g := schema.Grammar()
	root := readAgain(g, file, text)
	switch {
	case root == nil && path.Ext(file) != ".cue" && saysOther(string(text)):
		return diag.Open{}
	case root == nil:
		return shown.Unread(file, 1, text, g.IsField)
	case !isTopology(root):
		return diag.Open{}
	}
	t := &topologyPlaces{names: names(g, root)}
	g.Places(root, t.place)
	return t.Shown()
}

func readAgain(g *grammar.Grammar, file string, text []byte) *document.Node {
	if path.Ext(file) == ".cue" {
		return evaluator.Syntax(file, text)
	}
	return g.Read(file, text, &diag.List{})
}

// saysOther reports whether a text that cannot be read says that it is something else than a topology.
func saysOther(text string) bool {
	for line := range strings.Lines(text) {
		if kind, ok := strings.CutPrefix(line, "kind:"); ok && strings.Trim(kind, " \t\r\n\"'") != "Topology" {
			return true
		}
	}
	return !strings.Contains(text, "spec")
}

// isTopology reports whether a document is a topology or a part of one, maybe with mistakes.
func isTopology(root *document.Node) bool {
	if root.Kind != document.Map {
		return false
	}
	if kind := root.StringAt("kind"); kind != "" && diag.Nearest(kind, []string{"Topology"}) == "" && kind != "Topology" {
		return strings.HasPrefix(root.StringAt("apiVersion"), "meshtopo.dev/")
	}
	return root.Entry("stringData") == nil && root.Entry("data") == nil && root.Entry("users") == nil
}

// topologyPlaces collects what may be shown of a topology.
type topologyPlaces struct {
	shown.Places
	names map[string]bool // that the topology declares
}

// names gives the names that a topology declares: of its clusters and networks, and its own.
func names(g *grammar.Grammar, root *document.Node) map[string]bool {
	names := map[string]bool{}
	add := func(name string) {
		if declared().MatchString(name) && !private.LooksPrivate(name) {
			names[name] = true
		}
	}
	add(root.StringAt("metadata", "name"))
	add(root.StringAt("spec", "mesh", "id"))
	g.Places(root, func(p grammar.Place) bool {
		if p.Name {
			add(p.Entry.Key)
		}
		return !p.Free
	})
	return names
}

// declared matches what may be the name of a cluster, a network, a mesh or a topology.
var declared = diag.OnceRegexp(`^[A-Za-z0-9][-A-Za-z0-9_.]{0,62}$`)

// place opens what is public of a value.
func (t *topologyPlaces) place(p grammar.Place) bool {
	if p.Entry != nil {
		t.key(p)
	}
	switch {
	case p.Free:
		t.settings(p)
		return false
	case !shown.IsScalar(p.Node):
	case p.Type == "#PatchText":
		t.patch(p.Node)
	case p.Scalar && t.names[p.Node.Text]:
		t.Name(p.Node)
	case p.Scalar && isPublic(p):
		t.Value(p.Node)
	case isQuantity(p.Path):
		t.Value(p.Node)
	default:
		t.Close(p.Node)
	}
	return true
}

// key opens a key: one of the schema, a name that is declared, or one that nobody knows.
func (t *topologyPlaces) key(p grammar.Place) {
	if p.Known || p.Name && !private.LooksPrivate(p.Entry.Key) {
		t.Key(p.Entry)
		return
	}
	t.UnknownKey(p.Entry)
}

// isPublic reports whether a scalar may be shown: not a text that may be anything, not what cannot be a path or the
// name of a variable, and of an address nothing but the address.
func isPublic(p grammar.Place) bool {
	switch p.Path[len(p.Path)-1] {
	case "reason", "refreshedBy":
		return false
	case "url":
		return address().MatchString(p.Node.Text)
	}
	return p.Fits || p.Type != "#Path" && p.Type != "#EnvName"
}

// address matches a URL that says nothing but where a server is.
var address = diag.OnceRegexp(`^[A-Za-z]+://[][A-Za-z0-9._:-]*/?$`)

// isQuantity reports whether a value is a number of the resources of a gateway.
func isQuantity(path []string) bool { return len(path) > 2 && path[len(path)-3] == "resources" }

// settings opens what is public of settings that the schema leaves to Istio.
func (t *topologyPlaces) settings(p grammar.Place) {
	types := istio.GatewayFields()
	types["meshConfig"], types["values"], types["components"] = istio.MeshConfig(), istio.Values(), istio.Components()
	last := len(p.Path) - 1
	if of, ok := types[p.Path[last]]; ok {
		t.Typed(p.Node, of)
	}
	if list, ok := types[p.Path[last-1]]; ok {
		if of, known := list.Below(p.Path[last]); known {
			t.Typed(p.Node, of)
		}
	}
}

// patch opens what is public of a patch whose lines are lines of the file.
func (t *topologyPlaces) patch(text *document.Node) {
	if text.Block == nil {
		t.Close(text)
		return
	}
	for part := range document.Parts([]byte(text.Text)) {
		if root := document.ReadPart("", part, &diag.List{}); root != nil {
			t.Inside(func(pos diag.Pos) diag.Pos { return text.Block.Move(text.Pos.File, pos) }, root)
		}
	}
}
