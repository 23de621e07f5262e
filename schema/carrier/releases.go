package carrier

import (
	"iter"
	"maps"
	"path"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/placeholder"
)

// Releases gives what all objects and files together say: the releases of Istio's charts, each with its values. Files
// of values that no release names are releases of their own.
func (s *Set) Releases() iter.Seq[*Release] {
	l := &lookup{store: &s.store, files: map[string][]*document.Node{}, taken: map[*document.Node]bool{}, budget: maxMerged}
	for i, root := range s.documents {
		file := root.Pos.File
		if i == 0 || file != s.documents[i-1].Pos.File { // of several documents, Helm reads the first
			name := path.Base(file)
			l.files[name] = append(l.files[name], root)
		}
	}
	return func(yield func(*Release) bool) {
		for _, p := range s.pending {
			one := *p.Release
			for _, r := range l.identify(l.resolve(&pending{&one, p.source})) {
				if !yield(r) {
					return
				}
			}
		}
		for _, root := range s.documents {
			if l.taken[root] {
				continue
			}
			for _, r := range l.loose(root) {
				if !yield(r) {
					return
				}
			}
		}
	}
}

// lookup finds what releases refer to.
type lookup struct {
	*store
	files map[string][]*document.Node // by the last part of their names
	taken map[*document.Node]bool     // those that a release names

	budget int // how many more values may be merged
}

// maxMerged bounds the values of all layers of all releases: files may be referred to many times.
const maxMerged = 500_000

// size counts the values in a value.
func size(n *document.Node) int {
	if n == nil {
		return 0
	}
	total := 1
	for _, e := range n.Fields {
		total += size(e.Value)
	}
	for _, item := range n.Items {
		total += size(item)
	}
	return total
}

// resolve reads the layers of a release, and merges them.
func (s *lookup) resolve(p *pending) *pending {
	for _, l := range p.layers[:min(len(p.layers), maxLayers)] {
		values := l.values
		switch {
		case l.unreadable != "":
			p.gap(l.pos, l.unreadable)
		case l.configMap != "":
			values = s.fromConfigMap(p, l)
		case l.file != "":
			values = s.fromFile(p, l)
		}
		if s.budget -= size(values); s.budget < 0 && l.values == nil {
			p.gap(l.pos, "more files are referred to than are read together")
			break
		}
		p.put(values)
	}
	if p.Values == nil {
		p.Values = &document.Node{Kind: document.Map, Pos: p.Pos}
	}
	return p
}

// put adds values that count less than those that are there.
func (r *Release) put(values *document.Node) {
	if values != nil && values.Kind == document.Map && len(values.Fields) > 0 {
		r.Layers = append(r.Layers, values)
		r.Values = merge(r.Values, values)
	}
}

// maxLayers bounds what is merged for one release: nobody gives it as many files.
const maxLayers = 100

// fromFile gives the values in a file that a release names.
func (s *lookup) fromFile(p *pending, l layer) *document.Node {
	if placeholder.In(l.file) {
		p.gap(l.pos, "which file "+l.file+" is, is not known")
		return nil
	}
	name := l.file
	if !l.rooted {
		name = path.Join(path.Dir(l.from), l.file)
	}
	for _, root := range s.files[path.Base(name)] {
		if file := root.Pos.File; file == name || l.rooted && sameFile(file, name) {
			s.taken[root] = true
			p.Sources = append(p.Sources, file)
			return root
		}
	}
	if !l.maybe {
		p.gap(l.pos, l.file+" is not among the files that are read")
	}
	return nil
}

