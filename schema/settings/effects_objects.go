package settings

// objectEffects are parts of objects that users apply or have rendered.
var objectEffects = []Effect{
	{Setting: "Service metadata.annotations (of a gateway)", Verdict: Refused, Code: GatewayEndsTLS.Code,
		Does:   "load balancers that end TLS, speak HTTP or leave out a port at 15443 take away what the gateway routes by. Those of Google pass everything through; those of Azure can leave out a port",
		Source: GatewayEndsTLS.Source},
	{Setting: "Service metadata.annotations (of a gateway, PROXY protocol)", Verdict: Warned, Code: GatewayProxyProtocol.Code,
		Does: "a header before the TLS handshake, which the gateway takes only where it is told to", Source: GatewayProxyProtocol.Source},
	{Setting: "Service spec.type (of a gateway of a primary with remotes)", Verdict: Warned, Code: NodePortForRemotes.Code,
		Does: "remotes call istiod at ports 15012 and 15017, where no node listens", Source: NodePortForRemotes.Source},
	{Setting: "PeerAuthentication spec.mtls.mode", Verdict: Warned, Code: NamespaceWithoutMTLS.Code,
		Does: "DISABLE, for the mesh (mesh-without-mtls) or a namespace: endpoints on other networks are skipped", Source: "pilot/pkg/xds/endpoints/mtls_checker.go, ep_filters.go"},
	{Setting: "DestinationRule spec.trafficPolicy.tls.mode", Verdict: Warned, Code: PlaintextCalls.Code,
		Does: "any mode but ISTIO_MUTUAL: endpoints on other networks are skipped", Source: "pilot/pkg/xds/endpoints/mtls_checker.go, ep_filters.go"},
	{Setting: "Service metadata.annotations (networking.istio.io/exportTo)", Verdict: Unjudged,
		Does: "gateways between networks route to no Service that their namespace may not see, and reset calls to it. Manifests say neither whether a Service that is kept to " +
			"its namespace is called there from another network, nor whether its pods have sidecars; of the default for all Services, services-not-exported tells",
		Source: "pilot/pkg/serviceregistry/kube/conversion.go, pilot/pkg/model/push_context.go"},
	{Setting: "Service spec.clusterIP (None)", Verdict: Unjudged,
		Does: "without DNS capture a client finds the pods of a headless Service in its own cluster only. Manifests do not say from where a Service is called; " +
			"for a topology without DNS capture there is the note dns-capture-off",
		Source: "https://istio.io/latest/docs/ops/configuration/traffic-management/dns-proxy/"},
}
