package schema

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/trust"
)

// Federation is another mesh, with a trust domain and roots of its own, whose workloads this one accepts.
type Federation struct {
	TrustDomain string
	Roots       []string // paths of PEM files
}

// Federated is what the certificates of another mesh are.
type Federated struct {
	TrustDomain string
	Roots       trust.Certificates
}

// Federates reports whether workloads of other meshes are accepted.
func (t *Topology) Federates() bool { return t.Trust != nil && len(t.Trust.FederatesWith) > 0 }

// SeveralRoots reports whether proxies are given more than one root, as far as that is known.
func (t *Topology) SeveralRoots() bool {
	return t.Trust != nil && len(t.Trust.Roots) > 1 || len(t.Public.Roots) > 1 || t.Federates()
}

// Ambient reports whether a cluster has ztunnel in the place of sidecars.
func (c *Cluster) Ambient() bool {
	on := func(settings map[string]any, path ...string) bool {
		var at any = settings
		for _, key := range path {
			m, _ := at.(map[string]any)
			at = m[key]
		}
		return at == true || at == "true" || at == "ambient"
	}
	return c.Istio.Profile == "ambient" || on(c.Istio.Values, "profile") || on(c.Istio.Values, "global", "profile") ||
		on(c.Istio.Values, "pilot", "env", "PILOT_ENABLE_AMBIENT") || on(c.Istio.Components, "ztunnel", "enabled")
}

// AmbientClusters gives those of the mesh.
func (t *Topology) AmbientClusters() []*Cluster {
	return slices.DeleteFunc(slices.Clone(t.Clusters), func(c *Cluster) bool { return !c.Ambient() })
}

func decodeFederations(n *document.Node) []Federation {
	if n == nil || n.Kind != document.List {
		return nil
	}
	var all []Federation
	for _, item := range n.Items {
		all = append(all, Federation{item.StringAt("trustDomain"), item.StringsAt("roots")})
	}
	return all
}
