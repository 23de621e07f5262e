package render

import (
	"encoding/json"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/render/patch"
)

// What goes wrong when a patch changes what follows from the topology.
const (
	lostOwner     = "`kubectl apply --prune` goes by these labels: the object would be deleted with another topology's, or its credential stay live after its cluster has gone"
	lostNetwork   = "istiod takes the network of pods and gateways from this label: with another one, calls go straight to addresses that do not answer, or to the wrong gateway"
	lostSecret    = "istiod reads remote Secrets by this label and name: a Secret that loses it makes a cluster disappear, one that gets it is taken for a cluster"
	lostData      = "istiod reads exactly these keys: cacerts without one of them keeps it from starting, a remote Secret with another one is another cluster"
	lostLeader    = "istiod leads in a remote's namespace only where this annotation names it: no istio-ca-root-cert, no certificates"
	lostAccount   = "the API server fills a token Secret for the account that this annotation names: without it there is no token for the other clusters"
	lostRevision  = "an istiod ignores what is labelled for another revision: the gateway would not open its port"
	lostPort      = "other clusters call the gateway at the ports that were rendered: without one of them their calls, or a remote's connection to istiod, are refused"
	lostSelector  = "the Gateway opens its port on the pods that this selector finds: with another one nothing listens, and calls from other networks are reset"
	lostView      = "without its own network's view the gateway also sends traffic to other networks' endpoints, which it cannot reach"
	lostInjection = "without the gateway's injection template its pod is no proxy, and stays in ImagePullBackOff with the image \"auto\""
	lostRoute     = "remotes reach istiod by this route: without it they get no configuration and no certificates"
	lostRule      = "istiod reads this cluster with these permissions: without one of them the sync of the cluster fails, and its endpoints disappear"
	lostOutOfSync = "kustomize leaves an object with this annotation out of what `kubectl apply -k` applies"
	lostProfile   = "given to istioctl together, each IstioOperator's profile decides what is installed and what is deleted"
	lostImages    = "components and sidecars would come from other images than the topology says"
	lostGateway   = "the gateway would not be the one that other clusters and the Gateway resources look for"
)

// owned gives what of an object of this cluster follows from the topology.
func (d *directory) owned(id patch.Identity) []patch.Owned {
	owned := d.ownedByAll(id)
	switch id.Kind {
	case "IstioOperator":
		if id.Name == "control-plane" {
			return append(owned, d.ownedControlPlane()...)
		}
		return append(owned, d.ownedGateway()...)
	case "Secret":
		owned = append(owned,
			own("type", lostData, "leave it"),
			own("data", lostData, "change the file or variable that the topology names"),
			own("stringData", lostData, "change the file or variable that the topology names"))
	case "Gateway":
		owned = append(owned,
			own("spec.selector", lostSelector, "leave it"),
			kept(own("spec.servers", lostPort, "add a server beside it, or change mesh.exposedHosts")))
	case "VirtualService":
		owned = append(owned,
			own("spec.hosts", lostRoute, "leave it"), own("spec.gateways", lostRoute, "leave it"),
			kept(own("spec.tls", lostRoute, "add a route beside it")))
	case "ClusterRole":
		owned = append(owned, kept(own("rules", lostRule, "add a rule beside it")))
	case "ClusterRoleBinding":
		owned = append(owned, own("roleRef", lostRule, "leave it"), kept(own("subjects", lostRule, "add a subject beside it")))
	}
	return owned
}

// ownedByAll are the labels and annotations that istiod, kubectl and the API server go by.
func (d *directory) ownedByAll(id patch.Identity) []patch.Owned {
	label := func(name, why, fix string) patch.Owned {
		return patch.Owned{Path: []string{"metadata", "labels", name}, Why: why, Fix: fix}
	}
	annotation := func(name, why, fix string) patch.Owned {
		return patch.Owned{Path: []string{"metadata", "annotations", name}, Why: why, Fix: fix}
	}
	revision := label("istio.io/rev", lostRevision, "set istio.revision")
	revision.Allowed = asJSON(d.c.Istio.Revision)
	owned := []patch.Owned{
		label("app.kubernetes.io/managed-by", lostOwner, "add a label of your own beside it"),
		label("meshtopo.dev/topology", lostOwner, "change metadata.name"),
		label("topology.istio.io/network", lostNetwork, "change "+anyCluster+"network"),
		label("istio/multiCluster", lostSecret, "leave it"),
		annotation("networking.istio.io/cluster", lostSecret, "leave it"),
		annotation("topology.istio.io/controlPlaneClusters", lostLeader, "change "+anyCluster+"primary"),
		annotation("kubernetes.io/service-account.name", lostAccount, "change istio.reader.serviceAccount"),
		annotation("config.kubernetes.io/local-config", lostOutOfSync, "delete it"),
	}
	if id.Kind == "Gateway" || id.Kind == "VirtualService" {
		owned = append(owned, revision)
	}
	return owned
}

