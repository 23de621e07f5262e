package carrier

import (
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// addFlux reads a HelmRelease of Flux (https://fluxcd.io/flux/components/helm/helmreleases/).
func (s *store) addFlux(o *manifest.Object) {
	spec := o.Root.At("spec")
	namespace := spec.StringAt("targetNamespace")
	name := firstOf(spec.StringAt("releaseName"), o.Name)
	if namespace != "" && spec.StringAt("releaseName") == "" {
		name = namespace + "-" + o.Name
	}
	r := holder(o, name, firstOf(namespace, o.Namespace))
	r.mapping(spec, "values")
	from := spec.ItemsAt("valuesFrom")
	for i := range from {
		r.fluxValuesFrom(from[len(from)-1-i], o.Namespace)
	}
	for _, item := range spec.ItemsAt("postRenderers") {
		r.gap(item.Pos, "what postRenderers change is not read")
		break
	}
	r.Cluster = spec.StringAt("kubeConfig", "secretRef", "name")
	chart := sourceAt(spec.At("chart", "spec"), "chart", "", "version")
	chart.repository = spec.StringAt("chart", "spec", "sourceRef", "name")
	chart.dir = "" // of a GitRepository, the chart is the directory
	if spec.StringAt("chart", "spec", "sourceRef", "kind") == "GitRepository" {
		chart.dir = chart.chart
	}
	if ref := spec.At("chartRef", "name"); ref != nil {
		chart.repository, chart.chartPos = ref.Text, ref.Pos
	}
	s.add(r, chart)
}

// fluxValuesFrom reads one of the objects that have values for a HelmRelease.
func (r *Release) fluxValuesFrom(n *document.Node, namespace string) {
	maybe := n.BoolAt("optional")
	switch {
	case n.At("targetPath") != nil:
		r.gap(n.Pos, "a single value that valuesFrom takes from elsewhere is not read")
	case n.StringAt("kind") != "ConfigMap":
		r.gap(n.Pos, "values in a "+firstOf(text(n, "kind"), "Secret")+" are not read")
	default:
		r.layers = append(r.layers, layer{
			configMap: namespace + "/" + n.StringAt("name"), key: firstOf(n.StringAt("valuesKey"), "values.yaml"), pos: n.Pos, maybe: maybe,
		})
	}
}

// addOldFlux reads a HelmRelease of Flux 1.
func (s *store) addOldFlux(o *manifest.Object) {
	spec := o.Root.At("spec")
	r := holder(o, firstOf(spec.StringAt("releaseName"), o.Name), firstOf(spec.StringAt("targetNamespace"), o.Namespace))
	r.mapping(spec, "values")
	for _, item := range spec.ItemsAt("valuesFrom") {
		r.gap(item.Pos, "what valuesFrom names is not read")
		break
	}
	s.add(r, sourceAt(spec.At("chart"), "name", "repository", "version"))
}

// addRepository keeps the URL of a source of charts.
func (s *store) addRepository(o *manifest.Object) {
	if s.urls == nil {
		s.urls = map[string]string{}
	}
	if len(s.urls) < maxReleases {
		spec := o.Root.At("spec")
		s.urls[o.Name] = firstOf(spec.StringAt("url"), spec.StringAt("sourceRef", "name")+"/"+spec.StringAt("chart"))
	}
}
