package carrier

import (
	"path"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// Release is one release of a chart of Istio, as far as the files say what it is.
type Release struct {
	Chart     Chart
	Name      string // of the release, or "" where nothing says it
	Namespace string // or ""
	Version   string // of the chart, or ""
	Cluster   string // where it is installed, if that is said of a cluster from elsewhere
	Holder    string // what carries the values, for messages; "" for a file of values
	File      string // of the holder
	Pos       diag.Pos
	Values    *document.Node   // all that were read, as Helm merges them; never nil
	Layers    []*document.Node // these as they were written, each from one place
	Sources   []string         // files of values that it is made of
	Gaps      []Gap            // what could not be read of it
	Loose     bool             // a file of values alone: Helm may be given more of them

	layers []layer
	named  bool // it was said which chart it is
}

// Gap is a part of a release's values that is not known.
type Gap struct {
	Pos diag.Pos
	Why string // in the form "NAME is not among the files"
}

// layer is one of the sources of a release's values; those that count more come first.
type layer struct {
	values     *document.Node
	file       string // of values, by its path as the carrier has it
	from       string // the file that refers to it
	configMap  string // namespace/name of a ConfigMap
	key        string // in that
	pos        diag.Pos
	rooted     bool // the path is that in a repository, not one from the referring file
	maybe      bool // it is no gap if nothing is there
	unreadable string
}

// pending is a release before its references are looked up.
type pending struct {
	*Release
	source source
}

// source is where a chart comes from.
type source struct {
	chart, repo, version string
	chartPos             diag.Pos
	repository           string // the key of the object that has the URL
	dir                  string // of a chart in a repository
}

// maxReleases bounds what is kept of one set: no cluster has as many releases.
const maxReleases = 1000

// dependency is a chart of Istio that another chart has below it.
type dependency struct {
	chart   Chart
	key     string // of its values
	version string
	pos     diag.Pos
}

// store is what the readers of the objects keep.
type store struct {
	pending    []*pending
	charts     map[string][]dependency // of Chart.yaml, by its directory
	own        []string                // directories with charts of Istio itself
	configMaps map[string]*manifest.Object
	generated  map[string]layer // of configMapGenerators, by name and key
	urls       map[string]string
	applied    []Applied
}

// Applied is a directory of a repository whose manifests Argo CD or Flux applies as they are.
type Applied struct {
	Holder  string
	Pos     diag.Pos // of its path
	path    string
	recurse bool
}

// addApplied keeps such a directory.
func (s *store) addApplied(o *manifest.Object, dir *document.Node, recurse bool) {
	if dir != nil && dir.Kind == document.String && len(s.applied) < maxReleases {
		s.applied = append(s.applied, Applied{o.String(), dir.Pos, strings.Trim(path.Clean("/"+dir.Text), "/"), recurse})
	}
}

// Has reports whether a file is in the directory. A path of one part may be any.
func (a Applied) Has(file string) bool {
	for dir := path.Dir(file); dir != "." && dir != "/"; dir = path.Dir(dir) {
		if strings.Contains(a.path, "/") && sameFile(dir, a.path) {
			return true
		}
		if !a.recurse {
			return false
		}
	}
	return false
}

func (s *store) add(r *Release, from source) {
	if len(s.pending) < maxReleases {
		s.pending = append(s.pending, &pending{r, from})
	}
}

// holder gives a release of an object.
func holder(o *manifest.Object, name, namespace string) *Release {
	return &Release{Name: name, Namespace: namespace, Holder: o.String(), File: o.Pos().File, Pos: o.Pos()}
}

// text gives the scalar at a path as a text: versions may look like numbers.
func text(n *document.Node, path ...string) string {
	v := n.At(path...)
	if v == nil || v.Kind == document.Map || v.Kind == document.List || v.Kind == document.Null {
		return ""
	}
	return firstOf(v.Unquoted, v.Text)
}

// sourceAt gives where a chart comes from, by the names of the fields that say it.
func sourceAt(n *document.Node, chart, repo, version string) source {
	from := source{chart: text(n, chart), repo: text(n, repo), version: text(n, version)}
	if c := n.At(chart); c != nil {
		from.chartPos = c.Pos
	}
	return from
}

// mapping adds a layer of values that stand in the object as they are.
func (r *Release) mapping(n *document.Node, key string) {
	e := n.Entry(key)
	if e != nil && e.Value.Kind == document.Map {
		r.layers = append(r.layers, layer{values: e.Value, pos: e.KeyPos})
	}
}

// block adds a layer of values that stand in the object as a text.
func (r *Release) block(n *document.Node, key string, templated bool) {
	e := n.Entry(key)
	if e == nil || e.Value.Kind != document.String {
		return
	}
	values, ok := inside(e.Value, e.KeyPos, templated)
	switch {
	case !ok:
		r.layers = append(r.layers, layer{pos: e.KeyPos, unreadable: "the text is not what YAML can read, or a template"})
	case values != nil && values.Kind == document.Map:
		r.layers = append(r.layers, layer{values: values, pos: e.KeyPos})
	}
}

// gap adds a part of the values that is not read.
func (r *Release) gap(pos diag.Pos, why string) { r.Gaps = append(r.Gaps, Gap{pos, why}) }

// file adds a layer of values in a file.
func (r *Release) file(name *document.Node, rooted, maybe bool) {
	if name == nil || name.Kind != document.String {
		return
	}
	r.layers = append(r.layers, layer{file: name.Text, from: r.File, pos: name.Pos, rooted: rooted, maybe: maybe})
}

// setting is one value that is set by a path.
type setting struct {
	name, value *document.Node
	at          diag.Pos
	asString    bool
}

// parameters adds a layer of single values. Those that go into lists are a gap.
func (r *Release) parameters(all []setting) {
	if len(all) == 0 {
		return
	}
	values := &document.Node{Kind: document.Map, Pos: all[0].at}
	for _, p := range all {
		if p.value == nil || p.value.Kind == document.Map || p.value.Kind == document.List || !parameter(values, p.name.Text, p.at, typed(p.value, p.asString)) {
			r.gap(p.at, "a parameter that goes into a list is not read")
		}
	}
	r.layers = append(r.layers, layer{values: values, pos: all[0].at})
}

// listed gives the parameters in a list of maps with a name and a value.
func listed(list []*document.Node) []setting {
	var all []setting
	for _, item := range list {
		if name := item.At("name"); name != nil && name.Kind == document.String {
			all = append(all, setting{name, item.At("value"), name.Pos, item.BoolAt("forceString")})
		}
	}
	return all
}

// fieldsAsParameters gives the parameters in a map of paths.
func fieldsAsParameters(n *document.Node) []setting {
	if n == nil {
		return nil
	}
	var all []setting
	for _, e := range n.Fields {
		all = append(all, setting{&document.Node{Kind: document.String, Text: e.Key, Pos: e.KeyPos}, e.Value, e.KeyPos, false})
	}
	return all
}

// sameFile reports whether a path in a repository can be that of a file, which is called from some other directory.
func sameFile(file, inRepository string) bool {
	name := strings.TrimPrefix(path.Clean("/"+inRepository), "/")
	return file == name || strings.HasSuffix(file, "/"+name) || strings.HasSuffix(name, "/"+file) && strings.Contains(file, "/")
}

// join gives a path below a directory of a repository.
func join(dir, name string) string { return strings.TrimPrefix(path.Join("/", dir, name), "/") }
