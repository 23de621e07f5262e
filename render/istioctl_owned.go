package render

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
		own("spec.profile", lostProfile, "change "+anyCluster+"istio.profile"),
		own("spec.installPackagePath", lostProfile, "leave it"),
		own("spec.revision", lostRevision, "change "+anyCluster+"istio.revision"),
	}
	if i.c.Istio.Hub != "" {
		fields = append(fields, own("spec.hub", lostImages, "change "+anyCluster+"istio.hub"))
	}
	if i.c.Istio.Tag != "" {
		fields = append(fields, own("spec.tag", lostImages, "change "+anyCluster+"istio.tag"))
	}
	for _, s := range owned.Settings(i.topology, i.c) {
		fields = append(fields, ownedSetting(s))
	}
	if len(i.topology.Mounted(i.c)) > 0 {
		for _, list := range []string{"volumes", "volumeMounts"} {
			fields = append(fields, own("spec.values.pilot."+list+".[name="+schema.KubeconfigVolume+"]", lostVolume, "change secrets.remote"))
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
		return allowing(o, s.Want)
	}
	return o
}

// ownedGateway are the fields of templates/istioctl/eastwest-gateway.yaml that others count on, and the settings of the
// mesh that would count here too.
func (i istioctl) ownedGateway() []patch.Owned {
	fields := []patch.Owned{
		own("spec.profile", lostProfile, "leave it"),
		own("spec.installPackagePath", lostProfile, "leave it"),
		own("spec.revision", lostRevision, "change "+anyCluster+"istio.revision"),
	}
	ourName := []string{"components", "ingressGateways", "[name=istio-eastwestgateway]", "name"}
	for _, component := range []string{"base", "pilot", "cni", "ztunnel"} {
		o := own("spec.components."+component, secondInstall, "patch control-plane")
		fields = append(fields, allowing(o, map[string]bool{"enabled": false}))
	}
	for _, s := range owned.Settings(i.topology, i.c) {
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
		fields = append(fields, own(chart+"injectionTemplate", lostInjection, "leave it"),
			allowing(own(chart+"customService", lostGateway, "leave it"), false))
		fields = append(fields, ownedAnnotations(chart+"podAnnotations.")...)
	}
	return fields
}

// ownedAnnotations are those of the gateway's pod that make a proxy of it.
func ownedAnnotations(path string) []patch.Owned {
	return []patch.Owned{
		allowing(own(path+`inject\.istio\.io/templates`, lostInjection, "leave it"), "gateway"),
		allowing(own(path+`sidecar\.istio\.io/inject`, lostInjection, "leave it"), "true"),
		own(path+"$patch", lostInjection, "leave it"), // a strategic merge: it would delete what the chart gives
	}
}

// ownedGatewayComponent are the fields of the gateway itself.
func (i istioctl) ownedGatewayComponent() []patch.Owned {
	const gateway = "spec.components.ingressGateways.[name=istio-eastwestgateway]."
	return append([]patch.Owned{
		own(gateway+"name", lostGateway, "leave it"),
		own(gateway+"enabled", lostGateway, "set "+anyCluster+"eastWestGateway.enabled"),
		own(gateway+"namespace", lostGateway, "leave it"),
		own(gateway+`label.topology\.istio\.io/network`, lostNetwork, "change "+anyCluster+"network"),
		own(gateway+"label.istio", lostSelector, "leave it"),
		own(gateway+"label.app", lostSelector, "leave it"),
		allowing(own(gateway+`label.istio\.io/rev`, lostRevision, "set istio.revision"), i.c.Istio.Revision),
		allowing(own(gateway+`label.sidecar\.istio\.io/inject`, lostInjection, "leave it"), "true"),
		allowing(own(gateway+`label.topology\.istio\.io/cluster`, lostCluster, "leave it"), i.c.Name),
		own(gateway+"k8s.env.[name=ISTIO_META_REQUESTED_NETWORK_VIEW]", lostView, "change "+anyCluster+"network"),
		own(gateway+"k8s.service.selector", lostGateway, "leave it"),
		own(gateway+"k8s.service.type", lostGateway, "set "+anyCluster+"eastWestGateway.serviceType"),
		kept(own(gateway+"k8s.service.ports", lostPort, "add a port beside it"), "name", "port"),
		refusing(own(gateway+"k8s.overlays", lostGateway, "delete it; what may be changed has a field below k8s"), owned.RefuseOverlay(overlaidGateway)),
	}, ownedAnnotations(gateway+"k8s.podAnnotations.")...)
}

// overlaidGateway are the parts of the east-west gateway's objects that an overlay must not change.
var overlaidGateway = slices.Concat([]owned.Overlaid{
	{Kind: "Deployment", Path: "spec.selector", Why: lostSelector},
	{Kind: "Deployment", Path: "spec.template.metadata.labels.istio", Why: lostSelector},
	{Kind: "Deployment", Path: "spec.template.metadata.labels.app", Why: lostSelector},
	{Kind: "Deployment", Path: `spec.template.metadata.labels.topology\.istio\.io/network`, Why: lostNetwork},
	{Kind: "Deployment", Path: `spec.template.metadata.labels.topology\.istio\.io/cluster`, Why: lostCluster},
	{Kind: "Deployment", Path: `spec.template.metadata.labels.istio\.io/rev`, Why: lostRevision},
	{Kind: "Deployment", Path: `spec.template.metadata.labels.sidecar\.istio\.io/inject`, Why: lostInjection},
	{Kind: "Deployment", Path: `spec.template.metadata.annotations.sidecar\.istio\.io/inject`, Why: lostInjection},
	{Kind: "Deployment", Path: `spec.template.metadata.annotations.inject\.istio\.io/templates`, Why: lostInjection},
	{Kind: "Deployment", Path: "spec.template.spec.containers.[name=istio-proxy].env.[name=ISTIO_META_REQUESTED_NETWORK_VIEW]", Why: lostView},
	{Kind: "Service", Path: "metadata.labels.istio", Why: lostSelector},
	{Kind: "Service", Path: "metadata.labels.app", Why: lostSelector},
	{Kind: "Service", Path: `metadata.labels.topology\.istio\.io/network`, Why: lostNetwork},
	{Kind: "Service", Path: "spec.selector", Why: lostSelector},
	{Kind: "Service", Path: "spec.type", Why: lostGateway},
	{Kind: "Service", Path: "spec.ports.[port=15021|name=status-port]", Why: lostPort},
	{Kind: "Service", Path: "spec.ports.[port=15443|name=tls]", Why: lostPort},
	{Kind: "Service", Path: "spec.ports.[port=15012|name=tls-istiod]", Why: lostPort},
	{Kind: "Service", Path: "spec.ports.[port=15017|name=tls-webhook]", Why: lostPort},
}, owned.OverlaidGateway)
