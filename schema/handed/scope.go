package handed

import (
	"slices"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

var outOfScope = &diag.Rule{
	Code: "gateway-out-of-scope", Severity: diag.Error, Fixed: true,
	Title:  "a gateway in another namespace than the Gateways that open its ports",
	Why:    "with PILOT_SCOPE_GATEWAY_TO_NAMESPACE a Gateway is for the pods of its own namespace, and those of the mesh are in the namespace of the control plane: nothing would listen on the gateway's ports",
	Fix:    "leave eastWestGateway.namespace out, or the variable",
	Source: "pilot/pkg/model/push_context.go (mergeGateways)",
	Bad:    "istio: {values: {pilot: {env: {PILOT_SCOPE_GATEWAY_TO_NAMESPACE: \"true\"}}}}\nclusters: {cluster-a: {eastWestGateway: {namespace: istio-gateways}}}",
	Good:   "clusters: {cluster-a: {eastWestGateway: {namespace: istio-gateways}}}",
}

// checkScope reports gateways in a namespace in which no Gateway of the mesh is, where that matters.
func (t topology) checkScope(found *diag.List) {
	for _, p := range t.primaries() {
		at, scoped := t.installation(p).ScopesGateways()
		if !scoped {
			continue
		}
		for _, c := range slices.Concat(t.remotes[p.Name], []*schema.Cluster{p}) {
			own := schema.ClusterPath(c, "eastWestGateway", "namespace")
			if t.Given(own...) && !t.Broken(own...) && c.EastWestGateway.Namespace != p.Istio.Namespace {
				d := found.Add(t.Pos(own...), outOfScope, "no Gateway is in the namespace of the gateway of cluster %q", c.Name)
				d.Relate(at, "Gateways are for their own namespace")
			}
		}
	}
}
