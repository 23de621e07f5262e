package conformance

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema"
)

// A commit is a topology on the way from one version of Istio to the next by revision.
type commit struct {
	what      string
	revisions string            // the list
	gateway   string            // eastWestGateway.revision of the remote
	labels    map[string]string // istio.io/rev, and the revision of who has it
	gateways  map[string]string // the revision that the gateway of a cluster goes by
}

// commits are the five of an upgrade as the documentation tells it.
func commits(from, to string) []commit {
	a, b := revisionOf(from), revisionOf(to)
	entry := func(version, more string) string {
		return "{name: " + revisionOf(version) + ", version: \"" + version + "\"" + more + "}"
	}
	both := func(ofA, ofB string) string { return "[" + entry(from, ofA) + ", " + entry(to, ofB) + "]" }
	gateways := func(ofA, ofB string) map[string]string {
		return map[string]string{"cluster-a": ofA, "cluster-b": ofB}
	}
	return []commit{
		{"before", "[" + entry(from, ", default: true, tags: [prod]") + "]", "", map[string]string{a: a, "prod": a}, gateways(a, a)},
		{"beside", both(", default: true, tags: [prod]", ""), "", map[string]string{a: a, b: b, "prod": a}, gateways(a, a)},
		{"tried", both(", default: true, tags: [prod]", ", tags: [canary]"), b, map[string]string{a: a, b: b, "prod": a, "canary": b}, gateways(a, b)},
		{"moved", both("", ", default: true, tags: [prod, canary]"), b, map[string]string{a: a, b: b, "prod": b, "canary": b}, gateways(b, b)},
		{"after", "[" + entry(to, ", default: true, tags: [prod, canary]") + "]", "prod", map[string]string{b: b, "prod": b, "canary": b}, gateways(b, b)},
	}
}

// revisionOf is what a revision is called after its version.
func revisionOf(version string) string { return strings.ReplaceAll(version, ".", "-") }

// upgraded are the versions for each installer: the Sail operator does not know the newest.
var upgraded = map[schema.Installer][2]string{
	schema.Istioctl: {"1.30.3", "1.31.1"}, schema.Helm: {"1.30.3", "1.31.1"}, schema.Sail: {"1.29.5", "1.30.3"},
}

// TestUpgrade goes through the trees of an upgrade by revision, as one render after the other leaves them. After each,
// and while only the primary has the new tree, no sidecar is cut off: neither one that is injected then, whatever label
// it has, nor one that runs since the tree of before.
func TestUpgrade(t *testing.T) {
	for _, installer := range []schema.Installer{schema.Istioctl, schema.Helm, schema.Sail} {
		t.Run(string(installer), func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(exampleNamed(t, "upgrade").dir)); err != nil {
				t.Fatal(err)
			}
			var before *stage
			var tree string
			for _, c := range commits(upgraded[installer][0], upgraded[installer][1]) {
				e := c.render(t, dir, installer)
				old := tree
				tree = copyTree(t, filepath.Join(dir, "out", "clusters"))
				if before != nil {
					t.Run("half "+c.what, func(t *testing.T) {
						half := copyTree(t, tree)
						replaceTree(t, filepath.Join(half, "cluster-b"), filepath.Join(old, "cluster-b"))
						newStage(t, e, half).still(t, c, before.sidecars)
					})
				}
				t.Run(c.what, func(t *testing.T) {
					now := newStage(t, e, tree)
					now.inject(t, c)
					now.check(t, c)
					if before != nil {
						now.still(t, c, before.sidecars)
					}
					before = now
				})
			}
		})
	}
}

var listOfRevisions = regexp.MustCompile(`(?s)    revisions:.*?\n  trust:`)

// render has the command render the topology into the tree of the commit before. It refuses none.
func (c *commit) render(t *testing.T, dir string, installer schema.Installer) *example {
	t.Helper()
	text := string(read(t, filepath.Join(exampleNamed(t, "upgrade").dir, "topology.yaml")))
	text = listOfRevisions.ReplaceAllString(text, "    installer: "+string(installer)+"\n    revisions: "+c.revisions+"\n  trust:")
	if c.gateway != "" {
		text = strings.Replace(text, "      primary: cluster-a\n", "      primary: cluster-a\n      eastWestGateway: {revision: "+c.gateway+"}\n", 1)
	}
	put(t, filepath.Join(dir, "topology.yaml"), text)
	e, err := loadExample(dir)
	if err != nil {
		t.Fatal(err)
	}
	meshtopo(t, e, "render", "-o", "out", e.file())
	return e
}

func replaceTree(t *testing.T, dir, with string) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, os.DirFS(with)); err != nil {
		t.Fatal(err)
	}
}

// check says what is wrong with a stage: with what the topology means, and with the sidecars that are injected then.
func (s *stage) check(t *testing.T, c commit) {
	t.Helper()
	for _, line := range changes(s.expected(), s.observe(t)) {
		t.Error(line)
	}
	for _, p := range s.places {
		for _, pod := range p.pods {
			if pod.Name == eastWest {
				s.controls(t, p, pod, c.gateways[p.Name])
			}
		}
		s.webhooks(t, p, c)
	}
	if want := 2 * len(s.places) * len(c.labels); len(s.sidecars) != want {
		t.Errorf("%d sidecars are injected, want %d", len(s.sidecars), want)
	}
	for _, one := range s.sidecars {
		s.serve(t, one)
	}
}

// still says which sidecars of before are cut off. Those of a revision that is gone are: that is to be seen as well.
func (s *stage) still(t *testing.T, c commit, before []*sidecar) {
	t.Helper()
	served := 0
	for _, one := range before {
		if c.has(one.revision) {
			s.serve(t, one)
			served++
		} else if s.control(t, s.place(one.cluster), one.pod) != nil {
			t.Errorf("%s is served by a revision that is gone", one)
		}
	}
	if served == 0 {
		t.Error("no sidecar of before is served")
	}
}

func (c *commit) has(revision string) bool {
	return slices.Contains(slices.Collect(maps.Values(c.labels)), revision)
}
