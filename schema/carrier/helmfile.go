package carrier

import (
	"path"
	"strings"

	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// addHelmfile reads a file of Helmfile (https://helmfile.readthedocs.io), which has no kind. It reports whether it is
// one.
func (s *store) addHelmfile(o *manifest.Object) bool {
	releases := o.Root.ItemsAt("releases")
	if len(releases) == 0 || releases[0].At("chart") == nil && releases[0].At("name") == nil {
		return false
	}
	urls := map[string]string{}
	for _, repository := range o.Root.ItemsAt("repositories") {
		urls[repository.StringAt("name")] = repository.StringAt("url")
	}
	for _, n := range releases {
		if installed := n.At("installed"); installed != nil && installed.Text == "false" {
			continue
		}
		r := &Release{Name: n.StringAt("name"), Namespace: n.StringAt("namespace"), Holder: "release " + n.StringAt("name") + " of Helmfile", File: o.Root.Pos.File, Pos: n.Pos}
		if name := n.At("name"); name != nil {
			r.Pos = name.Pos
		}
		r.helmfileValues(n)
		from := sourceAt(n, "chart", "", "version")
		repository, _, _ := strings.Cut(from.chart, "/")
		from.repo = urls[repository]
		if strings.HasPrefix(from.chart, ".") {
			from.dir = path.Join(path.Dir(r.File), from.chart)
		}
		s.add(r, from)
	}
	return true
}

func (r *Release) helmfileValues(n *document.Node) {
	r.parameters(listed(n.ItemsAt("set")))
	values := n.ItemsAt("values")
	for i := range values {
		switch v := values[len(values)-1-i]; {
		case v.Kind == document.Map:
			r.layers = append(r.layers, layer{values: v, pos: v.Pos})
		case strings.HasSuffix(v.Text, ".gotmpl"):
			r.gap(v.Pos, v.Text+" is a template and is not read")
		default:
			r.file(v, false, n.StringAt("missingFileHandler") != "" && n.StringAt("missingFileHandler") != "Error")
		}
	}
	for _, item := range n.ItemsAt("secrets") {
		r.gap(item.Pos, "values that are encrypted are not read")
		break
	}
	if inherit := n.At("inherit"); inherit != nil {
		r.gap(inherit.Pos, "what a release inherits is not read")
	}
}

// addFleet reads a fleet.yaml of Rancher's Fleet (https://fleet.rancher.io), which has no kind.
func (s *store) addFleet(o *manifest.Object) bool {
	file := o.Root.Pos.File
	helm := o.Root.At("helm")
	if path.Base(file) != "fleet.yaml" || helm == nil {
		return path.Base(file) == "fleet.yaml"
	}
	r := &Release{
		Name: helm.StringAt("releaseName"), Namespace: firstOf(o.Root.StringAt("namespace"), o.Root.StringAt("defaultNamespace")),
		Holder: "the bundle of Fleet", File: file, Pos: helm.Pos,
	}
	r.mapping(helm, "values")
	files := helm.ItemsAt("valuesFiles")
	for i := range files {
		r.file(files[len(files)-1-i], false, false)
	}
	for _, item := range o.Root.ItemsAt("targetCustomizations") {
		r.gap(item.Pos, "what targetCustomizations change for each cluster is not read")
		break
	}
	s.add(r, sourceAt(helm, "chart", "repo", "version"))
	return true
}
