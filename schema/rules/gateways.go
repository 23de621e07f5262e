package rules

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

var gatewayRules = group{[]*diag.Rule{NetworkWithoutGateway, primaryWithoutGateway, idleGateway, UndiscoverableGateway}, mesh.checkGateways}

var NetworkWithoutGateway = &diag.Rule{
	Code: "network-without-gateway", Severity: diag.Error, Symptom: true,
	Title:  "a network of a mesh of several networks that has no gateway",
	Why:    "istiod sends other networks straight to the addresses of its pods, as if they were reachable; calls time out",
	Fix:    "delete eastWestGateway.enabled from one of its clusters",
	Source: "pilot/pkg/xds/endpoints/ep_filters.go",
	Bad:    `clusters: {cluster-b: {eastWestGateway: {enabled: false}}}`,
	Good:   `clusters: {cluster-b: {eastWestGateway: {enabled: true}}}`,
}

var primaryWithoutGateway = &diag.Rule{
	Code: "primary-without-gateway", Severity: diag.Error, Fixed: true, Symptom: true,
	Title:  "a primary with remotes whose gateway is off",
	Why:    "the remotes reach istiod through this gateway; without it their webhook calls nothing and their sidecars get no certificate",
	Fix:    "delete eastWestGateway.enabled from the primary",
	Source: "samples/multicluster/expose-istiod.yaml",
	Bad: `clusters:
  cluster-a: {eastWestGateway: {enabled: false, addresses: [203.0.113.10]}}
  cluster-b: {primary: cluster-a}`,
	Good: `clusters:
  cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}}
  cluster-b: {primary: cluster-a}`,
}

var idleGateway = &diag.Rule{
	Code: "idle-gateway", Severity: diag.Warning,
	Title:  "a gateway that nothing uses",
	Why:    "in a mesh of one network pods call each other directly, and only a primary with remotes exposes istiod: this gateway would be a load balancer that is paid for and open to the outside for nothing",
	Fix:    "delete eastWestGateway.enabled",
	Source: "https://istio.io/latest/docs/setup/install/multicluster/multi-primary/",
	Bad: `networks: {network2: null}
clusters: {cluster-b: {network: network1, eastWestGateway: {enabled: true}}}`,
	Good: `networks: {network2: null}
clusters: {cluster-b: {network: network1}}`,
}

var UndiscoverableGateway = &diag.Rule{
	Code: "undiscoverable-gateway", Severity: diag.Error, Symptom: true,
	Title:  "a gateway whose address istiod cannot find",
	Why:    "istiod takes a gateway's address from its Service: from the load balancer, or for NodePort from the nodes that the annotation traffic.istio.io/nodeSelector picks, a JSON object. Otherwise the network counts as one without a gateway, and calls time out",
	Fix:    "use serviceType LoadBalancer, or NodePort with the annotation, or give the addresses and set discovery: addresses",
	Source: "pilot/pkg/serviceregistry/kube/controller/network.go",
	Bad:    `clusters: {cluster-b: {eastWestGateway: {serviceType: NodePort}}}`,
	Good:   `clusters: {cluster-b: {eastWestGateway: {serviceType: NodePort, serviceAnnotations: {traffic.istio.io/nodeSelector: '{"kubernetes.io/os":"linux"}'}}}}`,
}

// nodeSelector is the annotation by which istiod finds the nodes of a NodePort gateway.
const nodeSelector = "traffic.istio.io/nodeSelector"

