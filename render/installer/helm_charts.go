package installer

import (
	"slices"

	"meshtopo.dev/meshtopo/render/text"
)

// charts are those that the control plane of a cluster needs, in the order in which they are installed. Releases have
// the names of Istio's documentation.
func (h helm) charts() []chart {
	charts := []chart{{h.newest(), "base", "istio-base", h.shared(sharedBase), baseValues()}}
	if h.Istio.Enables("cni") {
		charts = append(charts, chart{h.Target, "cni", "istio-cni", h.shared(sharedNodes), h.values("spec.values", "global", "cni", "compatibilityVersion")})
	}
	for _, p := range h.planes() {
		istiod := chart{p, "istiod", "istiod", p.directory(), h.istiodValues()}
		if revision := p.Istio.Revision; revision != "" {
			istiod.release += "-" + revision
		}
		charts = append(charts, istiod)
	}
	if h.Istio.Enables("ztunnel") {
		charts = append(charts, chart{h.Target, "ztunnel", "ztunnel", h.shared(sharedNodes), h.ztunnelValues()})
	}
	return charts
}

// baseValues are those of the chart base.
func baseValues() []text.Move {
	return []text.Move{
		{From: "spec.values", Only: []string{"defaultRevision", "base", "experimental"}},
		{From: "spec.values.global", To: "global", Only: []string{"istioNamespace", "imagePullSecrets", "resourceScope", "platform"}},
	}
}

// values are some of the IstioOperator, with what it says beside them.
func (h helm) values(from string, only ...string) []text.Move {
	return slices.Concat(h.profile(), []text.Move{
		{From: "spec.revision", To: "revision"},
		{From: from, Only: only},
		{From: "spec.hub", To: "global.hub"},
		{From: "spec.tag", To: "global.tag"},
	})
}

// istiodValues are all but those of other charts.
func (h helm) istiodValues() []text.Move {
	return slices.Concat(h.profile(), []text.Move{
		{From: "spec.revision", To: "revision"},
		{From: "spec.meshConfig", To: "meshConfig"},
		{From: "spec.values", Except: []string{"defaultRevision", "cni", "ztunnel"}},
		{From: "spec.hub", To: "global.hub"},
		{From: "spec.tag", To: "global.tag"},
		{From: "spec.components.cni.enabled", To: "pilot.cni.enabled"},
	})
}

// ztunnelValues are those of a chart that takes its own at the top, and where it runs as well.
func (h helm) ztunnelValues() []text.Move {
	return append(h.values("spec.values.ztunnel"),
		text.Move{From: "spec.values.global", Only: []string{"istioNamespace", "network", "multiCluster"}},
		text.Move{From: "spec.values.global", To: "global"})
}

// profile is that of the charts. Two profiles of istioctl say only which components there are, and no chart knows them.
func (h helm) profile() []text.Move {
	if h.RunsControlPlane() && slices.Contains([]string{"default", "minimal"}, h.Istio.Profile) {
		return nil
	}
	return []text.Move{{From: "spec.profile", To: "profile"}}
}
