package rules

import (
	"fmt"
	"net/netip"
	"strconv"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/hosts"
)

var addressRules = group{[]*diag.Rule{
	noGatewayAddress, GatewayHostname, severalGatewayAddresses, BadGatewayAddress,
	duplicateGatewayAddress, privateGatewayAddress,
}, mesh.checkGatewayAddresses}

var noGatewayAddress = &diag.Rule{
	Code: "no-gateway-address", Severity: diag.Error, Fixed: true, Symptom: true,
	Title:  "a primary with active remotes whose gateway has no address",
	Why:    "without global.remotePilotAddress a remote gets no Service for istiod: its webhook points at nothing, and pods are not injected",
	Fix:    "copy the address from the status of Service istio-eastwestgateway to eastWestGateway.addresses, or keep the remote in state: joining until it is known",
	Source: "manifests/charts/istio-control/istio-discovery/templates/remote-istiod-service.yaml",
	Bad:    `clusters: {cluster-b: {primary: cluster-a}}`,
	Good:   `clusters: {cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}}, cluster-b: {primary: cluster-a}}`,
}

var GatewayHostname = &diag.Rule{
	Code: "gateway-hostname", Severity: diag.Error, Symptom: true,
	Title:  "a primary with remotes whose gateway is given as a host name",
	Why:    "a host name makes the remote's Service istiod an ExternalName, through which the API server does not call webhooks: injection fails with `unsupported service type \"ExternalName\"` (istio/istio#45014)",
	Fix:    "give the gateway a static IP address and write that first",
	Source: "manifests/charts/istio-control/istio-discovery/templates/remote-istiod-service.yaml",
	Bad:    `clusters: {cluster-a: {eastWestGateway: {addresses: [gw.example.com]}}, cluster-b: {primary: cluster-a}}`,
	Good:   `clusters: {cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}}, cluster-b: {primary: cluster-a}}`,
}

var severalGatewayAddresses = &diag.Rule{
	Code: "several-gateway-addresses", Severity: diag.Warning,
	Title:  "a primary with remotes whose gateway has several addresses",
	Why:    "global.remotePilotAddress takes one address, so the remotes use the first and do not notice when only that one fails",
	Fix:    "keep the address that the remotes shall use",
	Source: "manifests/charts/istio-control/istio-discovery/templates/remote-istiod-endpointslices.yaml",
	Bad:    `clusters: {cluster-a: {eastWestGateway: {addresses: [203.0.113.10, 203.0.113.11]}}, cluster-b: {primary: cluster-a}}`,
	Good:   `clusters: {cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}}, cluster-b: {primary: cluster-a}}`,
}

var BadGatewayAddress = &diag.Rule{
	Code: "bad-gateway-address", Severity: diag.Error, Symptom: true,
	Title:  "a gateway address that no other cluster can reach",
	Why:    "other clusters would call themselves, or nobody; istioctl accepts even 999.1.1.1 as an address",
	Fix:    "copy the address from the status of Service istio-eastwestgateway",
	Source: "manifests/charts/istio-control/istio-discovery/templates/remote-istiod-service.yaml",
	Bad:    `clusters: {cluster-b: {eastWestGateway: {addresses: [127.0.0.1]}}}`,
	Good:   `clusters: {cluster-b: {eastWestGateway: {addresses: [203.0.113.20]}}}`,
}

var duplicateGatewayAddress = &diag.Rule{
	Code: "duplicate-gateway-address", Severity: diag.Error, Symptom: true,
	Title: "two gateways at one address",
	Why:   "only one of them can answer there: calls for the other network end in the wrong one, and remotes get the configuration of the wrong primary",
	Fix:   "copy each address from the status of its own cluster's Service istio-eastwestgateway",
	Bad:   `clusters: {cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}}, cluster-b: {eastWestGateway: {addresses: [203.0.113.10]}}}`,
	Good:  `clusters: {cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}}, cluster-b: {eastWestGateway: {addresses: [203.0.113.20]}}}`,
}

var privateGatewayAddress = &diag.Rule{
	Code: "private-gateway-address", Severity: diag.Warning, Symptom: true,
	Title:  "a remote on another network that reaches its primary at a private address",
	Why:    "private addresses are routed inside one network only, unless somebody connected the two; otherwise injection and sidecars in the remote time out",
	Fix:    "use an address that the remote's network reaches, or make sure that it routes this one",
	Source: "https://istio.io/latest/docs/setup/install/multicluster/before-you-begin/",
	Bad:    `clusters: {cluster-a: {eastWestGateway: {addresses: [10.1.0.10]}}, cluster-b: {primary: cluster-a}}`,
	Good:   `clusters: {cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}}, cluster-b: {primary: cluster-a}}`,
}

