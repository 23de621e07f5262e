package rules

import (
	"fmt"
	"slices"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

var networkRules = group{[]*diag.Rule{unknownNetwork, unusedNetwork}, mesh.checkNetworks}

var unknownNetwork = &diag.Rule{
	Code: "unknown-network", Severity: diag.Error, Fixed: true, Symptom: true,
	Title:  "a cluster on a network that is not declared",
	Why:    "a misspelt network is a network of its own: istiod treats endpoints on a network without a gateway as directly reachable, and calls time out",
	Fix:    "use a network of networks, or declare this one there",
	Source: "pilot/pkg/xds/endpoints/ep_filters.go",
	Bad:    `clusters: {cluster-b: {network: netwrok2}}`,
	Good:   `clusters: {cluster-b: {network: network2}}`,
}

var unusedNetwork = &diag.Rule{
	Code: "unused-network", Severity: diag.Info,
	Title: "a network without clusters",
	Why:   "it changes nothing in the mesh, but a reader will look for its clusters",
	Fix:   "delete it, or put a cluster on it",
	Bad:   `networks: {network3: {}}`,
	Good:  `networks: {network2: {}}`,
}

// checkNetworks reports clusters on networks that nobody declared. Istio accepts them and calls their pods
// directly, so the mistake would show only as time-outs.
func (t mesh) checkNetworks(found *diag.List) {
	if !t.Given("spec", "networks") || t.Unsure("spec", "networks") {
		return
	}
	for _, c := range t.Clusters {
		path := schema.ClusterPath(c, "network")
		if c.Network != "" && !t.Unsure(path...) && !t.Given("spec", "networks", c.Network) {
			d := found.Add(t.Pos(path...), unknownNetwork, "cluster %q is on network %q, which is not declared", c.Name, c.Network)
			if near := diag.Nearest(c.Network, t.Networks); near != "" {
				d.Fix = fmt.Sprintf("use %q, or declare %q under networks", near, c.Network)
			} else {
				d.Fix = fmt.Sprintf("declare %q under networks, or use a network from there", c.Network)
			}
		}
	}
	t.checkUnusedNetworks(found)
}

// checkUnusedNetworks stays silent where a cluster's network is not known: it may be the one that is missed.
func (t mesh) checkUnusedNetworks(found *diag.List) {
	members, certain := t.members()
	if !certain || len(t.Clusters) == 0 {
		return
	}
	for _, name := range slices.Sorted(slices.Values(t.Networks)) {
		if len(members[name]) == 0 && !t.Unsure("spec", "networks", name) {
			found.Add(t.Pos("spec", "networks", name), unusedNetwork, "no cluster is on network %q", name)
		}
	}
}
