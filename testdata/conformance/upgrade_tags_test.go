package conformance

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"meshtopo.dev/meshtopo/schema"
)

// TestTagWebhooks compares the webhooks of revision tags in the tree with those that the chart istiod makes of
// values.revisionTags, in a primary and in a remote. With ISTIO, a git directory of istio.io/istio, it does so with the
// charts of every minor version.
func TestTagWebhooks(t *testing.T) {
	sources := map[string]string{"this module": ""}
	if gitDir := os.Getenv("ISTIO"); gitDir != "" {
		for minor := firstMinor; minor <= lastMinor; minor++ {
			branch := "release-1." + strconv.Itoa(minor)
			sources[branch] = chartsOf(t, gitDir, branch)
		}
	}
	for _, test := range []struct {
		name, namespace, more string // below istio
		all                   bool   // every installer takes that
	}{
		{"plain", "istio-system", "", true},
		{"settings", "mesh", "namespace: mesh, values: {sidecarInjectorWebhook: {reinvocationPolicy: IfNeeded, enableNamespacesByDefault: true}}", true},
		{"annotations", "istio-system", "values: {pilot: {sidecarInjectorWebhookAnnotations: {example.com/owner: mesh}}}", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := taggedExample(t)
			files := e.controlPlanes(t, schema.Helm, test.more)
			if test.all {
				e.sameForOthers(t, test.more, files)
			}
			for _, c := range e.topology.Clusters {
				for _, source := range slices.Sorted(maps.Keys(sources)) {
					t.Run(c.Name+" "+source, func(t *testing.T) { sameTags(t, c, sources[source], test.namespace, files[c.Name]) })
				}
			}
		})
	}
}

// sameForOthers checks that other installers have the same webhooks beside them as Helm. In a primary the Sail operator
// makes them.
func (e *example) sameForOthers(t *testing.T, more string, byHelm map[string]map[string][]byte) {
	t.Helper()
	byIstioctl, bySail := e.controlPlanes(t, schema.Istioctl, more), e.controlPlanes(t, schema.Sail, more)
	for _, c := range e.topology.Clusters {
		want := string(byHelm[c.Name]["tags/"+tagWebhooks])
		equal(t, "with istioctl", string(byIstioctl[c.Name]["tags/"+tagWebhooks]), want)
		if c.RunsControlPlane() {
			want = ""
		}
		equal(t, "with Sail", string(bySail[c.Name][tagWebhooks]), want)
	}
}

// sameTags compares the webhooks of all tags of a cluster.
func sameTags(t *testing.T, c *schema.Cluster, charts, namespace string, files map[string][]byte) {
	var made objects
	for _, p := range c.ControlPlanes() {
		for _, tag := range p.Istio.RevisionTags() {
			v := valuesOf(t, files[p.Istio.RevisionName()+"/istiod.values.yaml"])
			made = append(made, ofTag(t, charts, tag, namespace, v)...)
		}
	}
	got, want := comparable(parsed(t, files["tags/"+tagWebhooks])), comparable(made)
	withoutMaker(got)
	withoutMaker(want)
	if len(want) == 0 && c.ServedByPrimary() && charts != "" {
		t.Skip("these charts make none in a remote")
	}
	equal(t, "number of webhooks", len(got), 3)
	sameObjects(t, got, want)
}

// taggedExample is the upgrade with the tag by which istio-injection: enabled gets a revision.
func taggedExample(t *testing.T) *example {
	t.Helper()
	dir := copyTree(t, exampleNamed(t, "upgrade").dir)
	file := filepath.Join(dir, "topology.yaml")
	put(t, file, strings.Replace(string(read(t, file)), "tags: [prod]", "tags: [default, prod]", 1))
	e, err := loadExample(dir)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// withoutMaker takes from what a revision tag consists of the labels that say who made it, and the Services that charts
// since 1.28 make beside the webhooks: no sidecar is injected by them, and no one calls them.
func withoutMaker(named map[string]*unstructured.Unstructured) {
	for name, o := range named {
		labels := o.GetLabels()
		if labels["istio.io/tag"] == "" {
			continue
		}
		if o.GetKind() == "Service" {
			delete(named, name)
			continue
		}
		maps.DeleteFunc(labels, func(label, _ string) bool {
			return !slices.Contains([]string{"app", "istio.io/rev", "istio.io/tag"}, label)
		})
		o.SetLabels(labels)
	}
}

// chartsOf writes the charts of a branch to a directory.
func chartsOf(t *testing.T, gitDir, branch string) string {
	t.Helper()
	dir := t.TempDir()
	archive := filepath.Join(dir, "charts.tar")
	output(t, exec.Command("git", "--git-dir="+gitDir, "archive", "--output", archive, branch, "manifests"))
	output(t, exec.Command("tar", "-x", "-C", dir, "-f", archive))
	return filepath.Join(dir, "manifests")
}
