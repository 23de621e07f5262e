package main

// Files of a cluster.
const (
	namespaceFile    = "1-prepare/namespace.yaml"
	readerFile       = "1-prepare/remote-reader.yaml"
	cacertsFile      = "2-secrets/cacerts.yaml"
	controlPlaneFile = "3-control-plane/istio-operator.yaml"
	eastWestFile     = "4-gateway/istio-operator.yaml"
	crossNetworkFile = "5-expose/cross-network-gateway.yaml"
	exposeIstiodFile = "5-expose/expose-istiod.yaml"
	ownFile          = "own.yaml" // that nobody rendered
)

// mutatedNetworks are mistakes about networks and the gateways between them.
func mutatedNetworks() []manifestMutation {
	const (
		two, mixed  = "two-clusters/cluster-a", "mixed/eu-1"
		gatewayName = "- name: istio-eastwestgateway"
	)
	return []manifestMutation{
		{"network of the control plane", mixed, controlPlaneFile, turn(`network: "eu"`, `network: "us"`), found("network-mismatch"), ""},
		{"network of the namespace", mixed, namespaceFile, turn(`network: "eu"`, `network: "us"`), found("network-mismatch"), ""},
		{"network in the gateway's label", mixed, eastWestFile, turn(`io/network: "eu"`, `io/network: "us"`), found("network-mismatch"), ""},
		{"network that the gateway sees", mixed, eastWestFile, turn(`value: "eu"`, `value: "us"`), found("network-mismatch"), ""},
		{"network in the gateway's values", mixed, eastWestFile, turn(`      network: "eu"`, `      network: "us"`), found("network-mismatch"), ""},
		{"network in the injection path", "mixed/us-2", controlPlaneFile, turn("/net/us", "/net/eu"), found("network-mismatch"), ""},
		{"network in capitals in the injection path", "mixed/us-2", controlPlaneFile, turn("/net/us", "/net/US"),
			and(found("network-mismatch"), found("remote-network-name")), "it is another network, and one that no webhook can name"},
		{"network of the namespace of a remote", "mixed/ap-1", namespaceFile, turn(`network: "ap"`, `network: "us"`), found("network-mismatch"), ""},
		{"network of a lone cluster's namespace", "single-cluster/cluster-a", namespaceFile, turn("network1", "network2"), found("network-mismatch"), ""},
		{"network with a slash", "multi-primary-one-network/cluster-a", namespaceFile, all(turn("network1", "net/1"), in("cluster-a/"+controlPlaneFile, turn("network1", "net/1"))),
			and(found("invalid-name"), foundIn("cluster-a/"+controlPlaneFile, "net/1", "invalid-name")), "each place names it"},
		{"no network of the control plane", two, controlPlaneFile, cut(`network: "network1"`), foundAt("kind: IstioOperator", "no-network-name"), ""},
		{"no network of the namespace", two, namespaceFile, cut("topology.istio.io/network"), foundAt("name: ", "namespace-without-network"), ""},
		{"no network in the gateway's label", two, eastWestFile, cut("topology.istio.io/network"), foundAt(gatewayName, "gateway-without-network"), ""},
		{"no network that the gateway sees", two, eastWestFile, cut("- name: ISTIO_META_REQUESTED_NETWORK_VIEW"), foundAt(gatewayName, "gateway-without-network-view"), ""},
		{"no gateway of a network", two, eastWestFile, deleted, foundIn("cluster-a/"+controlPlaneFile, `network: "network1"`, "network-without-gateway"), ""},
		{"no gateway of a remote's network", "mixed/ap-1", eastWestFile, deleted, foundIn("ap-1/"+controlPlaneFile, `network: "ap"`, "network-without-gateway"), ""},
		{"gateway turned off", two, eastWestFile, turn("enabled: true", "enabled: false"), foundIn("cluster-a/"+controlPlaneFile, `network: "network1"`, "network-without-gateway"), ""},

		{"gateway without labels", two, eastWestFile, cut("label:"), foundAt(gatewayName, "gateway-without-label"), ""},
		{"gateway without the label istio", two, eastWestFile, cut("istio: eastwestgateway"), foundAt(gatewayName, "gateway-without-label"), ""},
		{"gateway with the ingress gateway's label", two, eastWestFile, turn("istio: eastwestgateway", "istio: ingressgateway"), foundIn("cluster-a/"+crossNetworkFile, "selector:", "gateway-selects-nothing"),
			"which of the two labels is wrong is not known: the selector is marked"},
		{"gateway without an empty profile", two, eastWestFile, cut("profile: empty"), foundAt("spec:", "east-west-without-empty-profile"), ""},
		{"gateway with the default profile", two, eastWestFile, turn("profile: empty", "profile: default"), found("east-west-without-empty-profile"), ""},
		{"gateway without injection", two, eastWestFile, cut("injectionTemplate: gateway"), foundAt(gatewayName, "gateway-of-cluster-kubernetes"), ""},
		{"gateway of another revision", mixed, eastWestFile, turn("1-31-1", "1-30-2"), found("gateway-revision"), ""},
		{"gateway of no revision", mixed, eastWestFile, cut("revision:"), foundAt(gatewayName, "gateway-revision"), ""},
		{"gateway that mounts the CA", two, eastWestFile, add("      k8s:", "        volumes:\n        - name: certs\n          secret:\n            secretName: cacerts"), foundAt("secretName: cacerts", "ca-key-in-gateway"), ""},
		{"gateway as ClusterIP", two, eastWestFile, turn("LoadBalancer", "ClusterIP"), found("undiscoverable-gateway"), ""},
		{"gateway as NodePort without nodes", two, eastWestFile, turn("LoadBalancer", "NodePort"), found("undiscoverable-gateway"), ""},
		{"nodes of a gateway that are no JSON", "mixed/ap-1", eastWestFile, turn(`"{\"kubernetes.io/os\":\"linux\"}"`, `"kubernetes.io/os=linux"`), found("undiscoverable-gateway"), ""},

		{"no port 15443", two, eastWestFile, cut("- name: tls\n"), foundAt(gatewayName, "no-gateway-port"), ""},
		{"another port than 15443", two, eastWestFile, turn("port: 15443\n", "port: 443\n"), foundAt(gatewayName, "no-gateway-port"), ""},
		{"no port 15012 on a primary", mixed, eastWestFile, cut("- name: tls-istiod"), foundIn("eu-1/"+exposeIstiodFile, "\n      number: 15012\n", "port-not-open"), ""},
		{"no port 15017 on a primary", mixed, eastWestFile, cut("- name: tls-webhook"), foundIn("eu-1/"+exposeIstiodFile, "\n      number: 15017\n", "port-not-open"), ""},
		{"two ports of one number", two, eastWestFile, turn("            port: 15021\n", "            port: 15017\n"), foundAt("            port: 15017\n            targetPort: 15017", "port-twice"), ""},
		{"two ports of one name", two, eastWestFile, turn("name: tls-webhook", "name: tls"), found("port-twice"), ""},
		{"port that only root may open", two, eastWestFile, turn("targetPort: 15443", "targetPort: 443"), found("privileged-port"), ""},
		{"port in quotes", two, eastWestFile, turn("            port: 15021\n", "            port: \"15021\"\n"), found("wrong-istio-value"), ""},

		{"selector of the ingress gateway", two, crossNetworkFile, turn("istio: eastwestgateway", "istio: ingressgateway"), foundAt("selector:", "gateway-selects-nothing"), ""},
		{"selector of istiod's Gateway", mixed, exposeIstiodFile, turn("istio: eastwestgateway", "istio: eastwest"), foundAt("selector:", "gateway-selects-nothing"), ""},
		{"mode PASSTHROUGH", two, crossNetworkFile, turn("AUTO_PASSTHROUGH", "PASSTHROUGH"), found("not-auto-passthrough"), ""},
		{"no mode", two, crossNetworkFile, cut("tls:\n"), foundAt("number: 15443", "not-auto-passthrough"), ""},
		{"protocol HTTPS", two, crossNetworkFile, turn("protocol: TLS", "protocol: HTTPS"), found("not-auto-passthrough"), ""},
		{"port of the Gateway", two, crossNetworkFile, turn("number: 15443", "number: 443"), found("port-not-open"), ""},
		{"istiod's Gateway without tls", mixed, exposeIstiodFile, turn("      number: 15012\n      name: tls-istiod\n      protocol: TLS\n    tls:\n      mode: PASSTHROUGH\n", "      number: 15012\n      name: tls-istiod\n      protocol: TLS\n"),
			foundAt("  - port:\n      number: 15012\n", "server-without-tls"), ""},
		{"public hosts", two, crossNetworkFile, turn(`"*.local"`, `"*.example.com"`), found("uncovered-cluster-domain"), ""},
		{"hosts of another cluster domain", "multi-primary-multi-network/east-1", crossNetworkFile, turn("*.mesh.example.com", "*.local"), found("uncovered-cluster-domain"), ""},
		{"old version of the Gateway", two, crossNetworkFile, turn("networking.istio.io/v1\n", "networking.istio.io/v1alpha3\n"), found("old-gateway-version"), ""},
		{"second Gateway for the same hosts", two, "5-expose/again.yaml", all(listed, text("apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: again, namespace: istio-system}\nspec:\n  selector: {istio: eastwestgateway}\n  servers:\n"+
			"  - port: {number: 15443, name: tls, protocol: TLS}\n    tls: {mode: AUTO_PASSTHROUGH}\n    hosts: [\"*.shop.svc.cluster.local\"]\n")), foundIn("cluster-a/"+crossNetworkFile, "hosts:", "hosts-exposed-twice"), ""},

		{"no Gateway between networks", two, crossNetworkFile, deleted, foundIn("cluster-a/"+eastWestFile, "- name: istio-eastwestgateway", "services-not-exposed"), ""},
		{"no Gateway between networks in one of three", "multi-primary-multi-network/east-2", crossNetworkFile, deleted, foundIn("east-2/"+eastWestFile, "- name: istio-eastwestgateway", "services-not-exposed"), ""},
		{"no Gateway between networks beside istiod's", "primary-remote-multi-network/cluster-a", crossNetworkFile, deleted, foundIn("cluster-a/"+eastWestFile, "- name: istio-eastwestgateway", "services-not-exposed"), ""},
		{"no Gateway for istiod", "primary-remote-one-network/cluster-a", exposeIstiodFile, deleted, foundIn("cluster-a/"+controlPlaneFile, "kind: IstioOperator", "istiod-not-exposed"), ""},
		{"no Gateway for istiod beside one between networks", mixed, exposeIstiodFile, deleted, foundIn("eu-1/"+controlPlaneFile, "kind: IstioOperator", "istiod-not-exposed"), ""},
		{"route of the webhook to its own port", mixed, exposeIstiodFile, turn("number: 443\n", "number: 15017\n"), found("istiod-route"), ""},
		{"route of istiod to its plain port", mixed, exposeIstiodFile, turn("          number: 15012\n", "          number: 15010\n"), found("istiod-route"), ""},
		{"route to an istiod without revision", mixed, exposeIstiodFile, turn("host: \"istiod-1-31-1.istio-system.svc.cluster.local\"\n        port:\n          number: 443", "host: \"istiod.istio-system.svc.cluster.local\"\n        port:\n          number: 443"),
			found("istiod-host"), ""},
		{"names of an istiod without revision", mixed, exposeIstiodFile, turn("  - match:\n    - port: 15012\n      sniHosts: [\"istiod-1-31-1.istio-system.svc\",\"istiod-1-31-1.istio-system.svc.cluster.local\"]", "  - match:\n    - port: 15012\n      sniHosts: [\"istiod.istio-system.svc\",\"istiod.istio-system.svc.cluster.local\"]"),
			found("istiod-host"), ""},
		{"hosts of istiod's Gateway", mixed, exposeIstiodFile, turn("      name: tls-istiod\n      protocol: TLS\n    tls:\n      mode: PASSTHROUGH\n    hosts: [\"*\"]", "      name: tls-istiod\n      protocol: TLS\n    tls:\n      mode: PASSTHROUGH\n    hosts: [\"*.local\"]"),
			found("istiod-host"), ""},
		{"no server for the webhook", mixed, exposeIstiodFile, cut("\n  - port:\n      number: 15017"), foundAt("\n      number: 15012\n", "istiod-not-exposed"), ""},
		{"no server for istiod", mixed, exposeIstiodFile, cut("\n  - port:\n      number: 15012"), foundIn("eu-1/"+controlPlaneFile, "kind: IstioOperator", "istiod-not-exposed"), ""},
		{"no route for the webhook", mixed, exposeIstiodFile, cut("  - match:\n    - port: 15017"), foundAt("\n      number: 15017\n", "istiod-unrouted"), ""},
		{"VirtualService in another namespace", mixed, exposeIstiodFile, turn("name: \"istiod-vs-1-31-1\"\n  namespace: \"istio-system\"", "name: \"istiod-vs-1-31-1\"\n  namespace: default"), foundAt("gateways: [istiod-gateway]", "unknown-gateway"), ""},
		{"name of the namespace", two, namespaceFile, turn(`name: "istio-system"`, "name: istio"), found("namespace-without-network"), ""},
		{"VirtualService of a Gateway that is not there", mixed, exposeIstiodFile, turn("[istiod-gateway]", "[istiod-gatway]"), found("unknown-gateway"), ""},
		{"istiod exposed for nobody", two, exposeIstiodFile, all(listed, text("apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: istiod-gateway, namespace: istio-system}\nspec:\n  selector: {istio: eastwestgateway}\n  servers:\n"+
			"  - port: {number: 15012, name: tls-istiod, protocol: TLS}\n    tls: {mode: PASSTHROUGH}\n    hosts: [\"*\"]\n"+
			"---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: istiod-vs, namespace: istio-system}\nspec:\n  hosts: [\"*\"]\n  gateways: [istiod-gateway]\n  tls:\n  - match: [{port: 15012, sniHosts: [\"*\"]}]\n"+
			"    route: [{destination: {host: istiod.istio-system.svc.cluster.local, port: {number: 15012}}}]\n")), foundAt("number: 15012, name", "exposed-without-remotes"), ""},
		{"mutual TLS off in the mesh", two, ownFile, text("apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default, namespace: istio-system}\nspec:\n  mtls:\n    mode: DISABLE\n"),
			foundAt("mode: DISABLE", "mesh-without-mtls"), ""},
		{"calls without mutual TLS", two, ownFile, text("apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: default, namespace: istio-system}\nspec:\n  host: \"*.local\"\n  trafficPolicy:\n    tls:\n      mode: DISABLE\n"),
			foundAt("mode: DISABLE", "calls-without-mtls"), ""},
		{"Service with other ports elsewhere", two, ownFile, all(text("apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec:\n  ports:\n  - {name: http, port: 80}\n"),
			in("cluster-b/"+ownFile, text("apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec:\n  ports:\n  - {name: http, port: 8080}\n"))),
			foundIn("cluster-b/"+ownFile, "name: web", "service-ports-differ"), ""},

		{"meshNetworks of the Kubernetes kind", two, controlPlaneFile, add(`      network: "network1"`, "      meshNetworks:\n        networks:\n          network1:\n            gateways:\n            - {address: 203.0.113.10, port: 15443}"), foundAt("        networks:", "mesh-networks-form"), ""},
		{"range on two networks", two, controlPlaneFile, add(`      network: "network1"`, "      meshNetworks:\n        network1:\n          endpoints:\n          - {fromCidr: 10.0.0.0/8}\n        network2:\n          endpoints:\n          - {fromCidr: 10.9.0.0/16}"),
			foundAt("10.9.0.0/16", "mesh-networks-overlap"), ""},
		{"network that is filled in later", two, eastWestFile, turn(`      network: "network1"`, "      network: ${NETWORK}"), found("placeholder-skipped"), ""},
		{"registry of a cluster that is none", two, controlPlaneFile, add(`      network: "network1"`, "      meshNetworks:\n        network1:\n          endpoints:\n          - {fromRegistry: cluster-x}"), foundAt("cluster-x", "mesh-networks-registry"), ""},
		{"range that is none", two, controlPlaneFile, add(`      network: "network1"`, "      meshNetworks:\n        network1:\n          endpoints:\n          - {fromCidr: 10.0.0.0}"), foundAt("fromCidr", "mesh-networks-form"), ""},
		{"cluster on two networks", two, controlPlaneFile, add(`      network: "network1"`, "      meshNetworks:\n        network1:\n          endpoints:\n          - {fromRegistry: cluster-a}\n        network2:\n          endpoints: [{fromRegistry: cluster-a}]"),
			foundAt("endpoints: [", "registry-of-two-networks"), ""},
		{"port of a gateway in meshNetworks", two, controlPlaneFile, add(`      network: "network1"`, "      meshNetworks:\n        network1:\n          gateways:\n          - {address: 203.0.113.10, port: 154430}"), foundAt("port: 154430", "mesh-networks-form"), ""},
		{"listener of an ambient gateway", two, ownFile, text("apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: ambient\n  namespace: istio-system\n  labels: {topology.istio.io/network: network1}\n" +
			"spec:\n  gatewayClassName: istio-east-west\n  listeners:\n  - name: mesh\n    port: 15008\n    protocol: TLS\n    tls: {mode: Terminate}\n"), foundAt("port: 15008", "east-west-listener"), ""},
		{"address of a gateway elsewhere, without type", two, ownFile, text("apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: elsewhere\n  namespace: istio-system\n  labels: {topology.istio.io/network: network2}\n" +
			"spec:\n  gatewayClassName: istio-remote\n  addresses:\n  - value: gateway.example.com\n  listeners:\n  - {name: cross-network, port: 15443, protocol: TLS, tls: {mode: Passthrough}}\n"), foundAt("value: gateway.example.com", "remote-gateway-address"), ""},
	}
}
