package krm

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/schema/lint"
)

// Manifests gives the items that are manifests. Those of a build are of one cluster. In a directory of files a
// directory clusters, if no cluster is named, holds one in each directory, as it does for meshtopo lint; fsys and home
// are the working directory and its name.
func (l *List) Manifests(c *Config, cluster string, fsys fs.FS, home string) *Manifests {
	m := &Manifests{files: map[string]*itemFile{}, Applied: c.path == "" && l.forKubectl()}
	s := c.scope(cluster, home)
	files := l.itemFiles(c)
	m.Several = cluster == "" && slices.ContainsFunc(files, func(f *itemFile) bool { return s.clusterOf(f.path) != "" })
	for i, f := range files {
		name := s.cluster
		if m.Several {
			name = s.clusterOf(f.path)
		}
		if name == "" || !slices.ContainsFunc(f.items, isManifest) {
			continue
		}
		f.read(fsys)
		m.add(name, f.name(i), f)
	}
	slices.SortStableFunc(m.Clusters, func(a, b lint.Source) int { return strings.Compare(a.Cluster, b.Cluster) })
	c.manifests = m
	return m
}

// isManifest tells objects of clusters from configurations of meshtopo.
func isManifest(n *yaml.Node) bool {
	return !strings.HasPrefix(scalar(n, "apiVersion"), "meshtopo.dev/")
}

// forKubectl reports whether there is something that can be meant for kubectl: IstioOperators alone are on their way to
// istioctl.
func (l *List) forKubectl() bool {
	return slices.ContainsFunc(l.items, func(item *kyaml.RNode) bool {
		return isManifest(item.YNode()) && scalar(item.YNode(), "kind") != "IstioOperator"
	})
}

// itemFiles gives the items by the files that they are from. In a build, where an item seldom says so, each is by
// itself.
func (l *List) itemFiles(c *Config) []*itemFile {
	var all []*itemFile
	known := map[string]*itemFile{}
	for _, item := range l.items {
		n := item.YNode()
		from := pathOf(n)
		if c.path == "" {
			from = originOf(n)
		}
		if f := known[from]; f != nil && from != "" {
			f.items = append(f.items, n)
			continue
		}
		known[from] = &itemFile{path: from, items: []*yaml.Node{n}}
		all = append(all, known[from])
	}
	for _, f := range all {
		slices.SortStableFunc(f.items, func(a, b *yaml.Node) int { return indexOf(a) - indexOf(b) })
	}
	return all
}

// scope says which cluster files are of.
type scope struct {
	cluster string // where there is one
	dir     string // of the functionConfig, from the directory that kustomize runs on, with a slash; "" for that itself
	inside  bool   // it is the directory that holds those of clusters
}

func (c *Config) scope(cluster, home string) scope {
	s := scope{cluster: cluster}
	name := home
	if dir := path.Dir(c.path); c.path != "" && dir != "." {
		s.dir, name = dir+"/", path.Base(dir)
	}
	s.inside = name == layout.Top && c.path != ""
	if s.cluster == "" {
		s.cluster = name
	}
	return s
}

// clusterOf gives the directory of a cluster that a file is in, or "".
func (s scope) clusterOf(file string) string {
	rest, ok := strings.TrimPrefix(file, s.dir), true
	if !s.inside {
		rest, ok = strings.CutPrefix(rest, layout.Top+"/")
	}
	cluster, _, nested := strings.Cut(rest, "/")
	if !ok || !nested || strings.HasPrefix(cluster, ".") {
		return ""
	}
	return cluster
}

// add adds a file to its cluster.
func (m *Manifests) add(cluster, name string, f *itemFile) {
	m.files[name] = f
	file := lint.File{Name: name, Read: func() ([]byte, error) { return f.text, nil }}
	if i := slices.IndexFunc(m.Clusters, func(s lint.Source) bool { return s.Cluster == cluster }); i >= 0 {
		m.Clusters[i].Files = append(m.Clusters[i].Files, file)
		return
	}
	m.Clusters = append(m.Clusters, lint.Source{Cluster: cluster, Files: []lint.File{file}})
}
