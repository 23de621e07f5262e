package main

// wrongInstallers has topologies whose installer does not take what they say.
func wrongInstallers() []wrong {
	const version = "version: \"1.31.1\"\n    meshConfig: {accessLogFile: /dev/stdout}"
	with := func(text string) []edit { return []edit{{version, text}} }
	return []wrong{
		{codes: "unknown-value", name: "another installer", edits: with("version: \"1.31.1\"\n    installer: ‹operator›")},
		{codes: "invalid-value", name: "a repository without a scheme", edits: with("version: \"1.31.1\"\n    charts: {repository: ‹charts.example.com/istio›}")},
		{codes: "unknown-value invalid-value", name: "an installer of one cluster", edits: []edit{{"network: network2\n",
			"network: network2\n      istio: {installer: ‹helmfile›, charts: {repository: ‹\"git://charts.example.com\"›}}\n"}}},
		{codes: "unknown-value", name: "another kind of gateway", edits: []edit{{"network: network2\n", "network: network2\n      eastWestGateway: {kind: ‹service›}\n"}}},
		{codes: "wrong-type wrong-type", name: "a repository of the wrong shape", edits: []edit{{"version: \"1.31.1\"", "version: \"1.31.1\"\n    charts: ‹https://charts.example.com›"},
			{"network: network2\n", "network: network2\n      istio: {‹charts›: []}\n"}}},
		{codes: "installer-setting", name: "components with helm", edits: with("version: \"1.31.1\"\n    installer: helm\n    components: {pilot: {k8s: {replicaCount: ‹2›}}}")},
		{codes: "installer-setting", name: "a gateway with sail", edits: with("version: \"1.30.3\"\n    installer: sail\n    components: {‹egressGateways›: [{name: istio-egressgateway, enabled: true}]}")},
		{codes: "installer-setting", name: "base turned off", edits: with("version: \"1.31.1\"\n    installer: helm\n    components: {base: {enabled: ‹false›}}")},
		{codes: "sail-profile", name: "of the mesh", edits: with("version: \"1.30.3\"\n    installer: sail\n    profile: ‹minimal›")},
		{codes: "sail-profile", name: "of one cluster", example: "mixed", edits: []edit{{"profile: minimal", "profile: ‹minimal›\n    installer: sail"}, {`version: "1.31.1"`, `version: "1.30.3"`}}},
		{codes: "gateway-kind", name: "an IstioOperator with helm", edits: []edit{{"      network: network1\n", "      network: network1\n      istio: {installer: helm}\n      eastWestGateway: {kind: ‹operator›}\n"}}},
		{codes: "gateway-kind", name: "a chart with istioctl", edits: []edit{{"      network: network1\n", "      network: network1\n      eastWestGateway: {kind: ‹chart›}\n"}}},
		{codes: "gateway-kind", name: "a chart with sail", edits: []edit{{`version: "1.31.1"`, `version: "1.30.3"`}, {"      network: network1\n", "      network: network1\n      istio: {installer: sail}\n      eastWestGateway: {kind: ‹chart›}\n"}}},
		{codes: "gateway-kind", name: "a Gateway in a remote", example: "primary-remote-multi-network", edits: []edit{{"      primary: cluster-a\n", "      primary: cluster-a\n      eastWestGateway: {kind: ‹gateway-api›}\n"}}},
		{codes: "unknown-value", name: "another way to find a gateway", edits: []edit{{"      network: network1\n", "      network: network1\n      eastWestGateway: {discovery: ‹dns›}\n"}}},
		{codes: "discovery-without-addresses", name: "none", edits: []edit{{"      network: network1\n", "      network: network1\n      eastWestGateway: {serviceType: ClusterIP, discovery: ‹addresses›}\n"}}},
		{codes: "discovery-without-addresses", name: "of a remote", example: "gateway-addresses", edits: []edit{{"        discovery: addresses\n        addresses: [198.51.100.20]\n", "        discovery: ‹addresses›\n"}}},
		{codes: "discovery-without-gateway", name: "off", example: "mixed", edits: []edit{{"eastWestGateway: {enabled: false}", "eastWestGateway: {enabled: false, discovery: ‹addresses›, addresses: [203.0.113.77]}"}}},
		{codes: "gateway-resources", name: "before 1.26", edits: []edit{{`version: "1.31.1"`, `version: "1.25.5"`}, {"      network: network1\n", "      network: network1\n      eastWestGateway: {kind: gateway-api, ‹resources›: {limits: {memory: 1Gi}}}\n"}}},
	}
}
