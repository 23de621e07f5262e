package settings

import "meshtopo.dev/meshtopo/schema/diag"

var (
	PlaintextMesh = &diag.Rule{
		Code: "mesh-without-mtls", Severity: diag.Error, Symptom: true,
		Title:  "mutual TLS turned off for the whole mesh, in a mesh of several networks",
		Why:    "gateways between networks need mutual TLS to know where a call goes: istiod drops the endpoints on other networks, and only local ones answer",
		Fix:    "use mode PERMISSIVE, or DISABLE in single namespaces",
		Source: "https://github.com/istio/istio/issues/28798",
		Bad:    "kind: PeerAuthentication\nmetadata: {name: default, namespace: istio-system}\nspec: {mtls: {mode: DISABLE}}",
		Good:   "kind: PeerAuthentication\nmetadata: {name: default, namespace: istio-system}\nspec: {mtls: {mode: PERMISSIVE}}",
	}
	PlaintextCalls = &diag.Rule{
		Code: "calls-without-mtls", Severity: diag.Warning, Symptom: true,
		Title:  "a DestinationRule that turns mutual TLS off for all Services, or for one that other networks have",
		Why:    "a gateway between networks needs mutual TLS to know where a call goes: calls to other networks are reset, and only local endpoints answer",
		Fix:    "use mode ISTIO_MUTUAL, or name the Services that cannot use it and are called locally",
		Source: "pilot/pkg/xds/endpoints/ep_filters.go",
		Bad:    "host: \"*.local\"\ntrafficPolicy: {tls: {mode: DISABLE}}",
		Good:   "host: \"*.local\"\ntrafficPolicy: {tls: {mode: ISTIO_MUTUAL}}",
	}
	NamespaceWithoutMTLS = &diag.Rule{
		Code: "namespace-without-mtls", Severity: diag.Warning, Symptom: true,
		Title:  "mutual TLS turned off for a namespace that other networks have Services in",
		Why:    "istiod skips endpoints on other networks that it cannot call by mutual TLS, and pods that take none reset what comes through a gateway: only local endpoints answer",
		Fix:    "use mode PERMISSIVE, which takes calls of both kinds",
		Source: "pilot/pkg/xds/endpoints/mtls_checker.go and ep_filters.go",
		Bad:    "kind: PeerAuthentication\nmetadata: {name: default, namespace: shop}\nspec: {mtls: {mode: DISABLE}}",
		Good:   "kind: PeerAuthentication\nmetadata: {name: default, namespace: shop}\nspec: {mtls: {mode: PERMISSIVE}}",
	}
)