// checkGateways reports gateways that are missing, and gateways that nobody uses.
func (t mesh) checkGateways(found *diag.List) {
	members, certain := t.members()
	for _, p := range t.primaries() {
		if remotes := t.remotes[p.Name]; len(remotes) > 0 && t.gatewayOff(p) {
			t.reportPrimaryWithoutGateway(p, remotes, found)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if certain && len(members) > 1 {
			t.checkNetworkGateway(name, members[name], found)
		}
	}
	stated := t.statedGateways()
	for _, c := range t.Clusters {
		if certain && len(members) == 1 {
			t.checkIdleGateway(c, found)
		}
		if len(members) > 1 && !stated[c.Network] {
			t.checkDiscoverable(c, found)
		}
	}
}

// gatewayOff reports whether the user turned a cluster's gateway off.
func (t mesh) gatewayOff(c *schema.Cluster) bool {
	return !c.EastWestGateway.Enabled && t.gatewayGiven(c)
}

// gatewayGiven reports whether the user said if a cluster has a gateway.
func (t mesh) gatewayGiven(c *schema.Cluster) bool {
	path := schema.ClusterPath(c, "eastWestGateway", "enabled")
	return t.Given(path...) && !t.Unsure(path...)
}

func (t mesh) reportPrimaryWithoutGateway(p *schema.Cluster, remotes []*schema.Cluster, found *diag.List) {
	d := found.Add(t.Pos(schema.ClusterPath(p, "eastWestGateway", "enabled")...), primaryWithoutGateway,
		"cluster %q has remotes, but its gateway is off", p.Name)
	for _, r := range remotes {
		d.Relate(t.Pos(schema.ClusterPath(r, "primary")...), fmt.Sprintf("cluster %q reaches its istiod through the gateway", r.Name))
	}
}

// checkNetworkGateway reports a network whose clusters all have their gateway off. Where one of them is a
// primary with remotes, turning that gateway on again, which has been asked for, cures this too.
func (t mesh) checkNetworkGateway(name string, members []*schema.Cluster, found *diag.List) {
	for _, c := range members {
		if !t.gatewayOff(c) || len(t.remotes[c.Name]) > 0 {
			return
		}
	}
	d := found.Add(t.Pos(schema.ClusterPath(members[0], "eastWestGateway", "enabled")...), NetworkWithoutGateway,
		"network %q has no gateway: it is off in cluster %q", name, members[0].Name)
	if len(members) > 1 {
		d.Message = fmt.Sprintf("network %q has no gateway: it is off in each of its %d clusters", name, len(members))
	}
	for _, c := range members[1:] {
		d.Relate(t.Pos(schema.ClusterPath(c, "eastWestGateway", "enabled")...), fmt.Sprintf("off in cluster %q too", c.Name))
	}
}

func (t mesh) checkIdleGateway(c *schema.Cluster, found *diag.List) {
	if c.EastWestGateway.Enabled && t.gatewayGiven(c) && len(t.remotes[c.Name]) == 0 {
		found.Add(t.Pos(schema.ClusterPath(c, "eastWestGateway", "enabled")...), idleGateway,
			"nothing uses the gateway of cluster %q: the mesh has one network, and the cluster no remotes", c.Name)
	}
}

// checkDiscoverable reports a gateway between networks that istiod would not take for one.
func (t mesh) checkDiscoverable(c *schema.Cluster, found *diag.List) {
	gw := c.EastWestGateway
	path := schema.ClusterPath(c, "eastWestGateway", "serviceType")
	if !gw.Enabled || t.Unsure(path...) || t.byAddresses(c) || gw.Service["externalIPs"] != nil {
		return
	}
	switch gw.ServiceType {
	case "ClusterIP":
		found.Add(t.Pos(path...), UndiscoverableGateway,
			"the gateway of cluster %q is a ClusterIP Service, which has no address outside its cluster", c.Name)
	case "NodePort":
		t.checkNodeSelector(c, found)
	}
}

// byAddresses reports whether a gateway is found by its addresses, or may be.
func (t mesh) byAddresses(c *schema.Cluster) bool {
	return c.EastWestGateway.Discovery == schema.ByAddresses || t.Unsure(schema.ClusterPath(c, "eastWestGateway", "discovery")...)
}

func (t mesh) checkNodeSelector(c *schema.Cluster, found *diag.List) {
	path := schema.ClusterPath(c, "eastWestGateway", "serviceAnnotations", nodeSelector)
	if t.Unsure(path...) {
		return
	}
	var labels map[string]string
	text, ok := c.EastWestGateway.ServiceAnnotations[nodeSelector]
	switch {
	case !ok:
		d := found.Add(t.Pos(schema.ClusterPath(c, "eastWestGateway", "serviceType")...), UndiscoverableGateway,
			"the gateway of cluster %q is a NodePort Service without the annotation %s", c.Name, nodeSelector)
		d.Fix = `add serviceAnnotations: {` + nodeSelector + `: '{"kubernetes.io/os":"linux"}'}, with the labels of the nodes to use`
	case json.Unmarshal([]byte(text), &labels) != nil || labels == nil:
		d := found.Add(t.Pos(path...), UndiscoverableGateway, "%s is %q, which is not a JSON object of strings", nodeSelector, text)
		d.Fix = `write it like '{"kubernetes.io/os":"linux"}'`
	}
}

// statedGateways gives the networks whose gateways the user states in Istio's own words, in meshNetworks.
func (t mesh) statedGateways() map[string]bool {
	stated := map[string]bool{}
	for _, istio := range t.IstioNodes() {
		networks := istio.Node.At("values", "global", "meshNetworks")
		if networks == nil {
			continue
		}
		for _, e := range networks.Fields {
			if e.Value.Entry("gateways") != nil {
				stated[e.Key] = true
			}
		}
	}
	return stated
}
