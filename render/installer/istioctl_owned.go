package installer

import (
	"slices"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/owned"
)

const (
	lostView      = "without its own network's view the gateway also sends traffic to other networks' endpoints, which it cannot reach"
	lostInjection = "without the gateway's injection template its pod is no proxy, and stays in ImagePullBackOff with the image \"auto\""
	lostProfile   = "given to istioctl together, each IstioOperator's profile decides what is installed and what is deleted"
	lostImages    = "components and sidecars would come from other images than the topology says"
	lostGateway   = "the gateway would not be the one that other clusters and the Gateway resources look for"
	lostVolume    = "istiod reads other clusters by the files of this volume: without one of them that cluster disappears"
	lostCluster   = "what goes by this label would take the gateway for one of another cluster"
	secondInstall = "the IstioOperator of " + layout.ControlPlane + " installs it: each install would undo the other"
)

// ownedControlPlane are the fields that templates/istioctl/control-plane-*.yaml fill, and the settings that package
// schema refuses below istio as well.
func (i istioctl) ownedControlPlane() []patch.Owned {
	fields := []patch.Owned{
		patch.Own("spec.profile", lostProfile, "change "+patch.AnyCluster+"istio.profile"),
		patch.Own("spec.installPackagePath", lostProfile, "leave it"),
		patch.Own("spec.revision", LostRevision, "change "+patch.AnyCluster+"istio.revision"),
	}
	if i.Istio.Hub != "" {
		fields = append(fields, patch.Own("spec.hub", lostImages, "change "+patch.AnyCluster+"istio.hub"))
	}
	if i.Istio.Tag != "" {
		fields = append(fields, patch.Own("spec.tag", lostImages, "change "+patch.AnyCluster+"istio.tag"))
	}
	for _, s := range owned.Settings(i.Topology, i.Cluster) {
		fields = append(fields, ownedSetting(s))
	}
	if len(i.Topology.Mounted(i.Cluster)) > 0 {
		for _, list := range []string{"volumes", "volumeMounts"} {
			fields = append(fields, patch.Own("spec.values.pilot."+list+".[name="+schema.KubeconfigVolume+"]", lostVolume, "change secrets.remote"))
		}
	}
	return fields
}

// ownedSetting is a setting of the topology in an IstioOperator.
func ownedSetting(s owned.Setting) patch.Owned {
	o := patch.Owned{Path: slices.Concat([]string{"spec"}, s.Path), Items: s.Items, Why: s.Why, Fix: "leave it: it follows from " + s.Field}
	switch {
	case s.Items != nil:
		o.Fix = "delete it; what may be changed has a setting"
	case s.Want != nil:
		return o.Allowing(s.Want)
	}
	return o
}

// ownedGateway are the fields of templates/istioctl/eastwest-gateway.yaml that others count on, and the settings of the
// mesh that would count here too.
func (i istioctl) ownedGateway() []patch.Owned {
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
	for _, s := range owned.Settings(i.Topology, i.Cluster) {
		if s.Path[0] == "components" && s.Path[1] == "pilot" || slices.Equal(s.Path, ourName) {
			continue // no istiod is installed here, but the gateway is
		}
		o := ownedSetting(s)
		if s.Path[len(s.Path)-1] == "profile" {
			o.Allowed = "" // that of the control plane
		}
		fields = append(fields, o)
	}
	return slices.Concat(fields, i.ownedGatewayValues(), i.ownedGatewayComponent())
}

// ownedGatewayValues are the values of the gateway's chart that its component does not set.
func (i istioctl) ownedGatewayValues() []patch.Owned {
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
func (i istioctl) ownedGatewayComponent() []patch.Owned {
	const gateway = "spec.components.ingressGateways.[name=istio-eastwestgateway]."
	return append([]patch.Owned{
		patch.Own(gateway+"name", lostGateway, "leave it"),
		patch.Own(gateway+"enabled", lostGateway, "set "+patch.AnyCluster+"eastWestGateway.enabled"),
		patch.Own(gateway+"namespace", lostGateway, "leave it"),
		patch.Own(gateway+`label.topology\.istio\.io/network`, LostNetwork, "change "+patch.AnyCluster+"network"),
		patch.Own(gateway+"label.istio", LostSelector, "leave it"),
		patch.Own(gateway+"label.app", LostSelector, "leave it"),
		patch.Own(gateway+`label.istio\.io/rev`, LostRevision, "set istio.revision").Allowing(i.Istio.Revision),
		patch.Own(gateway+`label.sidecar\.istio\.io/inject`, lostInjection, "leave it").Allowing("true"),
		patch.Own(gateway+`label.topology\.istio\.io/cluster`, lostCluster, "leave it").Allowing(i.Name),
		patch.Own(gateway+"k8s.env.[name=ISTIO_META_REQUESTED_NETWORK_VIEW]", lostView, "change "+patch.AnyCluster+"network"),
		patch.Own(gateway+"k8s.service.selector", lostGateway, "leave it"),
		patch.Own(gateway+"k8s.service.type", lostGateway, "set "+patch.AnyCluster+"eastWestGateway.serviceType"),
		patch.Own(gateway+"k8s.service.ports", LostPort, "add a port beside it").Keeping("name", "port"),
		patch.Own(gateway+"k8s.overlays", lostGateway, "delete it; what may be changed has a field below k8s").Refusing(owned.RefuseOverlay(overlaidGateway)),
	}, ownedAnnotations(gateway+"k8s.podAnnotations.")...)
}

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
