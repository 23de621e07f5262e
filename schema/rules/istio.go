package rules

import (
	"maps"
	"slices"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/istio"
	"meshtopo.dev/meshtopo/schema/settings"
)

var istioRules = group{
	[]*diag.Rule{settings.UnknownIstioField, settings.IgnoredIstioField, settings.WrongIstioValue, settings.UnreadVariable, settings.LaterSetting},
	mesh.checkIstioFields,
}

// checkIstioFields decodes strictly what the user wrote for Istio, as each version that it is for would. What
// contradicts the topology was reported already.
func (t mesh) checkIstioFields(found *diag.List) {
	reported := found.ErrorPlaces()
	for _, written := range t.IstioNodes() {
		for _, minor := range t.minors(written.Cluster) {
			t.checkIstio(written.Node, minor, t.installer(written.Cluster), reported, found)
			settings.CheckVariables(written.Node, minor, found)
		}
	}
}

func (t mesh) checkIstio(written *document.Node, minor int, installer schema.Installer, reported map[diag.Pos]bool, found *diag.List) {
	for _, part := range []struct {
		name string
		of   istio.Type
	}{{"meshConfig", istio.MeshConfig()}, {"values", istio.Values()}, {"components", istio.Components()}} {
		for _, p := range istio.Check(written.At(part.name), part.of.In(minor)) {
			if installer == schema.Helm && settings.TakenByCharts(p) || installer == schema.Sail && settings.TakenBySail(p) {
				continue
			}
			if reported[p.Pos] || reported[p.Node.Pos] || part.name == "values" && settings.OfMeshNetworks(p.Path, p.Kind) {
				continue
			}
			d := settings.ReportIstio(p, part.name, minor, found)
			if why := ignoredBy[installer]; why != "" && p.Kind == istio.UnknownField && p.Reader == istio.Istioctl && d != nil {
				d.Why = why
			}
			reported[p.Pos] = true
		}
	}
}

// ignoredBy says what comes of a field that istioctl would refuse, where something else installs Istio.
var ignoredBy = map[schema.Installer]string{
	schema.Helm: "Helm passes it to the chart, which ignores it silently",
	schema.Sail: "kubectl refuses the resource Istio; where its validation is off, the field is dropped silently",
}

// installer gives what installs the clusters that settings are for: one cluster, or all for nil. Where that differs it
// is istioctl, which is the strictest.
func (t mesh) installer(c *schema.Cluster) schema.Installer {
	if c != nil {
		return c.Istio.Installer
	}
	common := t.Istio.Installer
	for _, c := range t.Clusters {
		if c.Istio.Installer != common {
			return schema.Istioctl
		}
	}
	return common
}

// minors gives the minor versions of Istio that settings are for, the oldest first: those of one cluster, or of every
// cluster for nil. One that is not known is 0.
func (t mesh) minors(c *schema.Cluster) []int {
	clusters := t.Clusters
	if c != nil {
		clusters = []*schema.Cluster{c}
	}
	minors := map[int]bool{}
	for _, c := range clusters {
		for _, p := range c.ControlPlanes() {
			if t.versionKnown(p) {
				minors[p.Istio.Version.Minor()] = true
			}
		}
	}
	if len(minors) == 0 {
		return []int{0}
	}
	return slices.Sorted(maps.Keys(minors))
}
