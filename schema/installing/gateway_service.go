package installing

import (
	"fmt"
	"net/netip"

	"meshtopo.dev/meshtopo/schema/diag"
)

var gatewayService = &diag.Rule{
	Code: "gateway-service", Severity: diag.Error, Fixed: true,
	Title:  "a field of a gateway's Service that its type or another port does not allow",
	Why:    "the API server refuses the Service, and the gateway gets no address",
	Fix:    "delete it, or change serviceType",
	Source: "pkg/apis/core/validation/validation.go in kubernetes/kubernetes (ValidateService)",
	Bad:    `clusters: {cluster-a: {eastWestGateway: {loadBalancerClass: example.com/nlb, serviceType: NodePort, serviceAnnotations: {traffic.istio.io/nodeSelector: '{}'}}}}`,
	Good:   `clusters: {cluster-a: {eastWestGateway: {loadBalancerClass: example.com/nlb}}}`,
}

// otherPorts are the other ports of the Service, and what is there.
var otherPorts = map[int64]string{
	15000: "the administration of Envoy", 15001: "outbound traffic of sidecars", 15006: "inbound traffic of sidecars",
	15008: "HBONE of ambient clusters", 15012: "istiod", 15017: "istiod's webhooks", 15020: "the metrics of the agent",
	15021: "the health of the gateway", 15090: "the metrics of Envoy",
}

func (g gatewayFields) checkService() {
	gateway := g.EastWestGateway
	if use := otherPorts[gateway.Port]; use != "" && g.given("port") {
		g.report(gatewayService, "port", "port %d of the gateway of cluster %q is for %s", gateway.Port, g.Name, use).Fix = "choose another port"
	}
	if g.Broken(g.path("serviceType")...) {
		return
	}
	g.checkAddresses()
	balanced := gateway.ServiceType == "LoadBalancer"
	for _, name := range []string{"loadBalancerClass", "loadBalancerSourceRanges"} {
		if !balanced && g.given(name) && gateway.Service[name] != nil {
			g.report(gatewayService, name, "%s is for serviceType: LoadBalancer, and the gateway of cluster %q has %s", name, g.Name, gateway.ServiceType)
		}
	}
	const policy = "externalTrafficPolicy"
	if gateway.ServiceType == "ClusterIP" && gateway.Service["externalIPs"] == nil && g.given(policy) {
		g.report(gatewayService, policy, "%s is for a Service that is reached from outside, and the gateway of cluster %q has ClusterIP", policy, g.Name)
	}
}

// checkAddresses reports addresses and ranges that Kubernetes does not take for a Service.
func (g gatewayFields) checkAddresses() {
	for i, text := range g.Root().At(g.path("externalIPs")...).StringsAt() {
		a, err := netip.ParseAddr(text)
		if text != "" && (err != nil || a.IsUnspecified() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsMulticast()) {
			g.found.Add(g.Pos(g.path("externalIPs", fmt.Sprint(i))...), gatewayService, "%q is no address at which others reach a Service", text).Fix = "give an address that leads to a node"
		}
	}
	for i, text := range g.Root().At(g.path("loadBalancerSourceRanges")...).StringsAt() {
		if _, err := netip.ParsePrefix(text); text != "" && err != nil {
			g.found.Add(g.Pos(g.path("loadBalancerSourceRanges", fmt.Sprint(i))...), gatewayService, "%q is no address range", text).Fix = "write it like 198.51.100.0/24"
		}
	}
}
