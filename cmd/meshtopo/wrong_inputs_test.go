package main

import (
	"os"
	"strings"
	"testing"
)

// wrongInputs has CUE files and packages, and topologies of several files.
func wrongInputs() []wrong {
	const example = "two-clusters-cue"
	directory := []string{"."}
	cue := func(text string) map[string]string { return map[string]string{"topology.cue": text} }
	pack := func(codes, name string, edits ...edit) wrong {
		return wrong{codes: codes, name: name, example: example, file: "clusters.cue", args: directory, edits: edits}
	}
	return []wrong{
		pack("unknown-field", "in a CUE package", edit{"network: \"network1\"\n", "network: \"network1\"\n\t\t‹rôle›: \"primary\"\n"}),
		pack("unknown-network", "in a CUE package", edit{"networks: {for _, c in clusters {(c.network): {}}}", "networks: network1: {}"}, edit{`network: "network2"`, `network: ‹"network2"›`}),
		pack("invalid-value+invalid-value", "in a template of a CUE package", edit{`"tokens/\(Name)"`, `‹"/tokens/\(Name)"›`}),
		pack("api-url-not-https", "in a CUE package", edit{`"https://198.51.100.1:6443"`, `‹"http://198.51.100.1:6443"›`}),
		pack("conflicting-values", "in one CUE package", edit{"\tclusters: \"cluster-b\": {\n", "\tclusters: \"cluster-b\": {\n\t\tnetwork: ‹\"network1\"›\n"}),
		pack("not-concrete", "a cluster without its network", edit{"network: string", "network: ‹string›"}, edit{"\t\tnetwork: \"network2\"\n", ""},
			edit{"networks: {for _, c in clusters {(c.network): {}}}", "networks: {network1: {}, network2: {}}"}),
		pack("invalid-cue", "a name of nothing", edit{`network: "network1"`, "network: ‹net1›"}),
		pack("invalid-cue", "a bracket that is not closed", edit{"package shop\n", "package shop\n\nhosts: [\"a\""}, edit{"spec: {\n", "spec‹›: {\n"}),
		pack("invalid-cue", "an import from a registry", edit{"package shop\n", "package shop\n\nimport ‹\"example.com/mesh\"›\n\nx: mesh.x\n"}),
		{codes: "invalid-cue", name: "two packages", example: example, args: directory, files: map[string]string{"other.cue": "// Something else.\npackage ‹other›\n"}},
		{codes: "invalid-cue", name: "no package clause", example: example, args: directory,
			files: map[string]string{"topology.cue": "kind: \"Topology\"\n", "clusters.cue": "‹›apiVersion: \"meshtopo.dev/v1alpha1\"\n"}},
		{codes: "unreadable-input", name: "a link that leaves the root", example: example, args: directory, whole: "values.yaml",
			files:  map[string]string{"more.cue": "@extern(embed)\n\npackage shop\n\nspec: istio: values: _ @embed(file=values.yaml)\n"},
			change: func(t *testing.T, root *os.Root) { link(t, root, "values.yaml") }},
		{codes: "invalid-cue", name: "an embedded file that is not there", example: example, args: directory,
			files: map[string]string{"more.cue": "@extern(embed)\n\npackage shop\n\nspec: istio: values: _ ‹@embed(file=values.yaml)›\n"}},
		{codes: "unknown-field", name: "in one CUE file", file: "topology.cue", files: cue("apiVersion: \"meshtopo.dev/v1alpha1\"\nkind: \"Topology\"\nmetadata: name: \"solo\"\n" +
			"spec: {\n\tistio: version: \"1.31.1\"\n\tnetworks: a: {}\n\tclusters: a: network: \"a\"\n\t‹meshes›: []\n}\n")},
		{codes: "cue-limit", name: "much of little", file: "topology.cue", whole: "topology.cue", files: cue("import (\"list\", \"strings\")\n\n" +
			"_some: strings.Repeat(\"x\", 1000000)\nspec: [for _ in list.Range(0, 40, 1) {_some}]\n")},
		{codes: "nested-too-deep", name: "in CUE", file: "topology.cue", files: cue("kind: \"Topology\"\n" + strings.Repeat("a: ", 100) + "a: ‹1›\n")},
		{codes: "empty-file", name: "only a comment", file: "topology.cue", files: cue("‹›// to be written\n")},

		{codes: "not-a-topology", name: "an IstioOperator", file: "a.yaml", files: map[string]string{"a.yaml": "apiVersion: install.istio.io/v1alpha1\nkind: ‹IstioOperator›\nspec: {profile: default}\n"}},
		{codes: "not-a-topology", name: "a stream of manifests", file: "a.yaml", files: map[string]string{
			"a.yaml": "apiVersion: v1\nkind: ‹Namespace›\nmetadata: {name: istio-system}\n---\napiVersion: v1\nkind: Secret\ndata: {a: b}\n"}},
		{codes: "not-a-topology", name: "a HelmRelease that is a template", file: "a.yaml", files: map[string]string{
			"a.yaml": "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: ‹HelmRelease›\nmetadata: {name: {{ .Values.name }}}\n"}},
		{codes: "not-a-topology", name: "Helm values", file: "values.yaml", files: map[string]string{"values.yaml": "‹›global: {meshID: mesh1}\npilot: {}\n"}},
		{codes: "not-a-topology", name: "a kustomization without a kind", file: "kustomization.yaml", files: map[string]string{"kustomization.yaml": "‹›resources: [a.yaml]\n"}},
		{codes: "not-a-topology", name: "a list in JSON", file: "a.json", files: map[string]string{"a.json": "{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"‹List›\",\n  \"items\": []\n}\n"}},
		{codes: "not-a-topology", name: "what the KRM function is asked with", file: "a.yaml", files: map[string]string{
			"a.yaml": "apiVersion: meshtopo.dev/v1alpha1\nkind: ‹RenderCluster›\nmetadata: {name: a}\n"}},
		{codes: "not-a-topology", name: "on standard input", args: []string{"-"}, files: map[string]string{"<stdin>": "apiVersion: argoproj.io/v1alpha1\nkind: ‹Application›\n"}},
		{codes: "unknown-value", name: "a slip in the group", edits: []edit{{"meshtopo.dev/v1alpha1", "‹meshtop.dev/v1alpha1›"}}},

		{codes: "conflicting-values", name: "of two files", args: []string{"topology.yaml", "more.yaml"},
			files: map[string]string{"more.yaml": "spec:\n  mesh:\n    trustDomain: ‹example.com›\n"}},
		{codes: "conflicting-values", name: "of YAML and CUE", args: []string{"topology.yaml", "more.cue"},
			files: map[string]string{"more.cue": "spec: clusters: \"cluster-a\": network: ‹\"network2\"›\n"}},
		{codes: "invalid-value unknown-field invalid-cidr api-url-not-https", name: "in each of four files", args: []string{"topology.yaml", "c.yaml", "d.json", "e.cue"},
			edits: []edit{{`"https://192.0.2.1:6443"`, `‹"http://192.0.2.1:6443"›`}}, files: map[string]string{
				"c.yaml": "spec:\n  mesh:\n    clusterDomain: ‹cluster_local›\n",
				"d.json": `{"spec": {"clusters": {"cluster-a": {‹"netwrok"›: "network1"}}}}`,
				"e.cue":  "spec: clusters: \"cluster-b\": podCIDRs: [\n\t\"10.0.0.0/16\",\n\t‹\"10.1.0.0\"›,\n]\n",
			}},
	}
}

// link makes a symbolic link to a file outside of the root.
func link(t *testing.T, root *os.Root, name string) {
	t.Helper()
	outside := t.TempDir() + "/outside"
	write(t, outside, "hunter2: hunter2\n")
	if err := root.Symlink(outside, name); err != nil {
		t.Fatal(err)
	}
}
