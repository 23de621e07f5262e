package settings

import "meshtopo.dev/meshtopo/schema/diag"

const (
	ambientDocs = "https://istio.io/latest/docs/ambient/install/multicluster/"
	ambientFlag = "AMBIENT_ENABLE_MULTI_NETWORK"
)

var (
	AmbientWithoutFlag = &diag.Rule{
		Code: "ambient-without-multi-network", Severity: diag.Error, Symptom: true,
		Title:  "an ambient control plane of a mesh of several networks that is not set up for it",
		Why:    "istiod has no class istio-east-west then and tells ztunnel of no gateway: endpoints on other networks are passed over",
		Fix:    `set values.pilot.env.` + ambientFlag + `: "true"`,
		Source: "pilot/pkg/features/ambient.go",
	}
	AmbientOnOneNetwork = &diag.Rule{
		Code: "ambient-on-one-network", Severity: diag.Warning,
		Title:  "ambient control planes of several clusters on one network",
		Why:    "Istio supports ambient meshes of several clusters only where each is on a network of its own; on one network it has known bugs",
		Fix:    "give each cluster a values.global.network of its own, and a gateway of class istio-east-west",
		Source: "https://github.com/istio/istio/issues/58133",
	}
	AmbientRemote = &diag.Rule{
		Code: "ambient-remote", Severity: diag.Error,
		Title:  "a remote of a control plane that is set up for an ambient mesh of several networks",
		Why:    "ambient meshes of several clusters have a control plane in each: Istio does not support remotes",
		Fix:    "install a control plane of its own, with profile: ambient",
		Source: ambientDocs,
	}
	GatewayForOthers = &diag.Rule{
		Code: "gateway-for-other-data-plane", Severity: diag.Warning, Symptom: true,
		Title:  "a network whose gateways do not take the calls of a data plane that the mesh has",
		Why:    "ztunnel calls by HBONE at port 15008, sidecars by mutual TLS at 15443: calls of the other kind get a 503, or time out",
		Fix:    "give each network a gateway of class istio-east-west for ztunnel, and one with port 15443 for sidecars",
		Source: "https://github.com/istio/istio/issues/57878",
	}
	ZTunnelDiffers = &diag.Rule{
		Code: "ztunnel-differs", Severity: diag.Error, Symptom: true,
		Title:  "a ztunnel that is not told the network or the cluster that its control plane has",
		Why:    "ztunnel looks Services and pods up by network and address, so on another network it finds none: calls pass without mutual TLS and never reach other clusters; with another cluster's name istiod refuses it",
		Fix:    "give ztunnel the values network and multiCluster.clusterName that istiod has below global",
		Source: "manifests/charts/ztunnel/values.yaml; security/pkg/server/ca/authenticate/kubeauth/kube_jwt.go",
		Bad:    "multiCluster: {clusterName: west} # of ztunnel, and global: {network: network2} of istiod",
		Good:   "multiCluster: {clusterName: west}\nnetwork: network2",
	}
)

var GlobalInOneCluster = &diag.Rule{
	Code: "global-in-one-cluster", Severity: diag.Warning, Symptom: true,
	Title:  "a Service of an ambient mesh that is global in one cluster and not in another",
	Why:    "istiod shares a Service between networks only where both clusters have it as global: each calls its own endpoints only",
	Fix:    `label the Service istio.io/global: "true" in every cluster`,
	Source: "https://github.com/istio/istio/issues/58269",
}

var WaypointInOneCluster = &diag.Rule{
	Code: "waypoint-in-one-cluster", Severity: diag.Warning, Symptom: true,
	Title:  "a global Service that uses a waypoint in one cluster and not in another",
	Why:    "each cluster's istiod sends calls through the waypoint that it knows itself: those from a cluster without one pass by its routes and policies",
	Fix:    "have a waypoint of the same name in the same namespace of every cluster, and the same label istio.io/use-waypoint",
	Source: ambientDocs,
}

// ScopedByLabel reports whether Services of an ambient control plane are global by the label istio.io/global, as its
// profile has it. Other serviceScopeConfigs are not compared.
func (i Installation) ScopedByLabel() bool {
	_, others := i.meshConfig("serviceScopeConfigs")
	return !others
}
