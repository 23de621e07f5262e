package gitops

import (
	"reflect"
	"testing"

	"meshtopo.dev/meshtopo/render/installer"
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/schema"
)

// TestSteps has charts of one name, and a layer with a kustomization beside its charts: Flux gets one step for the
// charts and one for what is about them, and Argo CD gets a wave for each.
func TestSteps(t *testing.T) {
	chart := func(name, release string) *installer.Chart { return &installer.Chart{Name: name, Release: release} }
	units := []unit{
		{layer: layout.Prepare, part: layout.Prepare},
		{layer: layout.ControlPlane, chart: chart("base", "istio-base")},
		{layer: layout.ControlPlane, chart: chart("istiod", "istiod-one")},
		{layer: layout.ControlPlane, chart: chart("istiod", "istiod-two")},
		{layer: layout.ControlPlane, part: layout.ControlPlane},
		{layer: layout.ControlPlane, part: layout.ControlPlane + "/tags"},
		{layer: layout.Gateway, chart: chart("gateway", "istio-eastwestgateway")},
		{layer: layout.Expose, part: layout.Expose, waits: true},
	}
	var parts []string
	var sizes []int
	for _, s := range stepsOf(units) {
		parts, sizes = append(parts, s.part()), append(sizes, len(s.units))
	}
	if want := []string{"1-prepare", "3-control-plane-charts", "3-control-plane", "3-control-plane-tags", "4-gateway-charts", "5-expose"}; !reflect.DeepEqual(parts, want) {
		t.Errorf("the steps are %q, want %q", parts, want)
	}
	if want := []int{1, 3, 1, 1, 1, 1}; !reflect.DeepEqual(sizes, want) {
		t.Errorf("they have %d units, want %d", sizes, want)
	}
	for role, want := range map[schema.Role][]int{schema.Primary: {0, 200, 201, 202, 203, 204, 300, 800}, schema.Remote: {0, 500, 501, 502, 503, 504, 600, 800}} {
		c := Cluster{Installer: installer.Installer{Target: installer.Target{Cluster: &schema.Cluster{Role: role}}}}
		if got := c.waves(units); !reflect.DeepEqual(got, want) {
			t.Errorf("the waves of a %s are %d, want %d", role, got, want)
		}
	}
}

// TestSources has the addresses of repositories and charts, and revisions, as the engines take them.
func TestSources(t *testing.T) {
	for address, want := range map[string]string{
		"https://git.example.com/mesh.git": "https://git.example.com/mesh.git", "ssh://git@git.example.com/mesh.git": "ssh://git@git.example.com/mesh.git",
		"git@git.example.com:team/mesh.git": "ssh://git@git.example.com/team/mesh.git",
	} {
		if got := url(address); got != want {
			t.Errorf("Flux gets %q, want %q", got, want)
		}
	}
	for charts, want := range map[string]string{"oci://registry.example.com:5000/istio/": "registry.example.com:5000/istio", "https://charts.example.com/istio": "https://charts.example.com/istio"} {
		if got := withoutScheme(charts); got != want {
			t.Errorf("Argo CD gets %q, want %q", got, want)
		}
	}
	for revision, want := range map[string]string{"main": "branch", "release/1": "branch", "refs/tags/v1": "name", "0123456789012345678901234567890123456789": "commit", "0123456789": "branch"} {
		if got := ref(revision); got[want] != revision || len(got) != 1 {
			t.Errorf("%s is %q, want a %s", revision, got, want)
		}
	}
}

// TestKeep has objects keep what they have.
func TestKeep(t *testing.T) {
	for object, want := range map[string]string{
		"kind: Namespace\nmetadata:\n  name: \"a\"\n":                               "kind: Namespace\nmetadata:\n  name: \"a\"\n  annotations:\n    argocd.argoproj.io/sync-options: Prune=false,Delete=false\n",
		"kind: Istio\nmetadata:\n  annotations:\n    note: x\nspec: {}\n":           "kind: Istio\nmetadata:\n  annotations:\n    note: x\n    argocd.argoproj.io/sync-options: Prune=false\nspec: {}\n",
		"kind: Istio\nmetadata:\n  name: old\nspec: {}\n":                           "kind: Istio\nmetadata:\n  name: old\nspec: {}\n",
		"kind: ServiceAccount\nmetadata:\n  name: \"a\" # as it is\n  labels: {}\n": "kind: ServiceAccount\nmetadata:\n  name: \"a\" # as it is\n  labels: {}\n",
	} {
		got, err := Keep(schema.ArgoCD, []byte(object), []string{"old"})
		if err != nil || string(got) != want {
			t.Errorf("%v: %s, want %s", err, got, want)
		}
	}
}
