package carrier

import (
	"strings"

	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// addK3s reads a HelmChart of k3s and RKE2 (https://docs.k3s.io/helm).
func (s *store) addK3s(o *manifest.Object) {
	spec := o.Root.At("spec")
	r := holder(o, o.Name, firstOf(spec.StringAt("targetNamespace"), o.Namespace))
	r.parameters(fieldsAsParameters(spec.At("set")))
	r.mapping(spec, "values")
	r.block(spec, "valuesContent", false)
	s.add(r, sourceAt(spec, "chart", "repo", "version"))
}

// addCrossplane reads a Release of Crossplane's provider for Helm.
func (s *store) addCrossplane(o *manifest.Object) {
	spec := o.Root.At("spec", "forProvider")
	r := holder(o, o.Name, spec.StringAt("namespace"))
	for _, item := range spec.ItemsAt("set") {
		r.gap(item.Pos, "what spec.forProvider.set takes from elsewhere is not read")
		break
	}
	r.mapping(spec, "values")
	for _, item := range spec.ItemsAt("valuesFrom") {
		r.gap(item.Pos, "what spec.forProvider.valuesFrom names is not read")
		break
	}
	s.add(r, sourceAt(spec.At("chart"), "name", "repository", "version"))
}

// addProxy reads a HelmChartProxy of Cluster API, whose values are a template for many clusters.
func (s *store) addProxy(o *manifest.Object) {
	spec := o.Root.At("spec")
	r := holder(o, firstOf(spec.StringAt("releaseName"), o.Name), spec.StringAt("namespace"))
	r.block(spec, "valuesTemplate", true)
	s.add(r, sourceAt(spec, "chartName", "repoURL", "version"))
}

// addSveltos reads a profile of Sveltos.
func (s *store) addSveltos(o *manifest.Object) {
	for _, chart := range o.Root.ItemsAt("spec", "helmCharts") {
		r := holder(o, chart.StringAt("releaseName"), chart.StringAt("releaseNamespace"))
		r.block(chart, "values", true)
		for _, item := range chart.ItemsAt("valuesFrom") {
			r.gap(item.Pos, "what valuesFrom names is not read")
			break
		}
		s.add(r, sourceAt(chart, "chartName", "repositoryURL", "chartVersion"))
	}
}

// addConfigMap keeps a ConfigMap that may have values for a release.
func (s *store) addConfigMap(o *manifest.Object) {
	data := o.Root.At("data")
	if data == nil || data.Kind != document.Map || len(s.configMaps) >= maxReleases {
		return
	}
	for _, e := range data.Fields {
		if strings.HasSuffix(e.Key, "values.yaml") || strings.HasSuffix(e.Key, ".yaml") || strings.HasSuffix(e.Key, ".yml") || strings.Contains(e.Key, "values") {
			if s.configMaps == nil {
				s.configMaps = map[string]*manifest.Object{}
			}
			s.configMaps[o.Namespace+"/"+o.Name] = o
			return
		}
	}
}
