package rules

import (
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

var lifecycleRules = group{[]*diag.Rule{awaitingGatewayAddress, joiningUnread}, mesh.checkLifecycle}

var awaitingGatewayAddress = &diag.Rule{
	Code: "awaiting-gateway-address", Severity: diag.Info,
	Title:  "a joining remote that waits for its primary's gateway address",
	Why:    "the cluster gets 1-prepare only, which makes its token; its control plane needs the address at which the primary's istiod is reached",
	Fix:    "install the primary, copy its gateway's address to eastWestGateway.addresses, and render again",
	Source: "manifests/charts/istio-control/istio-discovery/templates/remote-istiod-service.yaml",
	Bad:    `clusters: {cluster-b: {primary: cluster-a, state: joining}}`,
	Good:   `clusters: {cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}}, cluster-b: {primary: cluster-a, state: joining}}`,
}

var joiningUnread = &diag.Rule{
	Code: "joining-unread", Severity: diag.Info,
	Title: "a joining cluster that no other control plane would read",
	Why:   "joining holds back the remote Secrets for a cluster, and this one gets none: the state changes nothing",
	Fix:   "delete state",
	Bad: `networks: {network2: null}
clusters: {cluster-a: {state: joining}, cluster-b: null}`,
	Good: `networks: {network2: null}
clusters: {cluster-a: {state: active}, cluster-b: null}`,
}

// checkLifecycle says what is still missing for the clusters that are joining.
func (t mesh) checkLifecycle(found *diag.List) {
	primaries := t.primaries()
	for _, c := range t.Clusters {
		path := schema.ClusterPath(c, "state")
		if c.State != schema.Joining || t.Unsure(path...) {
			continue
		}
		if p := t.PrimaryOf(c); p != nil && t.awaitsAddress(p) {
			found.Add(t.Pos(path...), awaitingGatewayAddress, "cluster %q is prepared only: the gateway of its primary %q has no address yet", c.Name, p.Name)
		}
		if len(primaries) == 1 && primaries[0] == c {
			found.Add(t.Pos(path...), joiningUnread, "cluster %q is joining, but no other control plane would read it", c.Name)
		}
	}
}

// awaitsAddress reports whether the user has yet to say where the gateway of a primary is.
func (t mesh) awaitsAddress(p *schema.Cluster) bool {
	return len(p.EastWestGateway.Addresses) == 0 && !t.Unsure(schema.ClusterPath(p, "eastWestGateway", "addresses")...) && !t.gatewayOff(p)
}
