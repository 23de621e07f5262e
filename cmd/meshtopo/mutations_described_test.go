package main

// mutatedDescribed are mistakes in what control planes are told of gateways that they cannot see.
func mutatedDescribed() []manifestMutation {
	const (
		eu, us   = "gateway-addresses/eu", "gateway-addresses/us"
		ofEdge   = "5-expose/remote-gateway-eu-edge.yaml"
		ofUS     = "5-expose/remote-gateway-us.yaml"
		ofEU     = "5-expose/remote-gateway-eu.yaml"
		listed   = "5-expose/kustomization.yaml"
		deviates = "deviates-from-topology"
		label    = `topology.istio.io/network: "edge"`
		option   = "\n      options:\n        gateway.istio.io/listener-protocol: auto-passthrough"
	)
	c := compared
	return []manifestMutation{
		{"described: another type", eu, ofEdge, turn(`"IPAddress"`, `"NamedAddress"`), found("remote-gateway-address"), ""},
		{"described: no addresses", eu, ofEdge, cut("addresses:"), foundAt("spec:", "remote-gateway-address"), ""},
		{"described: class", eu, ofEdge, turn("istio-remote\n", "istio-remotes\n"), found("remote-gateway-class"), ""},
		{"described: no label", eu, ofEdge, cut("topology.istio.io/network"), foundAt(`name: "remote-gateway-eu-edge"`, "gateway-without-network"), ""},
		{"described: label of no network", eu, ofEdge, turn(label, `topology.istio.io/network: "edges"`),
			foundIn("us/"+ofEdge, label, "remote-gateway-elsewhere"), "another control plane has the right one"},
		{"described: label of no network, nowhere", eu, ofEdge, all(turn(label, `topology.istio.io/network: "edges"`), in("us/"+ofEdge, deleted), in("us/"+listed, cut("remote-gateway-eu-edge.yaml"))),
			foundAt(`topology.istio.io/network: "edges"`, "network-without-gateway"), ""},
		{"described: another port", eu, ofEdge, all(turn("port: 15443", "port: 30443"), turn(option, "")), foundAt("port: 30443", "remote-gateway-listener"), ""},
		{"described: protocol that ends TLS", eu, ofEdge, turn("protocol: TLS", "protocol: HTTPS"), found("remote-gateway-listener"), ""},
		{"described: protocol without TLS", eu, ofEdge, turn("protocol: TLS", "protocol: TCP"), found("remote-gateway-listener"), ""},
		{"described: mode", eu, ofEdge, all(turn(option, ""), turn("mode: Passthrough", "mode: Terminate")), foundAt("tls:", "remote-gateway-listener"), ""},
		{"described: not to one control plane", us, ofEU, all(deleted, in("us/"+listed, cut("remote-gateway-eu.yaml"))),
			foundIn("eu/"+ofEU, `network: "eu"`, "remote-gateway-elsewhere"), "the other one has it"},
		{"described: in a remote", "gateway-addresses/eu-edge", ownFile, text("apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: us, namespace: istio-system, labels: {topology.istio.io/network: us}}\n" +
			"spec:\n  gatewayClassName: istio-remote\n  addresses: [{type: IPAddress, value: 203.0.113.30}]\n  listeners: [{name: tls, port: 15443, protocol: TLS, tls: {mode: Passthrough}}]\n"),
			foundAt("gatewayClassName", "remote-gateway-unread"), ""},

		{"described, topology: address", eu, ofEdge, c(turn("198.51.100.20", "198.51.100.21")), found(deviates), ""},
		{"described, topology: name", eu, ofUS, c(turn("mesh.us.example.com", "mesh.usa.example.com")), found(deviates), ""},
		{"described, topology: an address less", us, ofEU, c(turn(`,{"type":"IPAddress","value":"203.0.113.11"}`, "")), found(deviates), ""},
		{"described, topology: label", eu, ofEdge, c(turn(label, `topology.istio.io/network: "us"`)), found(deviates), ""},
		{"described, topology: port", eu, ofEdge, c(turn("port: 15443", "port: 15444")), found(deviates), ""},
		{"described, topology: no label", eu, ofEdge, c(cut("topology.istio.io/network")), foundAt(`name: "remote-gateway-eu-edge"`, "gateway-without-network"), ""},
		{"described, topology: not to one control plane", us, ofEU, c(deleted), foundIn("us/"+listed, "remote-gateway-eu.yaml", deviates), ""},
		{"described, topology: another object", eu, ofEdge, c(turn("remote-gateway-eu-edge", "edge")), foundIn("eu/"+listed, "remote-gateway-eu-edge.yaml", deviates), "the file is listed, and is another"},
	}
}