// ownedControlPlane are the fields that templates/control-plane-*.yaml fill, and the settings that package schema
// refuses below istio as well.
func (d *directory) ownedControlPlane() []patch.Owned {
	owned := []patch.Owned{
		own("spec.profile", lostProfile, "change "+anyCluster+"istio.profile"),
		own("spec.revision", lostRevision, "change "+anyCluster+"istio.revision"),
	}
	if d.c.Istio.Hub != "" {
		owned = append(owned, own("spec.hub", lostImages, "change "+anyCluster+"istio.hub"))
	}
	if d.c.Istio.Tag != "" {
		owned = append(owned, own("spec.tag", lostImages, "change "+anyCluster+"istio.tag"))
	}
	for _, s := range d.topology.OwnedSettings(d.c) {
		o := patch.Owned{Path: slices.Concat([]string{"spec"}, s.Path), Why: s.Why, Fix: "leave it: it follows from " + s.Field}
		if s.Want != nil {
			o.Allowed = asJSON(s.Want)
		}
		owned = append(owned, o)
	}
	for _, gateways := range []string{"ingressGateways", "egressGateways"} {
		owned = append(owned, patch.Owned{
			Path: []string{"spec", "components", gateways, "[name=istio-eastwestgateway]"}, Fix: "use another name",
			Why: "the two would be one Deployment and one Service with the gateway of 4-gateway, and each install would undo the other",
		})
	}
	for _, variable := range []string{"CLUSTER_ID", "EXTERNAL_ISTIOD"} {
		owned = append(owned, patch.Owned{
			Path: []string{"spec", "components", "pilot", "k8s", "env", "[name=" + variable + "]"},
			Why:  "istiod would be given the variable twice, and the second value counts", Fix: "leave it: it follows from the topology",
		})
	}
	return owned
}

// ownedGateway are the fields of templates/eastwest-gateway.yaml that others count on.
func (d *directory) ownedGateway() []patch.Owned {
	owned := []patch.Owned{
		own("spec.profile", lostProfile, "leave it"),
		own("spec.revision", lostRevision, "change "+anyCluster+"istio.revision"),
		own("spec.values.global.network", lostNetwork, "change "+anyCluster+"network"),
		own("spec.values.global.istioNamespace", lostGateway, "change istio.namespace"),
		own("spec.values.gateways.istio-ingressgateway.injectionTemplate", lostInjection, "leave it"),
	}
	gateway := func(why, fix string, below ...string) patch.Owned {
		path := []string{"spec", "components", "ingressGateways", "[name=istio-eastwestgateway]"}
		return patch.Owned{Path: append(path, below...), Why: why, Fix: fix}
	}
	ports := kept(gateway(lostPort, "add a port beside it", "k8s", "service", "ports"))
	ports.Unique = []string{"name", "port"}
	return append(owned,
		gateway(lostGateway, "leave it", "name"),
		gateway(lostGateway, "set "+anyCluster+"eastWestGateway.enabled", "enabled"),
		gateway(lostGateway, "leave it", "namespace"),
		gateway(lostNetwork, "change "+anyCluster+"network", "label", "topology.istio.io/network"),
		gateway(lostSelector, "leave it", "label", "istio"),
		gateway(lostSelector, "leave it", "label", "app"),
		gateway(lostView, "change "+anyCluster+"network", "k8s", "env", "[name=ISTIO_META_REQUESTED_NETWORK_VIEW]"),
		ports,
	)
}

// anyCluster is how fields of a cluster begin where a finding may be about several.
const anyCluster = "clusters.NAME."

func own(path, why, fix string) patch.Owned {
	return patch.Owned{Path: strings.Split(path, "."), Why: why, Fix: fix}
}

func kept(o patch.Owned) patch.Owned {
	o.Kept = true
	return o
}

func asJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(text)
}
