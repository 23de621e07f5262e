package lint

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/settings"
)

var policyGroup = group{rules: []*diag.Rule{settings.PlaintextMesh, settings.PlaintextCalls}, check: (*cluster).checkPlaintext}

// addPeerAuthentication keeps the policy of a namespace, which is the policy of the mesh in the control plane's
// namespace.
func (c *cluster) addPeerAuthentication(o *object, _ *diag.List) {
	mode := valueAt(o.Root, "spec", "mtls", "mode")
	if mode.text == "DISABLE" && len(labels(o.Root.At("spec", "selector", "matchLabels"))) == 0 {
		c.plaintexts = append(c.plaintexts, plaintext{false, o.String(), o.Namespace, o.Pos().File, "", mode})
	}
}

// addDestinationRule keeps each mode in which calls are not made by mutual TLS. Only DISABLE says so of hosts that may
// be outside the mesh.
func (c *cluster) addDestinationRule(o *object, _ *diag.List) {
	host := o.Root.StringAt("spec", "host")
	wide := slices.Contains([]string{"*", "*.local", "*.cluster.local", "*.svc.cluster.local"}, host)
	policies := []*document.Node{o.Root.At("spec", "trafficPolicy")}
	for _, subset := range o.Root.ItemsAt("spec", "subsets") {
		policies = append(policies, subset.At("trafficPolicy"))
	}
	for n, policy := range policies {
		modes := []value{valueAt(policy, "tls", "mode")}
		for _, port := range policy.ItemsAt("portLevelSettings") {
			modes = append(modes, valueAt(port, "tls", "mode"))
		}
		for m, mode := range modes {
			switch {
			case wide && n+m == 0 && mode.text == "DISABLE":
				c.plaintexts = append(c.plaintexts, plaintext{true, o.String(), o.Namespace, o.Pos().File, "", mode})
			case !wide && mode.given() && mode.text != "ISTIO_MUTUAL":
				c.plaintexts = append(c.plaintexts, plaintext{true, o.String(), o.Namespace, o.Pos().File, host, mode})
			}
		}
	}
}

// checkPlaintext looks for mutual TLS that is off on calls between networks.
func (c *cluster) checkPlaintext(found *diag.List) {
	if !c.crossesNetworks() {
		return
	}
	for _, p := range c.plaintexts {
		rule := settings.PlaintextMesh
		if p.calls {
			rule = settings.PlaintextCalls
		}
		if p.host != "" {
			continue // it matters where the Service is
		}
		if p.calls || c.namespaceIn(p.file, p.namespace) == c.controlPlaneNamespace() {
			found.Add(p.mode.pos, rule, "%s turns mutual TLS off for all Services", p.name)
		}
	}
}
