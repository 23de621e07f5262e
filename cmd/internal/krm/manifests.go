package krm

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/lint"
)

// itemsName begins how findings call what the items are read from. No file of the user is called so.
const itemsName = "<items>/"

// Manifests are the items of a list as package lint reads them: in the user's own files where those say the same, and
// otherwise in texts of this package, whose lines mean nothing to anybody else.
type Manifests struct {
	Clusters []lint.Source
	Several  bool // the clusters are those of a directory, not the one that a build is for
	Applied  bool // kubectl gets them

	files map[string]*itemFile // by how findings call them
}

// itemFile is a file with items, or what stands for one.
type itemFile struct {
	path  string // the user's, from the working directory; "" where none is known
	exact bool   // the text is the user's
	text  []byte
	items []*yaml.Node // in their order in the text
	index *index
}

// Manifests gives the items that are manifests. Those of a build are of one cluster. In a directory of files a directory
// clusters, if no cluster is named, holds one in each directory, as it does for meshtopo lint; fsys and home are the
// working directory and its name.
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
		f.read(c, fsys)
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
	for _, item := range l.items {
		if n := item.YNode(); isManifest(n) && scalar(n, "kind") != "IstioOperator" {
			return true
		}
	}
	return false
}

// itemFiles gives the items by the files that they are from. In a build, where an item seldom says so, each is by itself.
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

// originOf gives the file that a resource of a build is from, where the kustomization has buildMetadata: [originAnnotations],
// or "".
func originOf(n *yaml.Node) string {
	var origin struct{ Path, Repo string }
	text := scalar(n, "metadata", "annotations", originAnnotation)
	if yaml.Unmarshal([]byte(text), &origin) != nil || origin.Repo != "" || origin.Path == "" {
		return ""
	}
	return path.Clean(origin.Path)
}

// indexOf gives the place of an item in its file, counted from 0.
func indexOf(n *yaml.Node) int {
	for _, name := range []string{indexAnnotation, legacyIndexAnnotation} {
		if index, err := strconv.Atoi(scalar(n, "metadata", "annotations", name)); err == nil {
			return index
		}
	}
	return 0
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

// name is how findings call the file. A name that ends in .json would have a text of ours be read as JSON.
func (f *itemFile) name(number int) string {
	if f.path != "" && (f.exact || path.Ext(f.path) != ".json") {
		return itemsName + f.path
	}
	return fmt.Sprintf("%s%06d", itemsName, number)
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

// read takes the user's file if it says what the items say, and else writes the items.
func (f *itemFile) read(c *Config, fsys fs.FS) {
	if fs.ValidPath(f.path) {
		if text, err := fs.ReadFile(fsys, f.path); err == nil && f.holds(documents(text)) {
			f.text, f.exact = text, true
			return
		}
	}
	var texts []string
	for _, n := range f.items {
		text, err := yaml.Marshal(plain(n))
		if err != nil {
			text = []byte("{}\n") // an item that cannot be written says nothing
		}
		texts = append(texts, string(text))
	}
	f.text = []byte(strings.Join(texts, "---\n"))
}

// holds reports whether the documents of a file are what the items say, in whichever order.
func (f *itemFile) holds(docs []*yaml.Node) bool {
	if len(docs) != len(f.items) {
		return false
	}
	left := map[id][]map[string]any{}
	for _, n := range f.items {
		left[idOf(n)] = append(left[idOf(n)], meaningOf(n))
	}
	for _, doc := range docs {
		key, want := idOf(doc), meaningOf(doc)
		i := slices.IndexFunc(left[key], func(said map[string]any) bool { return said != nil && reflect.DeepEqual(said, want) })
		if i < 0 {
			return false
		}
		left[key] = slices.Delete(left[key], i, i+1)
	}
	return true
}

// meaningOf decodes an item without what kustomize notes in it, or gives nil.
func meaningOf(n *yaml.Node) map[string]any {
	var doc map[string]any
	if n.Decode(&doc) != nil {
		return nil
	}
	forget(doc, noted)
	return doc
}

// plain gives an item in block style, without comments, and with every text quoted: a finding in a block text would have a
// line of its own, and in a quoted one it says which line of the text it means.
func plain(n *yaml.Node) *yaml.Node {
	c := *n
	c.HeadComment, c.LineComment, c.FootComment = "", "", ""
	c.Style &^= yaml.FlowStyle
	if c.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		c.Style = yaml.DoubleQuotedStyle
	}
	c.Content = make([]*yaml.Node, len(n.Content))
	for i, below := range n.Content {
		c.Content[i] = plain(below)
	}
	return &c
}

// file gives the file that findings call so, or nil.
func (m *Manifests) file(name string) *itemFile {
	if m == nil {
		return nil
	}
	return m.files[name]
}

// shown is how people call the file, or else the object that it stands for.
func (f *itemFile) shown() string {
	if f.path != "" {
		return f.path
	}
	return label(f.items[0])
}

// label names an object: Gateway istio-system/cross-network-gateway.
func label(n *yaml.Node) string {
	r := referenceTo(n)
	name := strings.TrimPrefix(r.Namespace+"/"+r.Name, "/")
	return strings.TrimSpace(cmp.Or(r.Kind, "an object without a kind") + " " + name)
}

// places finds objects and fields in the file.
func (f *itemFile) places() *index {
	if f.index == nil {
		f.index = newIndex(f.text)
	}
	return f.index
}

// unplace names the object and the field in the place of a line which is not the user's.
func (f *itemFile) unplace(pos diag.Pos, message string) (diag.Pos, string) {
	if f.exact {
		return pos, message
	}
	message = withField(f.places().path(pos), message)
	if o := f.places().at(pos); o != nil {
		if name := label(o.node); name != f.shown() {
			message = name + ": " + message
		}
	}
	return diag.Pos{File: pos.File}, message
}

// locate says in a result what a place in the file is.
func (f *itemFile) locate(r *Result, pos diag.Pos) {
	r.ResourceRef, r.Field = f.places().reference(pos), f.places().field(pos)
	if f.path == "" {
		return
	}
	r.File = &FileRef{Path: f.path}
	if o := f.places().at(pos); o != nil && o.number < len(f.items) {
		r.File.Index = indexOf(f.items[o.number])
		if f.exact {
			r.File.Index = o.number
		}
	}
	if f.exact {
		r.line(pos)
	}
}
