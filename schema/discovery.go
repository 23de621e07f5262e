package schema

import "slices"

// Described gives the clusters whose gateways are described to the control plane of p, because it cannot see their
// addresses: those on another network than p or one of its remotes. It does not read a cluster that is joining, but for
// its own, and other gateways of that network would lose calls to one that is not there yet.
func (t *Topology) Described(p *Cluster) []*Cluster {
	if !p.RunsControlPlane() {
		return nil
	}
	callers := append(t.Remotes(p.Name), p)
	var all []*Cluster
	for _, c := range t.Clusters {
		calls := slices.ContainsFunc(callers, func(caller *Cluster) bool { return caller.Network != c.Network })
		if calls && c.describes() && (c.Name == p.Name || c.State == Active) {
			all = append(all, c)
		}
	}
	return all
}

// RemoteGateway begins the names of the Gateways that describe gateways. The name of the gateway's cluster follows.
const RemoteGateway = "remote-gateway-"

// describes reports whether the topology has what a Gateway of class istio-remote says of the cluster's gateway.
func (c *Cluster) describes() bool {
	g := c.EastWestGateway
	return g.Enabled && g.Discovery == ByAddresses && len(g.Addresses) > 0
}

// DescribesGateways reports whether some gateway is to be found by its addresses.
func (t *Topology) DescribesGateways() bool {
	return slices.ContainsFunc(t.Clusters, func(c *Cluster) bool { return c.EastWestGateway.Discovery == ByAddresses })
}
