package lint

import (
	"slices"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/networkgateway"
)

// checkDiscoverable looks for gateways of networks whose address istiod does not find, unless something else may give
// it. For the tree of one cluster the trees of others do.
func (m *mesh) checkDiscoverable() {
	for _, c := range m.clusters {
		given := slices.ContainsFunc(c.installs, func(i *install) bool { return i.networks != nil })
		want := m.wanted(c)
		told := want != nil && want.EastWestGateway.Discovery == schema.ByAddresses || len(m.clusters) == 1 && c.rendered
		if !given && !told && m.describing(c.usualNetwork().text) == nil {
			c.checkDiscoverable(m.found)
		}
	}
}

func (c *cluster) checkDiscoverable(found *diag.List) {
	for _, d := range c.deployments {
		if d.crosses() && !d.external {
			networkgateway.CheckService(d.name, d.pos, d.serviceType.exported(), d.annotations[networkgateway.NodeSelector].exported(), found)
		}
	}
	for _, s := range c.services {
		if !s.labels[networkLabel].given() || s.external {
			continue
		}
		kind := s.kind
		if !kind.given() {
			kind.text = "ClusterIP"
		}
		networkgateway.CheckService(s.name, s.pos, kind.exported(), s.annotations[networkgateway.NodeSelector].exported(), found)
	}
}
