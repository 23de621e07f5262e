package render

import (
	"slices"
	"strings"
	"testing"
)

// TestJoiningPrimary checks that a joining primary gets everything while nobody reads it yet.
func TestJoiningPrimary(t *testing.T) {
	files := variantFiles(t, "two-clusters", "cluster-b:\n", "cluster-b:\n      state: joining\n")
	for path, want := range map[string]bool{
		"clusters/cluster-a/1-prepare/remote-reader.yaml":            true, // cluster-b already reads it
		"clusters/cluster-a/2-secrets/remote-secrets/cluster-b.yaml": false,
		"clusters/cluster-a/4-gateway/istio-operator.yaml":           true, // its network already counts
		"clusters/cluster-b/1-prepare/remote-reader.yaml":            true,
		"clusters/cluster-b/2-secrets/remote-secrets/cluster-a.yaml": true,
		"clusters/cluster-b/3-control-plane/istio-operator.yaml":     true,
		"clusters/cluster-b/5-expose/cross-network-gateway.yaml":     true,
	} {
		if _, ok := files[path]; ok != want {
			t.Errorf("%s is in the tree: %v, want %v", path, ok, want)
		}
	}
	if readme := files["clusters/README.md"]; !strings.Contains(readme, "set `state: active` for `cluster-b`") {
		t.Errorf("the README does not say how cluster-b becomes active:\n%s", readme)
	}
}

// TestJoiningRemote checks what a joining remote gets before and after the address of its primary's gateway.
func TestJoiningRemote(t *testing.T) {
	for _, test := range []struct {
		name         string
		replacements []string
		want         []string
	}{
		{"without an address", nil, []string{"cluster-b/1-prepare"}},
		{
			"with an address",
			[]string{"network: network1\n", "network: network1\n      eastWestGateway: {addresses: [203.0.113.10]}\n"},
			[]string{"cluster-b/1-prepare", "cluster-b/3-control-plane", "cluster-b/4-gateway"},
		},
	} {
		files := variantFiles(t, "joining", test.replacements...)
		if got := layers(files, "cluster-b"); !slices.Equal(got, test.want) {
			t.Errorf("%s it has %v, want %v", test.name, got, test.want)
		}
		if _, ok := files["clusters/cluster-a/2-secrets/remote-secrets/cluster-b.yaml"]; ok {
			t.Errorf("%s it is read already", test.name)
		}
		primary := files["clusters/cluster-a/3-control-plane/istio-operator.yaml"]
		if !strings.Contains(primary, "externalIstiod: true") || files["clusters/cluster-a/5-expose/expose-istiod.yaml"] == "" {
			t.Errorf("%s its primary does not count it", test.name)
		}
	}
}

// TestExposure checks who publishes what on east-west gateways.
func TestExposure(t *testing.T) {
	const services, istiod = "cross-network-gateway.yaml", "expose-istiod.yaml"
	for _, test := range []struct {
		name, example, cluster string
		replacements           []string
		want                   []string
	}{
		{name: "one cluster", example: "single-cluster", cluster: "cluster-a"},
		{name: "one network, no remotes", example: "multi-primary-one-network", cluster: "cluster-a"},
		{name: "two networks", example: "two-clusters", cluster: "cluster-a", want: []string{services}},
		{name: "one network, remotes", example: "primary-remote-one-network", cluster: "cluster-a", want: []string{istiod}},
		{name: "two networks, remotes", example: "primary-remote-multi-network", cluster: "cluster-a", want: []string{services, istiod}},
		{name: "a remote", example: "primary-remote-multi-network", cluster: "cluster-b"},
		{
			name: "no gateway of its own", example: "multi-primary-multi-network", cluster: "east-2",
			replacements: []string{"east-2:\n", "east-2:\n      eastWestGateway: {enabled: false}\n"},
		},
	} {
		files := variantFiles(t, test.example, test.replacements...)
		for _, name := range []string{services, istiod} {
			_, ok := files["clusters/"+test.cluster+"/5-expose/"+name]
			if want := slices.Contains(test.want, name); ok != want {
				t.Errorf("%s: %s is in the tree: %v, want %v", test.name, name, ok, want)
			}
		}
	}
}

// TestAmbiguousNames checks that a network called "on" is a string wherever it turns up.
func TestAmbiguousNames(t *testing.T) {
	files := variantFiles(t, "two-clusters", "{network1: {}", `{"on": {}`, "network: network1", `network: "on"`)
	for path, text := range files {
		if strings.HasSuffix(path, ".yaml") && (strings.Contains(text, ": on\n") || strings.Contains(text, "- on\n")) {
			t.Errorf("%s has a network on without quotes:\n%s", path, text)
		}
	}
	if !strings.Contains(files["clusters/cluster-a/4-gateway/istio-operator.yaml"], `network: "on"`) {
		t.Error("the gateway is not on the network")
	}
}
