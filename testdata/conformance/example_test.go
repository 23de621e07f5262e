package conformance

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"sync"
	"testing"
	"time"

	"meshtopo.dev/meshtopo/render/secret"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/loader"
	"meshtopo.dev/meshtopo/schema/material"
)

// example is one directory of testdata: a topology, the material that it names and the tree that it gives.
type example struct {
	name     string
	dir      string
	topology *schema.Topology
	material material.Reader
}

// cluster is one cluster of an example with the directory that it gets.
type cluster struct {
	*schema.Cluster
	mesh    *schema.Topology
	example *example
	dir     string
}

// eachExample runs f for every example.
func eachExample(t *testing.T, f func(t *testing.T, e *example)) {
	t.Helper()
	all, err := examples()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		t.Run(e.name, func(t *testing.T) { f(t, e) })
	}
}

// eachCluster runs f for every cluster of every example.
func eachCluster(t *testing.T, f func(t *testing.T, c *cluster)) {
	t.Helper()
	eachExample(t, func(t *testing.T, e *example) {
		for _, c := range e.topology.Clusters {
			t.Run(c.Name, func(t *testing.T) { f(t, e.cluster(c)) })
		}
	})
}

// eachControlPlane runs f for every cluster of every example, as each of its control planes has it.
func eachControlPlane(t *testing.T, f func(t *testing.T, c *cluster)) {
	t.Helper()
	eachCluster(t, func(t *testing.T, c *cluster) {
		for _, plane := range c.asPlanes() {
			f(t, plane)
		}
	})
}

// asPlanes gives the cluster as each of its control planes has it: with that version and that revision.
func (c *cluster) asPlanes() []*cluster {
	var all []*cluster
	for _, plane := range c.ControlPlanes() {
		at := *c
		at.Cluster = plane
		all = append(all, &at)
	}
	return all
}

// controlPlane names the file with the IstioOperator of the control plane.
func (c *cluster) controlPlane() string {
	if c.Istio.Listed.Revisions == nil {
		return controlPlane
	}
	return path.Join(path.Dir(controlPlane), c.Istio.RevisionName(), path.Base(controlPlane))
}

// examples finds every example that has a tree. The topology is what loader.Load makes of it: this module checks
// the manifests, and the tests of package schema check Load.
var examples = sync.OnceValues(func() ([]*example, error) {
	trees, err := filepath.Glob("../*/want")
	if err != nil || len(trees) == 0 {
		return nil, fmt.Errorf("no example has a tree: Glob(../*/want) = %v, %v", trees, err)
	}
	var all []*example
	for _, tree := range trees {
		e, err := loadExample(filepath.Dir(tree))
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
})

func loadExample(dir string) (*example, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	e := &example{name: filepath.Base(dir), dir: dir, material: secret.NewStore(root.FS(), os.LookupEnv)}
	topology, problems, err := loader.Load(loader.Input{
		FS: root.FS(), Files: []string{e.file()}, Material: e.material, RequireMaterial: true, Now: time.Now(),
	})
	if err != nil {
		return nil, fmt.Errorf("Load(%q): %w", dir, err)
	}
	if topology == nil {
		return nil, fmt.Errorf("Load(%q) = %v, want a topology", dir, problems)
	}
	e.topology = topology
	return e, nil
}

// file names the topology below the example's directory: a YAML file, or the directory itself, a CUE package.
func (e *example) file() string {
	if _, err := os.Stat(filepath.Join(e.dir, "topology.yaml")); err != nil {
		return "."
	}
	return "topology.yaml"
}

// cluster gives a cluster of the example with its directory.
func (e *example) cluster(c *schema.Cluster) *cluster {
	return &cluster{Cluster: c, mesh: e.topology, example: e, dir: filepath.Join(e.dir, "want", "clusters", c.Name)}
}

// public reads a certificate that the topology names.
func (e *example) public(t *testing.T, path string) []byte {
	t.Helper()
	text, err := e.material.Public(path)
	if err != nil {
		t.Fatalf("Public(%q): %v", path, err)
	}
	return text
}

// private reads a key or token that the topology names.
func (e *example) private(t *testing.T, place schema.Private) []byte {
	t.Helper()
	text, err := e.material.Private(place)
	if err != nil {
		t.Fatalf("Private(%q): %v", place, err)
	}
	return text
}

// plain reports whether the cluster's directory has its Secrets as they are, for those who look into them. What other
// ways to protect them give is compared with those by the tools of each.
func (c *cluster) plain() bool { return c.Secrets.Protection == schema.Plaintext }

// plain reports whether every control plane of the example has. A single cluster has no Secret.
func (e *example) plain() bool {
	return !slices.ContainsFunc(e.topology.Clusters, func(c *schema.Cluster) bool {
		return c.Secrets.Protection != schema.Plaintext && c.Secrets.Protection != schema.Unprotected
	})
}

// path gives the place of a file in the cluster's directory.
func (c *cluster) path(name string) string { return filepath.Join(c.dir, filepath.FromSlash(name)) }

// has reports whether the cluster's directory holds a file or layer of that name.
func (c *cluster) has(name string) bool {
	_, err := os.Stat(c.path(name))
	return err == nil
}

// installable reports whether the cluster can have a control plane yet: a remote needs its primary's address.
func (c *cluster) installable() bool {
	return c.RunsControlPlane() || len(c.mesh.Cluster(c.Primary).EastWestGateway.Addresses) > 0
}

// serves reports whether the cluster's control plane runs other clusters too.
func (c *cluster) serves() bool { return len(c.mesh.Remotes(c.Name)) > 0 }

// revisioned gives a name of Istio's as it is with the cluster's revision: istiod, or istiod-canary.
func (c *cluster) revisioned(name string) string {
	if c.Istio.Revision == "" {
		return name
	}
	return name + "-" + c.Istio.Revision
}

// files gives the files below dir, sorted, with slashes.
func files(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		names = append(names, filepath.ToSlash(name))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	sort.Strings(names)
	return names
}

// readAll gives the content of the files below dir, by their names.
func readAll(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	if _, err := os.Stat(dir); err != nil {
		return all
	}
	for _, name := range files(t, dir) {
		all[name] = read(t, filepath.Join(dir, name))
	}
	return all
}

// read gives the content of a file.
func read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
