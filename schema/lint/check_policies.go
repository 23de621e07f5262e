package lint

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
)

var (
	plaintextMesh = &diag.Rule{
		Code: "mesh-without-mtls", Severity: diag.Error,
		Title:  "mutual TLS turned off for the whole mesh, in a mesh of several networks",
		Why:    "gateways between networks need mutual TLS to know where a call goes: istiod drops the endpoints on other networks, and only local ones answer",
		Fix:    "use mode PERMISSIVE, or DISABLE in single namespaces",
		Source: "https://github.com/istio/istio/issues/28798",
		Bad:    "kind: PeerAuthentication\nmetadata: {name: default, namespace: istio-system}\nspec: {mtls: {mode: DISABLE}}",
		Good:   "kind: PeerAuthentication\nmetadata: {name: default, namespace: istio-system}\nspec: {mtls: {mode: PERMISSIVE}}",
	}
	plaintextCalls = &diag.Rule{
		Code: "calls-without-mtls", Severity: diag.Warning,
		Title:  "a DestinationRule that turns mutual TLS off for all Services, in a mesh of several networks",
		Why:    "a gateway between networks needs mutual TLS to know where a call goes: calls to other networks are reset, and only local endpoints answer",
		Fix:    "use mode ISTIO_MUTUAL, or name the Services that cannot use it",
		Source: "pilot/pkg/xds/endpoints/ep_filters.go",
		Bad:    "host: \"*.local\"\ntrafficPolicy: {tls: {mode: DISABLE}}",
		Good:   "host: \"*.local\"\ntrafficPolicy: {tls: {mode: ISTIO_MUTUAL}}",
	}
)

var policyGroup = group{rules: []*diag.Rule{plaintextMesh, plaintextCalls}, check: (*cluster).checkPlaintext}

// addPeerAuthentication keeps the policy of a namespace, which is the policy of the mesh in the control plane's
// namespace.
func (c *cluster) addPeerAuthentication(o *object, _ *diag.List) {
	mode := valueAt(o.Root, "spec", "mtls", "mode")
	if mode.text == "DISABLE" && len(labels(o.Root.At("spec", "selector", "matchLabels"))) == 0 {
		c.plaintexts = append(c.plaintexts, plaintext{false, o.String(), o.Namespace, o.Pos().File, mode})
	}
}

func (c *cluster) addDestinationRule(o *object, _ *diag.List) {
	mode := valueAt(o.Root, "spec", "trafficPolicy", "tls", "mode")
	wide := []string{"*", "*.local", "*.cluster.local", "*.svc.cluster.local"}
	if mode.text == "DISABLE" && slices.Contains(wide, o.Root.StringAt("spec", "host")) {
		c.plaintexts = append(c.plaintexts, plaintext{true, o.String(), o.Namespace, o.Pos().File, mode})
	}
}

// checkPlaintext looks for mutual TLS that is off on calls between networks.
func (c *cluster) checkPlaintext(found *diag.List) {
	if !c.crossesNetworks() {
		return
	}
	for _, p := range c.plaintexts {
		rule := plaintextMesh
		if p.calls {
			rule = plaintextCalls
		}
		if p.calls || c.namespaceIn(p.file, p.namespace) == c.controlPlaneNamespace() {
			found.Add(p.mode.pos, rule, "%s turns mutual TLS off for all Services", p.name)
		}
	}
}
