package rules

import (
	"slices"
	"strconv"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/istio"
	"meshtopo.dev/meshtopo/schema/settings"
)

var istioRules = group{[]*diag.Rule{settings.UnknownIstioField, settings.IgnoredIstioField, settings.WrongIstioValue, settings.UnreadVariable}, mesh.checkIstioFields}

// checkIstioFields decodes strictly what the user wrote for Istio. What contradicts the topology was reported already.
func (t mesh) checkIstioFields(found *diag.List) {
	for _, written := range t.IstioNodes() {
		known := t.knowsVersion(written.Cluster)
		for _, part := range []struct {
			name string
			of   istio.Type
		}{{"meshConfig", istio.MeshConfig()}, {"values", istio.Values()}, {"components", istio.Components()}} {
			for _, p := range istio.Check(written.Node.At(part.name), part.of) {
				if !found.ErrorAt(p.Pos, p.Node.Pos) && !(part.name == "values" && settings.OfMeshNetworks(p.Path, p.Kind)) {
					settings.ReportIstio(p, part.name, known, found)
				}
			}
		}
		settings.CheckVariables(written.Node, known, found)
	}
}

// knowsVersion reports whether the tables of package istio are of a cluster's version, or of every cluster's for nil.
func (t mesh) knowsVersion(c *schema.Cluster) bool {
	if c == nil {
		return !slices.ContainsFunc(t.Clusters, func(c *schema.Cluster) bool { return !t.knowsVersion(c) })
	}
	return !t.versionKnown(c) || "1."+strconv.Itoa(c.Istio.Version.Minor()) == istio.Version
}
