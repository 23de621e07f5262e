package loader

import (
	"fmt"
	"slices"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/grammar"
)

var notATopology = &diag.Rule{
	Code: "not-a-topology", Severity: diag.Error, Fixed: true,
	Title: "a file is given as a topology and is something else",
	Why:   "validate, render and diff read a topology: one file that describes the mesh, from which the manifests are made",
	Fix:   "`meshtopo lint FILE` checks manifests, Helm values and kustomizations; a topology has apiVersion: meshtopo.dev/v1alpha1 and kind: Topology",
}

// kindLine and apiVersionLine match what a manifest of YAML or JSON begins with, in a text that may not be readable.
var (
	apiVersionLine = diag.OnceRegexp(`(?m)^(?:[ \t]{0,4}\{?[ \t]*")?apiVersion"?[ \t]*:[ \t]*["']?([A-Za-z0-9./-]+)`)
	kindLine       = diag.OnceRegexp(`(?m)^(?:[ \t]{0,4}\{?[ \t]*")?kind"?[ \t]*:[ \t]*["']?([A-Z][A-Za-z0-9]{1,60})["',}]*[ \t]*\r?$`)
)

// readText reads one file or standard input. What says that it is a manifest is reported as that alone, whether it can
// be read or is a stream or a template.
func readText(name string, text []byte, found *diag.List) *document.Node {
	m := kindLine().FindSubmatchIndex(text)
	if m == nil || ourText(text) {
		return schema.Grammar().Read(name, text, found)
	}
	found.AddSource(name, text)
	pos, kind := document.PosAt(name, text, m[2]), string(text[m[2]:m[3]])
	pos.Width = len(kind)
	reportForeign(pos, "this is "+articled(kind)+" and no topology", found)
	return nil
}

// ourText reports whether a text may be a topology, or a part of one, for all that it says.
func ourText(text []byte) bool {
	versions := apiVersionLine().FindAllSubmatch(text, -1)
	kinds := kindLine().FindAllSubmatch(text, -1)
	return len(versions) == 0 || slices.ContainsFunc(versions, func(m [][]byte) bool { return diag.Nearest(string(m[1]), []string{"meshtopo.dev/v1alpha1"}) != "" }) ||
		slices.ContainsFunc(kinds, func(m [][]byte) bool { return diag.Nearest(string(m[1]), []string{"Topology"}) != "" })
}

func reportForeign(pos diag.Pos, message string, found *diag.List) {
	d := found.Add(pos, notATopology, "%s", message)
	file := pos.File
	if file == grammar.StdinName {
		file = "-"
	}
	d.Fix = fmt.Sprintf("`meshtopo lint %s` checks manifests, Helm values and kustomizations; a topology has apiVersion: meshtopo.dev/v1alpha1 and kind: Topology", file)
}

// checkForeign reports a document that is something else than a topology. It reports false for one.
func checkForeign(root *document.Node, found *diag.List) bool {
	kind := root.StringAt("kind")
	switch {
	case !isTopology(root) && kindName().MatchString(kind):
		reportForeign(root.At("kind").Pos, "this is "+articled(kind)+" and no topology", found)
	case !isTopology(root):
		reportForeign(root.Pos, "this is a Secret, a ConfigMap or a kubeconfig and no topology", found)
	case kind == "RenderCluster" || kind == "LintManifests":
		d := found.Add(root.At("kind").Pos, notATopology, "this is what `meshtopo fn` is asked with, and no topology")
		d.Fix = "name the topology; `kustomize build` reads this file, as docs/kustomize.md says"
	case kind == "" && saysNothingOfOurs(root):
		reportForeign(root.Pos, whatItIs(root), found)
	default:
		return true
	}
	return false
}

var kindName = diag.OnceRegexp(`^[A-Z][A-Za-z0-9]{1,60}$`)

// saysNothingOfOurs reports whether a document has no field of a topology, not even a misspelt one.
func saysNothingOfOurs(root *document.Node) bool {
	g := schema.Grammar()
	known := slices.Concat(g.FieldNames(), g.FieldNames("spec"))
	return len(root.Fields) > 0 && !slices.ContainsFunc(root.Fields, func(e *document.Entry) bool {
		return slices.Contains(known, document.Plain(e.Key)) || diag.Nearest(e.Key, known) != ""
	})
}

// whatItIs says what a document without a kind is.
func whatItIs(root *document.Node) string {
	has := func(keys ...string) bool {
		return slices.ContainsFunc(keys, func(key string) bool { return root.Entry(key) != nil })
	}
	switch {
	case has("global", "meshConfig", "pilot", "istiod", "gateway", "networkGateway", "gateways"):
		return "these are values of a Helm chart and no topology"
	case has("resources", "generators", "patches", "bases", "helmCharts", "transformers"):
		return "this is a kustomization and no topology"
	}
	return "this has none of the fields of a topology"
}

func articled(kind string) string {
	if slices.Contains([]byte("AEIO"), kind[0]) {
		return "an " + kind
	}
	return "a " + kind
}
