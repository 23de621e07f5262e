package installer

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/schema/owned"
)

// ownedGateway are the fields of templates/istioctl/eastwest-gateway.yaml that others count on, and the settings of the
// mesh that would count here too.
func (g operatorGateway) ownedGateway() []patch.Owned {
	fields := []patch.Owned{
		patch.Own("spec.profile", lostProfile, "leave it"),
		patch.Own("spec.installPackagePath", lostProfile, "leave it"),
		patch.Own("spec.revision", LostRevision, "change "+patch.AnyCluster+"istio.revision"),
	}
	ourName := []string{"components", "ingressGateways", "[name=istio-eastwestgateway]", "name"}
	for _, component := range []string{"base", "pilot", "cni", "ztunnel"} {
		o := patch.Own("spec.components."+component, secondInstall, "patch control-plane")
		fields = append(fields, o.Allowing(map[string]bool{"enabled": false}))
	}
	for _, s := range owned.Settings(g.Topology, g.Cluster) {
		if s.Path[0] == "components" && s.Path[1] == "pilot" || slices.Equal(s.Path, ourName) {
			continue // no istiod is installed here, but the gateway is
		}
		o := ownedSetting(s)
		if s.Path[len(s.Path)-1] == "profile" {
			o.Allowed = "" // that of the control plane
		}
		fields = append(fields, o)
	}
	return slices.Concat(fields, g.ownedGatewayValues(), g.ownedGatewayComponent())
}

// ownedGatewayValues are the values of the gateway's chart that its component does not set.
func (g operatorGateway) ownedGatewayValues() []patch.Owned {
	var fields []patch.Owned
	for _, values := range []string{"values", "unvalidatedValues"} {
		chart := "spec." + values + ".gateways.istio-ingressgateway."
		fields = append(fields, patch.Own(chart+"injectionTemplate", lostInjection, "leave it"),
			patch.Own(chart+"customService", lostGateway, "leave it").Allowing(false))
		fields = append(fields, ownedAnnotations(chart+"podAnnotations.")...)
	}
	return fields
}

// ownedAnnotations are those of the gateway's pod that make a proxy of it.
func ownedAnnotations(path string) []patch.Owned {
	return []patch.Owned{
		patch.Own(path+`inject\.istio\.io/templates`, lostInjection, "leave it").Allowing("gateway"),
		patch.Own(path+`sidecar\.istio\.io/inject`, lostInjection, "leave it").Allowing("true"),
		patch.Own(path+"$patch", lostInjection, "leave it"), // a strategic merge: it would delete what the chart gives
	}
}

// ownedGatewayComponent are the fields of the gateway itself.
func (g operatorGateway) ownedGatewayComponent() []patch.Owned {
	const gateway = "spec.components.ingressGateways.[name=istio-eastwestgateway]."
	return append([]patch.Owned{
		patch.Own(gateway+"name", lostGateway, "leave it"),
		patch.Own(gateway+"enabled", lostGateway, "set "+patch.AnyCluster+"eastWestGateway.enabled"),
		patch.Own(gateway+"namespace", lostGateway, "change "+patch.AnyCluster+"eastWestGateway.namespace"),
		patch.Own(gateway+`label.topology\.istio\.io/network`, LostNetwork, "change "+patch.AnyCluster+"network"),
		patch.Own(gateway+"label.istio", LostSelector, "leave it"),
		patch.Own(gateway+"label.app", LostSelector, "leave it"),
		patch.Own(gateway+`label.istio\.io/rev`, LostRevision, "set istio.revision").Allowing(g.GatewayLabel()),
		patch.Own(gateway+`label.sidecar\.istio\.io/inject`, lostInjection, "leave it").Allowing("true"),
		patch.Own(gateway+`label.topology\.istio\.io/cluster`, lostCluster, "leave it").Allowing(g.Name),
		patch.Own(gateway+"k8s.env.[name=ISTIO_META_REQUESTED_NETWORK_VIEW]", lostView, "change "+patch.AnyCluster+"network"),
		patch.Own(gateway+"k8s.service.selector", lostGateway, "leave it"),
		patch.Own(gateway+"k8s.service.type", lostGateway, "set "+patch.AnyCluster+"eastWestGateway.serviceType"),
		patch.Own(gateway+"k8s.service.ports", LostPort, "add a port beside it").Keeping("name", "port"),
		patch.Own(gateway+"k8s.overlays", lostGateway, "delete it; what may be changed has a field below k8s").Refusing(owned.RefuseOverlay(overlaidGateway)),
	}, ownedAnnotations(gateway+"k8s.podAnnotations.")...)
}

// isPort reports whether a part of the gateway is a port of its Service.
func isPort(o owned.Overlaid) bool { return strings.HasPrefix(o.Path, "spec.ports.") }

// overlaidGateway are the parts of the east-west gateway's objects that an overlay must not change.
var overlaidGateway = slices.Concat([]owned.Overlaid{
	{Kind: "Deployment", Path: "spec.selector", Why: LostSelector},
	{Kind: "Deployment", Path: "spec.template.metadata.labels.istio", Why: LostSelector},
	{Kind: "Deployment", Path: "spec.template.metadata.labels.app", Why: LostSelector},
	{Kind: "Deployment", Path: `spec.template.metadata.labels.topology\.istio\.io/network`, Why: LostNetwork},
	{Kind: "Deployment", Path: `spec.template.metadata.labels.topology\.istio\.io/cluster`, Why: lostCluster},
	{Kind: "Deployment", Path: `spec.template.metadata.labels.istio\.io/rev`, Why: LostRevision},
	{Kind: "Deployment", Path: `spec.template.metadata.labels.sidecar\.istio\.io/inject`, Why: lostInjection},
	{Kind: "Deployment", Path: `spec.template.metadata.annotations.sidecar\.istio\.io/inject`, Why: lostInjection},
	{Kind: "Deployment", Path: `spec.template.metadata.annotations.inject\.istio\.io/templates`, Why: lostInjection},
	{Kind: "Deployment", Path: "spec.template.spec.containers.[name=istio-proxy].env.[name=ISTIO_META_REQUESTED_NETWORK_VIEW]", Why: lostView},
	{Kind: "Service", Path: "metadata.labels.istio", Why: LostSelector},
	{Kind: "Service", Path: "metadata.labels.app", Why: LostSelector},
	{Kind: "Service", Path: `metadata.labels.topology\.istio\.io/network`, Why: LostNetwork},
	{Kind: "Service", Path: "spec.selector", Why: LostSelector},
	{Kind: "Service", Path: "spec.type", Why: lostGateway},
	{Kind: "Service", Path: "spec.ports.[port=15021|name=status-port]", Why: LostPort},
	{Kind: "Service", Path: "spec.ports.[port=15443|name=tls]", Why: LostPort},
	{Kind: "Service", Path: "spec.ports.[port=15012|name=tls-istiod]", Why: LostPort},
	{Kind: "Service", Path: "spec.ports.[port=15017|name=tls-webhook]", Why: LostPort},
}, owned.OverlaidGateway)
