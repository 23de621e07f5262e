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
			t.checkIstio(written.Node, minor, reported, found)
			settings.CheckVariables(written.Node, minor, found)
		}
	}
}

func (t mesh) checkIstio(written *document.Node, minor int, reported map[diag.Pos]bool, found *diag.List) {
	for _, part := range []struct {
		name string
		of   istio.Type
	}{{"meshConfig", istio.MeshConfig()}, {"values", istio.Values()}, {"components", istio.Components()}} {
		for _, p := range istio.Check(written.At(part.name), part.of.In(minor)) {
			if reported[p.Pos] || reported[p.Node.Pos] || part.name == "values" && settings.OfMeshNetworks(p.Path, p.Kind) {
				continue
			}
			settings.ReportIstio(p, part.name, minor, found)
			reported[p.Pos] = true
		}
	}
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
		if t.versionKnown(c) {
			minors[c.Istio.Version.Minor()] = true
		}
	}
	if len(minors) == 0 {
		return []int{0}
	}
	return slices.Sorted(maps.Keys(minors))
}
