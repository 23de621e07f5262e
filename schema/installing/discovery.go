package installing

import (
	"slices"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

var discoveryWithoutAddresses = &diag.Rule{
	Code: "discovery-without-addresses", Severity: diag.Error, Fixed: true,
	Title:  "a gateway that others find by its addresses, and that has none",
	Why:    "istiod takes a network of which it knows no gateway for one that it reaches directly: calls go to addresses of pods, and time out",
	Fix:    "write them into eastWestGateway.addresses, or keep the cluster in state: joining until they are known",
	Source: "pilot/pkg/serviceregistry/kube/controller/network.go (handleGatewayResource)",
	Bad:    `clusters: {cluster-b: {eastWestGateway: {serviceType: ClusterIP, discovery: addresses}}}`,
	Good:   `clusters: {cluster-b: {eastWestGateway: {serviceType: ClusterIP, discovery: addresses, addresses: [203.0.113.20]}}}`,
}

var discoveryWithoutGateway = &diag.Rule{
	Code: "discovery-without-gateway", Severity: diag.Error, Fixed: true,
	Title: "addresses for others to find a gateway by that is off",
	Why:   "nothing is rendered that would answer there, and so nobody is given the addresses",
	Fix:   "delete discovery, or enabled",
	Bad: `networks: {network1: null}
clusters: {cluster-a: {network: network2, eastWestGateway: {enabled: false, discovery: addresses, addresses: [203.0.113.20]}}}`,
	Good: `networks: {network1: null}
clusters: {cluster-a: {network: network2, eastWestGateway: {enabled: false}}}`,
}

var foundByServiceToo = &diag.Rule{
	Code: "gateway-found-by-service-too", Severity: diag.Warning,
	Title:  "a gateway that others find by its addresses, and by its Service as well",
	Why:    "the Service has the label topology.istio.io/network, so istiod adds the addresses that it finds there to those of the topology, and sends a part of the calls to each: to addresses that others cannot reach, if they need those of the topology",
	Fix:    "use serviceType ClusterIP, or NodePort without the annotation traffic.istio.io/nodeSelector; or kind: deployment, whose Service is rendered without the label",
	Source: "pilot/pkg/serviceregistry/kube/controller/network.go (NetworkGateways)",
	Bad:    `clusters: {cluster-b: {eastWestGateway: {discovery: addresses, addresses: [203.0.113.20]}}}`,
	Good:   `clusters: {cluster-b: {eastWestGateway: {discovery: addresses, addresses: [203.0.113.20], kind: deployment}}}`,
}

// mostAddresses is how many addresses a Gateway may have.
const mostAddresses = 16

// checkDiscovery judges how others are to find the gateways between networks.
func checkDiscovery(t schema.Written, found *diag.List) {
	for _, c := range t.Clusters {
		path := func(field ...string) []string {
			return schema.ClusterPath(c, append([]string{"eastWestGateway"}, field...)...)
		}
		pos, g := t.Pos(path("discovery")...), c.EastWestGateway
		switch {
		case g.Discovery != schema.ByAddresses || t.Broken(path("discovery")...) || t.Unsure(path("enabled")...):
		case !g.Enabled && t.Given(path("enabled")...):
			found.Add(pos, discoveryWithoutGateway, "cluster %q has no gateway that others could find", c.Name)
		case !t.MultiNetwork():
		case len(g.Addresses) == 0 && awaited(t, c) && !t.Unsure(path("addresses")...):
			found.Add(pos, discoveryWithoutAddresses, "the gateway of cluster %q has no addresses that others could find it by", c.Name)
		case len(g.Addresses) > mostAddresses:
			d := found.Add(t.Pos(path("addresses")...), gatewaySetting, "the gateway of cluster %q has %d addresses, and a Gateway at most %d", c.Name, len(g.Addresses), mostAddresses)
			d.Why, d.Fix = "the API server refuses the Gateway that tells others of them", "give fewer of them, or a host name that resolves to them"
		case len(g.Addresses) > 0 && g.Kind != schema.DeploymentGateway && !t.Unsure(path("kind")...) && !t.Unsure(path("serviceType")...):
			checkService(t, c, found)
		}
	}
}

// awaited reports whether the addresses of a gateway are needed now. Where active remotes wait for them as well, that
// is reported.
func awaited(t schema.Written, c *schema.Cluster) bool {
	active := func(of *schema.Cluster) bool {
		return of.State == schema.Active && !t.Unsure(schema.ClusterPath(of, "state")...)
	}
	return active(c) && !slices.ContainsFunc(t.Remotes(c.Name), active)
}

// checkService reports a Service that gives istiod addresses too.
func checkService(t schema.Written, c *schema.Cluster, found *diag.List) {
	const selector = "traffic.istio.io/nodeSelector"
	g, at := c.EastWestGateway, schema.ClusterPath(c, "eastWestGateway", "serviceType")
	if !t.Given(at...) {
		at = schema.ClusterPath(c, "eastWestGateway", "discovery")
	}
	what := "its load balancer"
	if g.ServiceType == "NodePort" {
		what, at = "the nodes that "+selector+" picks", schema.ClusterPath(c, "eastWestGateway", "serviceAnnotations", selector)
	}
	if g.Service["externalIPs"] != nil {
		what, at = "its externalIPs", schema.ClusterPath(c, "eastWestGateway", "externalIPs")
	}
	if g.Service["externalIPs"] != nil || g.ServiceType == "LoadBalancer" || g.ServiceType == "NodePort" && g.ServiceAnnotations[selector] != "" {
		found.Add(t.Pos(at...), foundByServiceToo, "istiod finds the gateway of cluster %q by %s, too", c.Name, what)
	}
}
