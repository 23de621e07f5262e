package main

import "strings"

// patchedEdit puts a patch below istio of the topology, at a target.
func patchedEdit(version, target, text string) []edit {
	const indent = "\n        "
	return []edit{{version, version + "\n    patches:\n    - target: {" + target + "}\n      patch: |" + indent + strings.ReplaceAll(text, "\n", indent)}}
}

// wrongPatched has topologies whose patches are sound by themselves, and make objects that break the mesh: lint finds
// the same in what is rendered.
func wrongPatched() []wrong {
	const (
		istiod, gateway, exposing = "name: control-plane", "name: eastwest", "kind: Gateway"
		version                   = `version: "1.31.1"`
		k8s                       = "/spec/components/ingressGateways/0/k8s"
	)
	ops := func(codes, name, target, text string) wrong {
		return wrong{codes: codes, name: name, edits: patchedEdit(version, target, text)}
	}
	selected := ops("hidden-from-discovery", "a namespace without the label that is selected", "kind: Namespace", "‹- {op: remove, path: /metadata/labels/team}›")
	selected.edits = append(selected.edits, edit{"{accessLogFile: /dev/stdout}", "{discoverySelectors: [{matchLabels: {team: mesh}}]}"})
	return []wrong{
		ops("hidden-from-discovery", "by a patch", istiod, "- {op: add, path: /metadata/labels/team, value: mesh}\n‹- op: add›\n  path: /spec/meshConfig/discoverySelectors\n  value: [{matchLabels: {team: mesh}}]"),
		ops("hidden-from-discovery", "by a merge", istiod, "kind: IstioOperator\nmetadata: {name: a}\nspec:\n  meshConfig:\n    ‹discoverySelectors:›\n    - matchLabels: {team: mesh}"),
		selected,
		ops("watches-one-namespace", "by a patch", istiod, "‹- {op: add, path: /spec/values/pilot, value: {env: {ISTIO_WATCH_NAMESPACE: shop}}}›"),
		ops("gateway-ends-tls", "by a patch", gateway, "‹- {op: add, path: "+k8s+"/serviceAnnotations, value: {service.beta.kubernetes.io/aws-load-balancer-ssl-cert: arn}}›"),
		ops("gateway-ends-tls", "by a merge", gateway, "kind: IstioOperator\nmetadata: {name: a}\nspec:\n  values:\n    gateways:\n      istio-ingressgateway:\n        serviceAnnotations:\n          ‹load-balancer.hetzner.cloud/protocol: http›"),
		ops("port-not-open", "by a patch", exposing, "‹- {op: add, path: /spec/servers/-, value: {port: {number: 9443, name: x, protocol: TLS}, tls: {mode: AUTO_PASSTHROUGH}, hosts: ['*.example.com']}}›"),
		ops("privileged-port", "by a patch", gateway, "‹- {op: add, path: "+k8s+"/service/ports/-, value: {name: x, port: 443, targetPort: 443}}›"),
		ops("server-without-tls", "by a patch", exposing, "- {op: add, path: /metadata/labels/team, value: mesh}\n‹- {op: add, path: /spec/servers/-, value: {port: {number: 15021, name: x, protocol: TLS}, hosts: ['*.example.com']}}›"),
		ops("unknown-istio-field", "of the values, by a patch", istiod, "‹- {op: add, path: /spec/values/global/netwrk, value: a}›"),
		ops("unknown-object-field", "of a Gateway, by a patch", exposing, "‹- {op: add, path: /spec/servrs, value: a}›"),
		ops("wrong-istio-value", "of the mesh config, by a patch", istiod, "‹- {op: add, path: /spec/meshConfig/enableAutoMtls, value: 'no way'}›"),
	}
}

// doubtfulPatched is the same of patches that are rendered with a warning or a note.
func doubtfulPatched() []wrong {
	const (
		istiod, gateway = "name: control-plane", "name: eastwest"
		version         = `version: "1.31.1"`
	)
	ops := func(codes, name, target, text string) wrong {
		return wrong{codes: codes, name: name, edits: patchedEdit(version, target, text)}
	}
	return []wrong{
		ops("auto-mtls-off", "by a patch", istiod, "‹- {op: add, path: /spec/meshConfig/enableAutoMtls, value: false}›"),
		ops("nothing-shared", "by a patch", istiod, "‹- {op: add, path: /spec/meshConfig/serviceSettings, value: [{settings: {clusterLocal: true}, hosts: ['*']}]}›"),
		ops("services-not-exported", "by a patch", istiod, "‹- {op: add, path: /spec/meshConfig/defaultServiceExportTo, value: ['.']}›"),
		ops("waits-for-every-cluster", "by a patch", istiod, "‹- {op: add, path: /spec/values/pilot, value: {env: {PILOT_REMOTE_CLUSTER_TIMEOUT: 0s}}}›"),
		ops("gateway-proxy-protocol", "by a patch", gateway, "‹- {op: add, path: /spec/components/ingressGateways/0/k8s/serviceAnnotations, value: {load-balancer.hetzner.cloud/uses-proxyprotocol: 'true'}}›"),
		ops("ignored-istio-field", "by a patch", istiod, "- {op: add, path: /spec/meshConfig/accessLogEncoding, value: JSON}\n‹- {op: add, path: /spec/meshConfig/accesLogFormat, value: a}›"),
		ops("unread-variable", "by a patch", istiod, "‹- {op: add, path: /spec/meshConfig/defaultConfig/proxyMetadata/ISTIO_META_ROUTER_MODE, value: sni-dnat}›"),
	}
}
