package main

import "strings"

// wrongIstio has settings of Istio that cannot work, or that contradict the topology.
func wrongIstio() []wrong {
	const remotes = "primary-remote-multi-network"
	mesh := func(setting string) []edit {
		return []edit{{`version: "1.31.1"`, "version: \"1.31.1\"\n    " + setting}}
	}
	remote := func(setting string) []edit {
		return []edit{{"primary: cluster-a", "primary: cluster-a\n      istio: {" + setting + "}"}}
	}
	one := func(setting string) []edit {
		return []edit{{"network: network2", "network: network2\n      istio: {" + setting + "}"}}
	}
	return []wrong{
		{codes: "escaped-slash", name: "of a network", example: "single-cluster", edits: []edit{
			{"networks: {network1: {}}", "networks: {‹net--slash--1›: {}}"}, {"{network: network1}", "{network: net--slash--1}"}}},
		{codes: "reserved-namespace", name: "of Kubernetes", edits: mesh("namespace: ‹kube-system›")},
		{codes: "reserved-revision", name: "default", edits: mesh("revision: ‹default›")},
		{codes: "long-revision", name: "57 characters", edits: mesh("revision: ‹" + strings.Repeat("r", 57) + "›")},
		{codes: "reserved-reader", name: "Istio's", edits: mesh("reader: {serviceAccount: ‹istio-reader-service-account›}")},
		{codes: "reserved-token-secret", name: "the CA's", edits: mesh("reader: {tokenSecret: ‹cacerts›}")},
		{codes: "long-reader", name: "240 characters", edits: mesh("reader: {serviceAccount: ‹" + strings.Repeat("reader.", 34) + "of›}")},

		{codes: "remote-namespace", name: "its own", example: remotes, edits: remote("namespace: ‹istio-remote›")},
		{codes: "remote-network-name", name: "an underscore", example: remotes, edits: []edit{
			{"networks: {network1: {}, network2: {}}", "networks: {network1: {}, net_work2: {}}"}, {"network: network2", "network: ‹net_work2›"}}},
		{codes: "remote-revision", name: "its own", example: remotes, edits: remote("revision: ‹canary›")},
		{codes: "remote-newer", name: "than its primary", example: remotes, edits: remote(`version: ‹"1.29.0"›`)},
		{codes: "remote-older", name: "by two minor versions", example: remotes, edits: remote(`version: ‹"1.26.0"›`)},
		{codes: "primaries-apart", name: "by two minor versions", edits: one(`version: ‹"1.29.1"›`)},
		{codes: "unused-on-remote", name: "a mesh config", example: remotes, edits: remote("‹meshConfig›: {accessLogFile: /dev/stdout}")},
		{codes: "early-gateway", name: "an ingress gateway", example: remotes, edits: remote("components: {‹ingressGateways›: [{name: shop}]}")},
		{codes: "early-gateway", name: "an ingress gateway", example: remotes, edits: remote("components: {‹ingressGateways›: [{name: shop, enabled: true}]}")},
		{codes: "unknown-istio-field", name: "in an older version", edits: []edit{{`version: "1.31.1"`, "version: \"1.30.1\"\n    values: {pilot: {‹autoscaleEnable›: true}}"}}},
		{codes: "later-setting", name: "of 1.31 in 1.30", edits: []edit{{`version: "1.31.1"`, "version: \"1.30.1\"\n    values: {global: {‹readerServiceAccount›: {name: reader}}}"}}},

		{codes: "hidden-from-discovery", name: "by a label that means something", edits: []edit{{"{accessLogFile: /dev/stdout}",
			"{‹discoverySelectors›: [{matchLabels: {istio-injection: enabled}}]}"}}},
		{codes: "watches-one-namespace", name: "that of applications", edits: mesh("values: {pilot: {env: {ISTIO_WATCH_NAMESPACE: ‹shop›}}}")},
		{codes: "gateway-ends-tls", name: "by a certificate of the load balancer", edits: []edit{{"{token: {file: tokens/cluster-b}}",
			"{token: {file: tokens/cluster-b}}\n      eastWestGateway: {serviceAnnotations: {service.beta.kubernetes.io/aws-load-balancer-ssl-cert: ‹arn:aws:acm:x›}}"}}},
		{codes: "remote-takes-ipv4", name: "of 1.28", example: remotes, edits: []edit{{"[203.0.113.10]", `[‹"2001:db8::10"›]`}}},
		{codes: "mesh-networks-form", name: "the line that the chart adds", edits: mesh(
			"values: {global: {meshNetworks: {‹networks›: {network1: {gateways: [{address: 203.0.113.10, port: 15443}]}}}}}")},
		{codes: "mesh-networks-form mesh-networks-form", name: "two addresses, and no port", edits: mesh(
			"values: {global: {meshNetworks: {network1: {gateways: [‹{›address: 203.0.113.10, registryServiceName: gw.x.svc, port: 15443}, ‹{›address: 203.0.113.10}]}}}}")},
		{codes: "mesh-networks-registry", name: "misspelt", edits: mesh("values: {global: {meshNetworks: {network1: {endpoints: [{fromRegistry: ‹clutser-a›}]}}}}")},
		{codes: "mesh-networks-registry", name: "on another network", edits: one("values: {global: {meshNetworks: {network2: {endpoints: [{fromRegistry: ‹cluster-a›}]}}}}")},

		{codes: "owned-setting", name: "trust domain", edits: []edit{{"{accessLogFile: /dev/stdout}", "{accessLogFile: /dev/stdout, trustDomain: ‹example.com›}"}}},
		{codes: "owned-setting", name: "in another spelling", edits: []edit{{"{accessLogFile: /dev/stdout}", "{accessLogFile: /dev/stdout, trust_domain: ‹cluster.local›}"}}},
		{codes: "owned-setting", name: "cluster name", edits: one("values: {global: {multiCluster: {clusterName: ‹b›}}}")},
		{codes: "owned-setting", name: "network, for both clusters", edits: mesh("values: {global: {network: ‹network3›}}")},
		{codes: "owned-setting", name: "address of istiod", example: remotes, edits: remote("values: {global: {remotePilotAddress: ‹203.0.113.99›}}")},
		{codes: "owned-setting", name: "a text where a map belongs", edits: mesh("values: {global: ‹none›}")},
		{codes: "invalid-name invalid-name invalid-name", name: "of an annotation, a label and a class", edits: mesh(
			`components: {pilot: {k8s: {podAnnotations: {‹"two words"›: a}, nodeSelector: {‹Disks.Example.com/a›: b}, service: {loadBalancerClass: ‹in ner›}}}}`)},
		{codes: "invalid-name invalid-name", name: "of variables", edits: mesh(
			`values: {pilot: {env: {‹"A=B"›: c}}}` + "\n    " + `components: {cni: {k8s: {env: [{name: ‹ÄB›, value: c}]}}}`)},
		{codes: "unknown-istio-field", name: "of the values", edits: mesh("values: {pilot: {‹autoscaleEnable›: true}}")},
		{codes: "unknown-istio-field unknown-istio-field", name: "of the components, all of them", edits: mesh("components: {pilot: {‹k8›: {}}, ingressGateways: [{name: shop, ‹enable›: true}]}")},
		{codes: "wrong-istio-value", name: "a boolean for a string", edits: []edit{{"{accessLogFile: /dev/stdout}", "{accessLogFile: ‹true›}"}}},
		{codes: "wrong-istio-value", name: "overlays as a map", edits: one("components: {pilot: {k8s: {‹overlays›: {certs: {kind: Deployment}}}}}")},
		{codes: "owned-setting", name: "a gateway with the name of ours", edits: mesh("components: {ingressGateways: [{name: ‹istio-eastwestgateway›}]}")},
	}
}
