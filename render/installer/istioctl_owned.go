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
	lostTag       = "the label of the tag would lead to another control plane, or to none"
	lostCluster   = "what goes by this label would take the gateway for one of another cluster"
	secondInstall = "the IstioOperator of " + layout.ControlPlane + " installs it: each install would undo the other"
)

// ownedControlPlane are the fields that templates/istioctl/control-plane-*.yaml fill, and the settings that package
// schema refuses below istio as well.
func (t Target) ownedControlPlane() []patch.Owned {
	fields := []patch.Owned{
		patch.Own("spec.profile", lostProfile, "change "+patch.AnyCluster+"istio.profile"),
		patch.Own("spec.installPackagePath", lostProfile, "leave it"),
		patch.Own("spec.revision", LostRevision, "change "+patch.AnyCluster+"istio.revision"),
	}
	if t.Istio.Hub != "" {
		fields = append(fields, patch.Own("spec.hub", lostImages, "change "+patch.AnyCluster+"istio.hub"))
	}
	if t.Istio.Tag != "" {
		fields = append(fields, patch.Own("spec.tag", lostImages, "change "+patch.AnyCluster+"istio.tag"))
	}
	for _, s := range owned.Settings(t.Topology, t.Cluster) {
		fields = append(fields, ownedSetting(s))
	}
	return append(fields, t.ownedVolume()...)
}

// ownedVolume is the volume with the kubeconfigs of other clusters, where there is one.
func (t Target) ownedVolume() []patch.Owned {
	if len(t.Topology.Mounted(t.Cluster)) == 0 {
		return nil
	}
	var fields []patch.Owned
	for _, list := range []string{"volumes", "volumeMounts"} {
		fields = append(fields, patch.Own("spec.values.pilot."+list+".[name="+schema.KubeconfigVolume+"]", lostVolume, "change secrets.remote"))
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
