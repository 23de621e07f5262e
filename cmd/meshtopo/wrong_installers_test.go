package main

import (
	"fmt"
	"strings"
)

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
		{codes: "installer-setting", name: "a value that ZTunnel lacks", edits: with("version: \"1.30.3\"\n    installer: sail\n    components: {ztunnel: {enabled: true}}\n    values: {ztunnel: {resourceScope: ‹all›}}")},
		{codes: "revision-tag", name: "called default", edits: with("version: \"1.30.3\"\n    installer: sail\n    values: {revisionTags: [‹default›]}")},
		{codes: "revision-tag", name: "of the revision with its version", edits: with("version: \"1.30.3\"\n    installer: sail\n    updateStrategy: RevisionBased\n    values: {revisionTags: [default, ‹default-v1-30-3›]}")},
		{codes: "revision-tag", name: "in a remote", example: "primary-remote-multi-network", edits: []edit{{`{version: "1.28.3"}`, `{version: "1.28.3", installer: sail, values: {‹revisionTags›: [stable]}}`}}},
		{codes: "update-strategy", name: "with helm", edits: with("version: \"1.31.1\"\n    installer: helm\n    updateStrategy: ‹RevisionBased›")},
		{codes: "update-strategy", name: "of a remote", example: "primary-remote-multi-network", edits: []edit{{`{version: "1.28.3"}`, `{version: "1.28.3", installer: sail, updateStrategy: RevisionBased}`},
			{"      primary: cluster-a\n", "      primary: cluster-a\n      istio: {updateStrategy: ‹InPlace›}\n"}}},
		{codes: "unknown-value", name: "another strategy", edits: with("version: \"1.30.3\"\n    installer: sail\n    updateStrategy: ‹Canary›")},
		{codes: "gateway-kind", name: "an IstioOperator with helm", edits: []edit{{"      network: network1\n", "      network: network1\n      istio: {installer: helm}\n      eastWestGateway: {kind: ‹operator›}\n"}}},
		{codes: "gateway-kind", name: "a chart with istioctl", edits: []edit{{"      network: network1\n", "      network: network1\n      eastWestGateway: {kind: ‹chart›}\n"}}},
		{codes: "gateway-kind", name: "a chart with sail", edits: []edit{{`version: "1.31.1"`, `version: "1.30.3"`}, {"      network: network1\n", "      network: network1\n      istio: {installer: sail}\n      eastWestGateway: {kind: ‹chart›}\n"}}},
		{codes: "gateway-kind", name: "a Gateway in a remote", example: "primary-remote-multi-network", edits: []edit{{"      primary: cluster-a\n", "      primary: cluster-a\n      eastWestGateway: {kind: ‹gateway-api›}\n"}}},
		{codes: "gateway-setting", name: "resources before 1.26", edits: []edit{{`version: "1.31.1"`, `version: "1.25.5"`}, {"      network: network1\n", "      network: network1\n      eastWestGateway: {kind: gateway-api, ‹resources›: {limits: {memory: 1Gi}}}\n"}}},
		{codes: "gateway-setting gateway-setting", name: "pods before 1.26", edits: []edit{{`version: "1.31.1"`, `version: "1.25.5"`}, {"      network: network1\n", "      network: network1\n      eastWestGateway: {kind: gateway-api, ‹tolerations›: [{key: edge, operator: Exists}], replicas: ‹3›}\n"}}},
		{codes: "gateway-service gateway-service", name: "ranges of a NodePort", edits: []edit{{"      network: network1\n", "      network: network1\n      eastWestGateway: {serviceType: NodePort, serviceAnnotations: {traffic.istio.io/nodeSelector: '{}'}, ‹loadBalancerSourceRanges›: [10.0.0.0/8], loadBalancerClass: ‹example.com/nlb›}\n"}}},
		{codes: "gateway-service", name: "a port that has a use", edits: []edit{{"      network: network1\n", "      network: network1\n      eastWestGateway: {port: ‹15017›}\n"}}},
		{codes: "gateway-setting", name: "more hosts than listeners", edits: []edit{{`exposedHosts: ["*.local"]`, "‹exposedHosts›: [" + manyHosts() + "]"},
			{"      network: network1\n", "      network: network1\n      eastWestGateway: {kind: gateway-api}\n"}}},
		{codes: "gateway-scale", name: "two ways", edits: []edit{{"      network: network1\n", "      network: network1\n      eastWestGateway: {replicas: ‹3›, autoscaling: {maxReplicas: 3}}\n"}}},
		{codes: "gateway-scale", name: "a budget for one", edits: []edit{{"      network: network1\n", "      network: network1\n      eastWestGateway: {autoscaling: {maxReplicas: 3}, ‹podDisruptionBudget›: {maxUnavailable: 1}}\n"}}},
		{codes: "gateway-pod gateway-pod", name: "taints and constraints", edits: []edit{{"      network: network1\n", "      network: network1\n      eastWestGateway: {tolerations: [{key: edge, ‹operater›: Exists}], topologySpreadConstraints: [{‹maxSkew›: 1, topologyKey: zone}]}\n"}}},
		{codes: "gateway-pod", name: "affinity", edits: []edit{{"      network: network1\n", "      network: network1\n      eastWestGateway: {affinity: {podAntiAffinity: {‹preferredDuringScheduling›: []}}}\n"}}},
		{codes: "gateway-out-of-scope", name: "of a primary", edits: []edit{{`version: "1.31.1"`, "version: \"1.31.1\"\n    values: {pilot: {env: {PILOT_SCOPE_GATEWAY_TO_NAMESPACE: \"true\"}}}"}, {"      network: network1\n", "      network: network1\n      eastWestGateway: {namespace: ‹istio-gateways›}\n"}}},
		{codes: "invalid-value invalid-value invalid-value", name: "values", edits: []edit{{"      network: network1\n", "      network: network1\n      eastWestGateway: {port: ‹0›, replicas: ‹-1›, externalIPs: [‹gw.example.com›]}\n"}}},
		{codes: "gateway-scale invalid-value", name: "numbers of an autoscaler", edits: []edit{{"      network: network1\n", "      network: network1\n      eastWestGateway: {autoscaling: {minReplicas: 4, maxReplicas: ‹3›, targetCPUUtilizationPercentage: ‹0›}}\n"}}},
		{codes: "invalid-value wrong-type", name: "a least number", edits: []edit{{"      network: network1\n", "      network: network1\n      eastWestGateway: {autoscaling: {minReplicas: ‹0›, maxReplicas: ‹many›}}\n"}}},
		{codes: "invalid-name invalid-value missing-field", name: "of pods", edits: []edit{{"      network: network1\n", "      network: network1\n      eastWestGateway: {nodeSelector: {‹two words›: a}, priorityClassName: ‹High›, imagePullSecrets: [‹{›}]}\n"}}},
		{codes: "wrong-type invalid-value wrong-type", name: "names of pods", edits: []edit{{"      network: network1\n", "      network: network1\n      eastWestGateway: {‹nodeSelector›: [], imagePullSecrets: [{name: ‹Registry›}], ‹priorityClassName›: []}\n"}}},
		{codes: "wrong-type unknown-value missing-field", name: "more values", edits: []edit{{"      network: network1\n", "      network: network1\n      eastWestGateway: {port: ‹yes-443›, externalTrafficPolicy: ‹local›, ‹autoscaling›: {minReplicas: 2}}\n"}}},
		{codes: "unknown-value", name: "another way to find a gateway", edits: []edit{{"      network: network1\n", "      network: network1\n      eastWestGateway: {discovery: ‹dns›}\n"}}},
		{codes: "discovery-without-addresses", name: "none", edits: []edit{{"      network: network1\n", "      network: network1\n      eastWestGateway: {serviceType: ClusterIP, discovery: ‹addresses›}\n"}}},
		{codes: "discovery-without-addresses", name: "of a remote", example: "gateway-addresses", edits: []edit{{"        discovery: addresses\n        addresses: [198.51.100.20]\n", "        discovery: ‹addresses›\n"}}},
		{codes: "discovery-without-gateway", name: "off", example: "mixed", edits: []edit{{"eastWestGateway: {enabled: false}", "eastWestGateway: {enabled: false, discovery: ‹addresses›, addresses: [203.0.113.77]}"}}},
	}
}

// manyHosts gives one more host than a Gateway has listeners, but for two.
func manyHosts() string {
	hosts := []string{`"*.local"`}
	for i := range 62 {
		hosts = append(hosts, fmt.Sprintf("h%d.example.com", i))
	}
	return strings.Join(hosts, ", ")
}
