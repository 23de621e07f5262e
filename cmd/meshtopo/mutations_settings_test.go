package main

// mutatedSettings are settings of Istio that break a mesh of several clusters.
func mutatedSettings() []manifestMutation {
	const (
		two, remote = "two-clusters/cluster-a", "primary-remote-multi-network/cluster-a"
		logs        = "    accessLogFile: /dev/stdout"
		service     = "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec:\n  ports:\n  - {name: http, port: 80}\n"
	)
	istiod := func(name, cluster, variables, line, code string) manifestMutation {
		return manifestMutation{name, cluster, controlPlaneFile, add("  values:", "    pilot:\n      env:\n"+variables), foundAt(line, code), ""}
	}
	gateway := func(name, annotation, code string) manifestMutation {
		return manifestMutation{name, two, eastWestFile, add("      k8s:", "        serviceAnnotations:\n          "+annotation), foundAt(annotation, code), ""}
	}
	elsewhere := in("cluster-b/"+ownFile, text(service))
	return []manifestMutation{
		{"no automatic mutual TLS", two, controlPlaneFile, add(logs, "    enableAutoMtls: false"), found("auto-mtls-off"), ""},
		{"every Service in its cluster", two, controlPlaneFile, add(logs, "    serviceSettings: [{settings: {clusterLocal: true}, hosts: [\"*\"]}]"), found("nothing-shared"), ""},
		{"Services for their own namespace", two, controlPlaneFile, add(logs, "    defaultServiceExportTo: [\".\"]"), found("services-not-exported"), ""},
		{"namespaces that are not discovered", two, controlPlaneFile, add(logs, "    discoverySelectors: [{matchLabels: {team: shop}}]"), found("hidden-from-discovery"), ""},
		istiod("the ambient flag beside sidecars", two, "        PILOT_ENABLE_AMBIENT: \"true\"\n        AMBIENT_ENABLE_MULTI_NETWORK: \"true\"", "AMBIENT_ENABLE_MULTI_NETWORK", "ambient-flag-with-sidecars"),
		istiod("no host for other clusters", two, "        ENABLE_MCS_SERVICE_DISCOVERY: \"true\"\n        ENABLE_MCS_CLUSTER_LOCAL: \"true\"", "ENABLE_MCS_CLUSTER_LOCAL", "nothing-shared"),
		istiod("every other cluster is waited for", two, "        PILOT_REMOTE_CLUSTER_TIMEOUT: 0s", "PILOT_REMOTE_CLUSTER_TIMEOUT", "waits-for-every-cluster"),
		istiod("one namespace is watched", two, "        ISTIO_WATCH_NAMESPACE: shop", "ISTIO_WATCH_NAMESPACE", "watches-one-namespace"),
		istiod("kubeconfigs of a directory", two, "        PILOT_MULTICLUSTER_KUBECONFIG_PATH: /etc/kubeconfigs", "PILOT_MULTICLUSTER_KUBECONFIG_PATH", "remote-secrets-not-read"),
		istiod("webhooks without a CA", remote, "        INJECTION_WEBHOOK_CONFIG_NAME: \"\"", "INJECTION_WEBHOOK_CONFIG_NAME", "webhook-not-patched"),
		{"host names that nobody resolves", two, controlPlaneFile, all(add("  values:", "    pilot:\n      env:\n        RESOLVE_HOSTNAME_GATEWAYS: \"false\""),
			in("cluster-b/"+eastWestFile, add("      k8s:", "        serviceAnnotations:\n          service.beta.kubernetes.io/aws-load-balancer-type: nlb"))), foundAt("RESOLVE_HOSTNAME_GATEWAYS", "hostname-not-resolved"), ""},
		{"a gateway elsewhere that is not read", two, controlPlaneFile, all(add("  values:", "    pilot:\n      env:\n        PILOT_MULTI_NETWORK_DISCOVER_GATEWAY_API: \"false\""),
			in("cluster-a/"+ownFile, text("apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: elsewhere\n  namespace: istio-system\n  labels: {topology.istio.io/network: network2}\n"+
				"spec:\n  gatewayClassName: istio-remote\n  addresses: [{type: IPAddress, value: 203.0.113.20}]\n  listeners:\n  - name: cross-network\n    port: 15443\n    protocol: TLS\n"+
				"    tls: {mode: Passthrough, options: {gateway.istio.io/listener-protocol: auto-passthrough}}\n"))), foundAt("PILOT_MULTI_NETWORK_DISCOVER_GATEWAY_API", "gateway-not-read"), ""},

		{"a ztunnel of another cluster", two, ownFile, text("network: network1\nmultiCluster:\n  clusterName: cluster-b\n"), foundAt("clusterName: cluster-b", "ztunnel-differs"), ""},
		{"a tag with the name of a revision", two, ownFile, text("apiVersion: sailoperator.io/v1\nkind: Istio\nmetadata: {name: canary}\nspec:\n  version: v1.31.1\n  namespace: istio-system\n" +
			"  values: {global: {meshID: shop, network: network1, multiCluster: {clusterName: cluster-a}}}\n---\n" +
			"apiVersion: sailoperator.io/v1\nkind: IstioRevisionTag\nmetadata: {name: \"canary\"}\nspec: {targetRef: {kind: Istio, name: canary}}\n"),
			foundAt("name: \"canary\"", "revision-tag"), ""},
		{"a kind of an operator that is gone", two, ownFile, text("apiVersion: maistra.io/v2\nkind: ServiceMeshControlPlane\nmetadata: {name: basic, namespace: istio-system}\n"),
			foundAt("ServiceMeshControlPlane", "removed-kind"), ""},
		{"an IstioOperator in a text", two, ownFile, text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: operator, namespace: istio-system}\ndata:\n  a.yaml: |\n    apiVersion: install.istio.io/v1alpha1\n    kind: IstioOperator\n"),
			foundAt("a.yaml: |", "istio-skipped"), ""},
		{"a CNI plugin that the remote lacks", remote, controlPlaneFile, add("spec:", "  components: {cni: {enabled: true}}"), found("cni-differs"), ""},
		{"an IPv6 address for an old remote", "primary-remote-multi-network/cluster-b", controlPlaneFile, all(turn("203.0.113.10", "2001:db8::10"), add("spec:", "  tag: 1.28.3")), foundAt("remotePilotAddress", "remote-takes-ipv4"), ""},
		{"a primary at the ports of nodes", remote, eastWestFile, all(turn("LoadBalancer", "NodePort"),
			add("      k8s:", "        serviceAnnotations: {traffic.istio.io/nodeSelector: '{\"kubernetes.io/os\":\"linux\"}'}")), foundAt(`type: "NodePort"`, "node-port-for-remotes"), ""},
		gateway("a load balancer that ends TLS", "service.beta.kubernetes.io/aws-load-balancer-ssl-cert: arn:aws:acm:x", "gateway-ends-tls"),
		gateway("a load balancer that speaks HTTP", "load-balancer.hetzner.cloud/protocol: http", "gateway-ends-tls"),
		gateway("a load balancer with a PROXY header", "load-balancer.hetzner.cloud/uses-proxyprotocol: \"true\"", "gateway-proxy-protocol"),
		{"mutual TLS off in a namespace", two, ownFile, all(text("apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default, namespace: shop}\nspec:\n  mtls:\n    mode: DISABLE\n"), elsewhere),
			foundAt("mode: DISABLE", "namespace-without-mtls"), ""},
		{"mutual TLS off for a host", two, ownFile, all(text("apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: web, namespace: shop}\nspec:\n  host: web\n  trafficPolicy:\n    tls:\n      mode: DISABLE\n"), elsewhere),
			foundAt("mode: DISABLE", "calls-without-mtls"), ""},
	}
}