// checkGatewayAddresses checks where others reach the gateways, and that remotes can reach their primary.
func (t mesh) checkGatewayAddresses(found *diag.List) {
	seen := map[string]gatewayAddress{}
	for _, c := range t.Clusters {
		for i, address := range c.EastWestGateway.Addresses {
			if address != "" {
				t.checkAddress(gatewayAddress{c, i}, seen, found)
			}
		}
	}
	for _, p := range t.primaries() {
		if remotes := t.remotes[p.Name]; len(remotes) > 0 && !t.gatewayOff(p) {
			t.checkServingAddress(p, remotes, found)
		}
	}
}

// gatewayAddress is the address number i of a cluster's gateway.
type gatewayAddress struct {
	cluster *schema.Cluster
	i       int
}

func (a gatewayAddress) text() string { return a.cluster.EastWestGateway.Addresses[a.i] }

func (a gatewayAddress) path() []string {
	return schema.ClusterPath(a.cluster, "eastWestGateway", "addresses", strconv.Itoa(a.i))
}

// checkAddress checks one address; seen has those before it.
func (t mesh) checkAddress(a gatewayAddress, seen map[string]gatewayAddress, found *diag.List) {
	pos, name := t.Pos(a.path()...), a.cluster.Name
	if why := hosts.Unreachable(a.text(), t.Mesh.ClusterDomain); why != "" {
		found.Add(pos, BadGatewayAddress, "the gateway address %q of cluster %q %s", a.text(), name, why)
		return
	}
	key := hosts.Canonical(a.text())
	first, ok := seen[key]
	if !ok {
		seen[key] = a
		return
	}
	d := found.Add(pos, duplicateGatewayAddress, "cluster %q has the gateway address %q, as cluster %q has", name, a.text(), first.cluster.Name)
	if first.cluster == a.cluster {
		d.Message = fmt.Sprintf("cluster %q has the gateway address %q twice", name, a.text())
		d.Why, d.Fix = "the second adds nothing", "delete it"
	}
	d.Relate(t.Pos(first.path()...), "the first one")
}

// checkServingAddress checks the address at which remotes reach the istiod of their primary.
func (t mesh) checkServingAddress(p *schema.Cluster, remotes []*schema.Cluster, found *diag.List) {
	path := schema.ClusterPath(p, "eastWestGateway", "addresses")
	addresses := p.EastWestGateway.Addresses
	switch {
	case t.Unsure(path...):
	case len(addresses) == 0:
		t.reportNoAddress(p, remotes, found)
	case addresses[0] == "" || hosts.Unreachable(addresses[0], t.Mesh.ClusterDomain) != "":
	default:
		t.checkFirstAddress(p, remotes, found)
	}
}

func (t mesh) reportNoAddress(p *schema.Cluster, remotes []*schema.Cluster, found *diag.List) {
	var d *diag.Diagnostic
	for _, r := range remotes {
		if r.State == schema.Joining || t.Unsure(schema.ClusterPath(r, "state")...) {
			continue
		}
		if d == nil {
			d = found.Add(t.Pos(schema.ClusterPath(p, "eastWestGateway", "addresses")...), noGatewayAddress,
				"cluster %q has an active remote, %q, but its gateway has no address", p.Name, r.Name)
		}
		d.Relate(t.Pos(schema.ClusterPath(r, "primary")...), fmt.Sprintf("cluster %q reaches its istiod there", r.Name))
	}
}

func (t mesh) checkFirstAddress(p *schema.Cluster, remotes []*schema.Cluster, found *diag.List) {
	addresses := p.EastWestGateway.Addresses
	if _, err := netip.ParseAddr(addresses[0]); err != nil {
		d := found.Add(t.Pos(gatewayAddress{p, 0}.path()...), GatewayHostname,
			"cluster %q has remotes, which need an IP address, but its gateway is %q", p.Name, addresses[0])
		d.Relate(t.Pos(schema.ClusterPath(remotes[0], "primary")...), fmt.Sprintf("cluster %q is a remote of it", remotes[0].Name))
		return
	}
	if len(addresses) > 1 && !t.byAddresses(p) { // other networks use all of those
		found.Add(t.Pos(gatewayAddress{p, 1}.path()...), severalGatewayAddresses,
			"the gateway of cluster %q has %d addresses, of which its remotes use %q only", p.Name, len(addresses), addresses[0])
	}
	for _, r := range remotes {
		if hosts.IsPrivate(addresses[0]) && t.onKnownNetwork(p) && t.onKnownNetwork(r) && r.Network != p.Network {
			d := found.Add(t.Pos(gatewayAddress{p, 0}.path()...), privateGatewayAddress,
				"the gateway address %q of cluster %q is private, but its remote %q is on network %q", addresses[0], p.Name, r.Name, r.Network)
			d.Relate(t.Pos(schema.ClusterPath(r, "network")...), fmt.Sprintf("cluster %q is on another network than %q", r.Name, p.Name))
			return
		}
	}
}