// fromConfigMap gives the values in a ConfigMap that a release names.
func (s *lookup) fromConfigMap(p *pending, l layer) *document.Node {
	_, name, _ := strings.Cut(l.configMap, "/")
	o := s.configMaps[l.configMap]
	if o == nil { // the namespace may be that of a kustomization
		o = s.configMaps["/"+name]
	}
	if o != nil {
		if e := o.Root.At("data").Entry(l.key); e != nil {
			values, ok := inside(e.Value, e.KeyPos, false)
			if !ok {
				p.gap(e.KeyPos, "the text is not what YAML can read, or a template")
			}
			return values
		}
	}
	if generated, ok := s.generated[name+"/"+l.key]; ok {
		return s.fromFile(p, generated)
	}
	if !l.maybe {
		p.gap(l.pos, "the ConfigMap "+name+" is not among the files that are read")
	}
	return nil
}

// identify says which chart a release is of, and splits one that has several. What is none of Istio's is dropped.
func (s *lookup) identify(p *pending) []*Release {
	if p.source.repository != "" {
		p.source.repo = s.urls[p.source.repository]
	}
	if p.source.chartPos.Line > 0 {
		p.Pos = p.source.chartPos
	}
	p.Version = p.source.version
	p.Chart = p.source.named()
	p.named = p.Chart != None
	switch below, known := s.chartAt(p.source.dir); {
	case p.Chart == Ambient:
		return p.split(ambientParts)
	case p.named:
	case known:
		p.put(s.ofChart(p.source.dir))
		return p.split(below)
	default:
		if below := parts(p.Values); below != nil {
			return p.split(below)
		}
		p.Chart = guess(p.Values, "")
		if p.Chart == Base || p.Chart == CNI || p.Chart == ZTunnel && !ofIstio(p.Values) { // too little to go by
			p.Chart = None
		}
	}
	if p.Chart == None {
		return nil
	}
	p.Values = flattened(p.Values)
	p.Layers = each(p.Layers, flattened)
	return []*Release{p.Release}
}

// ofIstio reports whether values of ztunnel have more than a name.
func ofIstio(values *document.Node) bool { return values.At("network") != nil || ofMesh(values) }

// ofChart gives the default values of a chart in a directory.
func (s *lookup) ofChart(dir string) *document.Node {
	for _, root := range s.files["values.yaml"] {
		if sameFile(path.Dir(root.Pos.File), dir) {
			return root
		}
	}
	return nil
}

// loose gives the releases that a document without a kind is for.
func (s *lookup) loose(root *document.Node) []*Release {
	file := root.Pos.File
	if root.Kind != document.Map || len(root.Fields) == 0 || s.isProfile(file) {
		return nil
	}
	r := &Release{File: file, Pos: root.Pos, Values: root, Layers: []*document.Node{root}, Sources: []string{file}, Loose: true}
	if below, ok := s.charts[path.Dir(file)]; ok && len(below) > 0 && strings.Contains(path.Base(file), "values") {
		return r.split(below)
	}
	if below := parts(root); below != nil {
		return r.split(below)
	}
	r.Values = flattened(root)
	r.Layers = []*document.Node{r.Values}
	if r.Chart = guess(r.Values, file); r.Chart == None {
		return nil
	}
	return []*Release{r}
}

// Shared reports whether the values may be given to several charts: those of a file that has nothing of one chart
// alone.
func (r *Release) Shared() bool {
	return r.Loose && r.Chart == Istiod && !isIstiod(r.Values) && !strings.Contains(path.Base(r.File), "istiod")
}

// chartAt gives the dependencies of the chart in a directory of a repository.
func (s *lookup) chartAt(dir string) ([]dependency, bool) {
	if dir == "" {
		return nil, false
	}
	for _, at := range slices.Sorted(maps.Keys(s.charts)) {
		if sameFile(at, dir) {
			return s.charts[at], true
		}
	}
	return nil, false
}

// each gives what becomes of every value.
func each(all []*document.Node, of func(*document.Node) *document.Node) []*document.Node {
	var made []*document.Node
	for _, n := range all {
		if m := of(n); m != nil && m.Kind == document.Map && len(m.Fields) > 0 {
			made = append(made, m)
		}
	}
	return made
}
