package guess

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestRead guesses the clusters of directories in the ways in which people lay them out. A file is PATH[=NAME[+]], with
// "+" where it has an installation and not just the name.
func TestRead(t *testing.T) {
	for _, tt := range []struct{ title, files, want string }{
		{"one cluster", "cp.yaml=east+ gateways/ew.yaml=east ns.yaml", ""},
		{"a gateway with another name", "cp/istio.yaml=east+ gw/istio.yaml=esat", ""},
		{"a gateway with another name in one of two clusters", "east/cp.yaml=east+ east/gw.yaml=esat west/cp.yaml=west+",
			"east: east/cp.yaml east/gw.yaml; west: west/cp.yaml"},
		{"nothing says a name", "cp.yaml gateways/ew.yaml", ""},
		{"a directory each", "east/cp.yaml=east+ east/ns.yaml west/cp.yaml=west+", "east: east/cp.yaml east/ns.yaml; west: west/cp.yaml"},
		{"a file each", "expose.yaml one.yaml=c1+ two.yaml=c2+", "one.yaml: one.yaml; two.yaml: two.yaml; rest: expose.yaml"},
		{"names of files", "east-expose.yaml east.yaml=east+ istio-remote-secret-west.yaml northeast.yaml ns.yaml west.ns.yaml west.yaml=west+",
			"east.yaml: east.yaml east-expose.yaml; west.yaml: west.yaml west.ns.yaml; rest: istio-remote-secret-west.yaml northeast.yaml ns.yaml"},
		{"something for all", "base/ns.yaml east/cp.yaml=east+ west/cp.yaml=west+", "east: east/cp.yaml; west: west/cp.yaml; rest: base/ns.yaml"},
		{"layers first", "cp/east.yaml=east+ cp/west.yaml=west+ gw/east.yaml=east gw/west.yaml=west",
			"cp/east.yaml: cp/east.yaml gw/east.yaml; cp/west.yaml: cp/west.yaml gw/west.yaml"},
		{"environments first", "prod/east/cp.yaml=east+ prod/west/cp.yaml=west+ stage/east/cp.yaml=east+ stage/west/cp.yaml=west+",
			"prod/east in prod: prod/east/cp.yaml; prod/west in prod: prod/west/cp.yaml; stage/east in stage: stage/east/cp.yaml; stage/west in stage: stage/west/cp.yaml"},
		{"environments of one cluster among others", "dev/cp.yaml=dev+ prod/east/cp.yaml=east+ prod/west/cp.yaml=west+",
			"dev: dev/cp.yaml; prod/east: prod/east/cp.yaml; prod/west: prod/west/cp.yaml"},
		{"overlays", "base/cp.yaml overlays/east/patch.yaml=east overlays/west/patch.yaml=west",
			"overlays/east: overlays/east/patch.yaml; overlays/west: overlays/west/patch.yaml; rest: base/cp.yaml"},
	} {
		var files []*File
		for f := range strings.FieldsSeq(tt.files) {
			path, name, _ := strings.Cut(f, "=")
			text := "# istio\n"
			if bare := strings.TrimSuffix(name, "+"); name != "" {
				text += "global:\n  multiCluster:\n    clusterName: " + bare + "\n"
				if bare != name {
					text += "  meshID: mesh1\n"
				}
			}
			files = append(files, Look(path, []byte(text)))
		}
		l := Read(files)
		var got []string
		for _, c := range l.Clusters {
			in := ""
			if c.Mesh != "" {
				in = " in " + c.Mesh
			}
			got = append(got, fmt.Sprintf("%s%s: %s", c.At, in, strings.Join(c.Files, " ")))
		}
		if len(l.Rest) > 0 {
			got = append(got, "rest: "+strings.Join(l.Rest, " "))
		}
		if got := strings.Join(got, "; "); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.title, got, tt.want)
		}
	}
}

// TestBases passes over the name in a base that kustomizations change.
func TestBases(t *testing.T) {
	cluster := func(name string) []byte { return []byte("global: {multiCluster: {clusterName: " + name + "}} # istio") }
	l := Read([]*File{
		Look("common/cp.yaml", cluster("default-name")),
		Look("east/kustomization.yaml", []byte("resources:\n- ../common\n")), Look("east/patch.yaml", cluster("a")),
		Look("west/kustomization.yaml", []byte("bases: # of all\n  - \"../common\"\n")), Look("west/patch.yaml", cluster("b")),
	})
	if len(l.Clusters) != 2 || l.Clusters[0].At != "east" || l.Clusters[1].At != "west" || !slices.Equal(l.Rest, []string{"common/cp.yaml"}) {
		t.Errorf("guessed %v, and %v for none", l, l.Rest)
	}
}

// TestMentions passes over topologies, which are about Istio and are no manifests.
func TestMentions(t *testing.T) {
	for text, want := range map[string]bool{
		"apiVersion: install.istio.io/v1alpha1\n":                true,
		"metadata: {namespace: istio-system}\n":                  true,
		"kind: ConfigMap\n":                                      false,
		"apiVersion: meshtopo.dev/v1alpha1\nspec: {istio: {}}\n": false,
	} {
		if Mentions([]byte(text)) != want {
			t.Errorf("%q mentions Istio: %v, want %v", text, !want, want)
		}
	}
}

// TestNames finds the names in the notations in which they are written.
func TestNames(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"global:\n  multiCluster:\n    clusterName: east\n", "east"},
		{"global: {multiCluster: {clusterName: east}}", "east"},
		{"global: {multiCluster: {enabled: true, clusterName: \"east\"}}", "east"},
		{"multiCluster:\n  # its name\n  enabled: true\n  clusterName: 'east' # here\n", "east"},
		{`{"multiCluster": {"clusterName": "east"}}`, "east"},
		{"parameters:\n- name: global.multiCluster.clusterName\n  value: east\n", "east"},
		{"args: [--set, values.global.multiCluster.clusterName=east]", "east"},
		{"multiCluster: {clusterName: $NAME}", ""},
		{"multiCluster: {clusterName: \"{{ name }}\"}", ""},
		{"multiCluster: {enabled: true}\nclusterName: other\n", ""},
		{"clusterName: other", ""},
		{"# multiCluster settings\n", ""},
	} {
		if got, _ := namesIn([]byte(tt.text)); strings.Join(slices.Compact(got), " ") != tt.want {
			t.Errorf("%q names %q, want %q", tt.text, got, tt.want)
		}
	}
}

// TestKnown takes a directory for the cluster of its name where the name is known and no file of it has another.
func TestKnown(t *testing.T) {
	files := func() []*File {
		return []*File{
			Look("prod/east/cp.yaml", []byte("global: {meshID: mesh1, multiCluster: {clusterName: east}} # istio")),
			Look("prod/west/gateway.yaml", []byte("# istio")),
			Look("prod/west/secrets/east/remote.yaml", []byte("# istio")),
		}
	}
	if l := Read(files()); len(l.Clusters) != 0 {
		t.Errorf("guessed %v without the names", l)
	}
	l := Read(files(), "east", "west")
	if len(l.Clusters) != 2 || l.Clusters[1].At != "prod/west" || len(l.Clusters[1].Files) != 2 {
		t.Errorf("guessed %v", l)
	}
	if l := Read(files(), "north", "south"); len(l.Clusters) != 0 {
		t.Errorf("guessed %v by other names", l)
	}
}
