package carrier

import (
	"path"

	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// addKustomization reads the charts and the generated ConfigMaps of a kustomization
// (https://kubectl.docs.kubernetes.io/references/kustomize/builtins/#_helmchartinflationgenerator_).
func (s *store) addKustomization(o *manifest.Object) {
	for _, chart := range o.Root.ItemsAt("helmCharts") {
		s.addInflated(o, chart)
	}
	for _, g := range o.Root.ItemsAt("configMapGenerator") {
		s.addGenerated(o, g)
	}
}

func (s *store) addInflated(o *manifest.Object, chart *document.Node) {
	r := holder(o, chart.StringAt("releaseName"), firstOf(chart.StringAt("namespace"), o.Root.StringAt("namespace")))
	r.Holder, r.Pos = "the kustomization", chart.Pos
	merged := chart.StringAt("valuesMerge")
	if merged != "merge" {
		r.mapping(chart, "valuesInline")
	}
	if merged != "replace" || chart.At("valuesInline") == nil {
		more := chart.ItemsAt("additionalValuesFiles")
		for i := range more {
			r.file(more[len(more)-1-i], false, false)
		}
		r.file(chart.At("valuesFile"), false, false)
	}
	if merged == "merge" { // what the files say counts more
		r.mapping(chart, "valuesInline")
	}
	s.add(r, sourceAt(chart, "name", "repo", "version"))
}

// addGenerated notes the files of a ConfigMap that kustomize makes: releases name it without the hash.
func (s *store) addGenerated(o *manifest.Object, g *document.Node) {
	if s.generated == nil {
		s.generated = map[string]layer{}
	}
	for _, item := range g.ItemsAt("files") {
		key, name := path.Base(item.Text), item.Text
		for i := range len(name) {
			if name[i] == '=' {
				key, name = name[:i], name[i+1:]
				break
			}
		}
		if len(s.generated) < maxReleases {
			s.generated[g.StringAt("name")+"/"+key] = layer{file: name, from: o.Pos().File, pos: item.Pos}
		}
	}
}
