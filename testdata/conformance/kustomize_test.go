package conformance

import (
	"bytes"
	"os/exec"
	"path"
	"slices"
	"sort"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// eachKustomization runs f for every layer that kubectl applies.
func eachKustomization(t *testing.T, f func(t *testing.T, c *cluster, layer string)) {
	t.Helper()
	eachCluster(t, func(t *testing.T, c *cluster) {
		for _, file := range files(t, c.dir) {
			if path.Base(file) == "kustomization.yaml" {
				t.Run(path.Dir(file), func(t *testing.T) { f(t, c, path.Dir(file)) })
			}
		}
	})
}

// TestLayers checks that kubectl can apply every layer but those for istioctl, which it must never see.
func TestLayers(t *testing.T) {
	eachCluster(t, func(t *testing.T, c *cluster) {
		layers := map[string]bool{}
		for _, file := range files(t, c.dir) {
			if layer, _, nested := strings.Cut(file, "/"); nested && !isValues(file) {
				layers[layer] = true
			}
		}
		for layer := range layers {
			istioctl := layer == path.Dir(controlPlane) || layer == path.Dir(gateway) && c.has(gateway)
			equal(t, layer+" has a kustomization", c.has(layer+"/kustomization.yaml"), !istioctl)
		}
	})
}

// TestKustomize builds every kustomization in process, with kubectl and with kustomize, and finds in it every object of
// the layer as it was written, and nothing else.
func TestKustomize(t *testing.T) {
	eachKustomization(t, func(t *testing.T, c *cluster, layer string) {
		resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), c.path(layer))
		if err != nil {
			t.Fatal(err)
		}
		built, err := resources.AsYaml()
		if err != nil {
			t.Fatal(err)
		}
		// Both programs sort by kind.
		kubectl := output(t, exec.Command(tool(t, "kubectl"), "kustomize", c.path(layer)))
		equal(t, "kubectl kustomize", inOrder(t, kubectl), inOrder(t, string(built)))
		kustomize := output(t, exec.Command(tool(t, "kustomize"), "build", c.path(layer)))
		equal(t, "kustomize build", inOrder(t, kustomize), inOrder(t, string(built)))
		var got, want []string
		for _, document := range documents(t, built) {
			got = append(got, text(t, parse(t, document).Object))
		}
		for _, o := range c.layer(t, layer) {
			if o.GetKind() == "IstioOperator" {
				t.Errorf("%s has an IstioOperator, which is no resource", layer)
			}
			want = append(want, text(t, o.Object))
		}
		sort.Strings(got)
		sort.Strings(want)
		equal(t, "objects", got, want)
	})
}

// inOrder gives the objects of a text in the order of their texts.
func inOrder(t *testing.T, text string) []string {
	t.Helper()
	var all []string
	for _, document := range documents(t, []byte(text)) {
		all = append(all, string(bytes.TrimSpace(bytes.TrimPrefix(document, []byte("---\n")))))
	}
	slices.Sort(all)
	return all
}
