package lint

import (
	"fmt"
	"slices"
	"testing"
	"testing/fstest"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/loader"
)

// TestApplied finds an IstioOperator among what kubectl gets, unless kustomize keeps it to itself.
func TestApplied(t *testing.T) {
	operator := func(annotations string) string {
		return "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: {name: a" + annotations + "}\nspec: {profile: empty}\n"
	}
	for _, tt := range []struct {
		name, text string
		applied    bool
		want       []string
	}{
		{"applied", operator(""), true, []string{"east.yaml:2:7 operator-in-kustomization"}},
		{"for local use", operator(`, annotations: {config.kubernetes.io/local-config: "true"}`), true, nil},
		{"not for local use", operator(`, annotations: {config.kubernetes.io/local-config: "false"}`), true, []string{"east.yaml:2:7 operator-in-kustomization"}},
		{"a file", operator(""), false, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := Input{Clusters: []Source{{Cluster: "east", Files: []File{text("east.yaml", tt.text)}}}, Now: now, Applied: tt.applied}
			if got := placesOf(t, in); !slices.Equal(got, tt.want) {
				t.Errorf("Run finds %q, want %q", got, tt.want)
			}
		})
	}
}

// TestPart compares one cluster of a topology. What is missing is reported where the cluster is named.
func TestPart(t *testing.T) {
	const mesh = "apiVersion: meshtopo.dev/v1alpha1\nkind: Topology\nmetadata: {name: small}\nspec:\n  istio: {version: \"1.31.1\"}\n" +
		"  networks: {network1: {}}\n  clusters:\n    east: {network: network1}\n"
	top, found, err := loader.Load(loader.Input{FS: fstest.MapFS{"t.yaml": {Data: []byte(mesh)}}, Files: []string{"t.yaml"}, Now: now})
	if top == nil {
		t.Fatal(err, found.Sorted())
	}
	named := diag.Pos{File: "f.yaml", Line: 3, Col: 1}
	in := Input{Clusters: []Source{{Cluster: "west", Files: []File{text("ns.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n")}}}, Now: now, Topology: top}
	for _, tt := range []struct {
		part  bool
		named diag.Pos
		want  []string
	}{
		{false, diag.Pos{}, []string{"ns.yaml:0:0 not-in-topology", "t.yaml:8:5 cluster-without-manifests"}},
		{true, named, []string{"f.yaml:3:1 not-in-topology"}},
	} {
		in.Part, in.Named = tt.part, tt.named
		if got := placesOf(t, in); !slices.Equal(got, tt.want) {
			t.Errorf("Run finds %q, want %q", got, tt.want)
		}
	}
}

func text(name, content string) File {
	return File{Name: name, Read: func() ([]byte, error) { return []byte(content), nil }}
}

func placesOf(t *testing.T, in Input) []string {
	t.Helper()
	found, err := Run(in)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, d := range found.Sorted() {
		all = append(all, fmt.Sprintf("%s:%d:%d %s", d.Pos.File, d.Pos.Line, d.Pos.Col, d.Code))
	}
	return all
}
