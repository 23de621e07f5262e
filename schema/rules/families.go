package rules

import (
	"fmt"
	"net/netip"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

var familyRules = group{[]*diag.Rule{gatewayFamily}, mesh.checkGatewayFamilies}

var gatewayFamily = &diag.Rule{
	Code: "gateway-ip-family", Severity: diag.Warning, Symptom: true,
	Title:  "a gateway whose addresses are of an IP family that a cluster on another network does not have",
	Why:    "istiod leaves gateways out that a sidecar has no address of the same family for: its calls find no healthy upstream in that network, or stay in their own",
	Fix:    "give the gateway's Service an address of both families, or the pods",
	Source: "pilot/pkg/xds/endpoints/ep_filters.go",
	Bad: `clusters:
  cluster-a: {podCIDRs: [10.10.0.0/16]}
  cluster-b: {eastWestGateway: {addresses: ["2001:db8::20"]}}`,
	Good: `clusters:
  cluster-a: {podCIDRs: [10.10.0.0/16, "fd00:10::/48"]}
  cluster-b: {eastWestGateway: {addresses: ["2001:db8::20"]}}`,
}

// families are the IP families that addresses are of.
type families struct{ v4, v6 bool }

func (f *families) add(ip netip.Addr) {
	f.v4 = f.v4 || ip.Unmap().Is4()
	f.v6 = f.v6 || !ip.Unmap().Is4()
}

// apart reports whether two families are known and have nothing in common.
func (f families) apart(g families) bool {
	return (f.v4 || f.v6) && (g.v4 || g.v6) && !(f.v4 && g.v4) && !(f.v6 && g.v6)
}

// checkGatewayFamilies compares the addresses of gateways with those of the pods on other networks, where the topology
// says both. Behind a host name there may be either.
func (t mesh) checkGatewayFamilies(found *diag.List) {
	for _, c := range t.Clusters {
		gateway, known := t.gatewayFamilies(c)
		if !known || !c.EastWestGateway.Enabled || !t.onKnownNetwork(c) {
			continue
		}
		for _, other := range t.Clusters {
			if other.Network == c.Network || !gateway.apart(podFamilies(other)) || !t.onKnownNetwork(other) {
				continue
			}
			d := found.Add(t.Pos(gatewayAddress{c, 0}.path()...), gatewayFamily, "the gateway of cluster %q has %s addresses only, but the pods of cluster %q on network %q have none",
				c.Name, gateway, other.Name, other.Network)
			d.Relate(t.Pos(schema.ClusterPath(other, "podCIDRs")...), fmt.Sprintf("the pods of cluster %q", other.Name))
			break
		}
	}
}

// String names a single family.
func (f families) String() string {
	if f.v4 {
		return "IPv4"
	}
	return "IPv6"
}

// gatewayFamilies gives those of a cluster's gateway. It reports false where they are not all known.
func (t mesh) gatewayFamilies(c *schema.Cluster) (f families, known bool) {
	for _, address := range c.EastWestGateway.Addresses {
		ip, err := netip.ParseAddr(address)
		if err != nil {
			return f, false
		}
		f.add(ip)
	}
	return f, !t.Unsure(schema.ClusterPath(c, "eastWestGateway", "addresses")...)
}

// podFamilies gives those of a cluster's pods, none where they are not all known.
func podFamilies(c *schema.Cluster) (f families) {
	for _, p := range c.PodCIDRs {
		if !p.IsValid() {
			return families{}
		}
		f.add(p.Addr())
	}
	return f
}
