package carrier

import (
	"strings"

	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// addArgoSet reads an ApplicationSet of Argo CD: its template gives an Application for each of what its generators
// give.
func (s *store) addArgoSet(o *manifest.Object) {
	template := o.Root.At("spec", "template")
	s.addArgo(o, template.At("spec"), template.StringAt("metadata", "name"), true)
}

// addArgo reads the spec of an Application. With several sources, the files of one can be values of another:
// $NAME/PATH.
func (s *store) addArgo(o *manifest.Object, spec *document.Node, name string, templated bool) {
	if name == "" {
		name = o.Name
	}
	sources := spec.ItemsAt("sources")
	if one := spec.At("source"); one != nil && len(sources) == 0 {
		sources = []*document.Node{one}
	}
	if one := spec.At("sourceHydrator", "drySource"); one != nil && len(sources) == 0 {
		sources = []*document.Node{one}
	}
	for _, n := range sources {
		from := sourceAt(n, "chart", "repoURL", "targetRevision")
		if from.chart == "" {
			from.dir, from.version = n.StringAt("path"), ""
			if from.dir == "." || strings.HasPrefix(from.repo, "oci://") {
				from.chart, from.version = from.repo, text(n, "targetRevision")
			}
			if p := n.At("path"); p != nil {
				from.chartPos = p.Pos
			}
		}
		helm := n.At("helm")
		if helm == nil && from.named() == None {
			s.addApplied(o, n.At("path"), n.BoolAt("directory", "recurse"))
			continue
		}
		r := holder(o, firstOf(helm.StringAt("releaseName"), name), spec.StringAt("destination", "namespace"))
		r.Cluster = firstOf(text(spec, "destination", "name"), text(spec, "destination", "server"))
		r.argoValues(helm, from, templated)
		if patch := o.Root.At("spec", "templatePatch"); templated && patch != nil {
			r.gap(patch.Pos, "what templatePatch changes is not read")
		}
		s.add(r, from)
	}
}

// argoValues reads what an Application gives Helm, what counts most first
// (https://argo-cd.readthedocs.io/en/stable/user-guide/helm/#helm-value-precedence).
func (r *Release) argoValues(helm *document.Node, from source, templated bool) {
	r.parameters(listed(helm.ItemsAt("parameters")))
	for _, item := range helm.ItemsAt("fileParameters") {
		r.gap(item.Pos, "a value that is the text of a file is not read")
	}
	if object := helm.At("valuesObject"); object != nil && object.Kind == document.Map {
		r.mapping(helm, "valuesObject")
	} else {
		r.block(helm, "values", templated)
	}
	files := helm.ItemsAt("valueFiles")
	for i := range files {
		name := files[len(files)-1-i]
		if name.Kind != document.String || strings.Contains(name.Text, "://") {
			r.gap(name.Pos, "values at a URL are not read")
			continue
		}
		maybe := helm.BoolAt("ignoreMissingValueFiles")
		if _, path, ok := strings.Cut(name.Text, "/"); ok && strings.HasPrefix(name.Text, "$") {
			r.layers = append(r.layers, layer{file: path, from: r.File, pos: name.Pos, rooted: true, maybe: maybe})
			continue
		}
		r.layers = append(r.layers, layer{file: join(from.dir, name.Text), from: r.File, pos: name.Pos, rooted: true, maybe: maybe})
	}
}
