package lint

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/manifest"
)

var unknownKind = &diag.Rule{
	Code: "unknown-kind", Severity: diag.Error,
	Title:  "a kind that no API of Istio has",
	Why:    "no custom resource definition has it: the API server refuses the object, and what it was meant to say is said nowhere",
	Fix:    "use the object that Istio reads",
	Source: "istio.io/api kubernetes/customresourcedefinitions.gen.yaml",
	Bad:    "apiVersion: networking.istio.io/v1beta1\nkind: RemoteCluster",
	Good:   "apiVersion: networking.istio.io/v1\nkind: ServiceEntry",
}

var kindRules = []*diag.Rule{unknownKind, inventedSetting}

// istioKinds are those of the API groups of Istio 1.24 to 1.31 (istio.io/api
// kubernetes/customresourcedefinitions.gen.yaml), and IstioOperator, which is a file of istioctl only.
var istioKinds = map[string][]string{
	"install.istio.io":    {"IstioOperator"},
	"extensions.istio.io": {"TrafficExtension", "WasmPlugin"},
	"networking.istio.io": {
		"DestinationRule", "EnvoyFilter", "Gateway", "ProxyConfig", "ServiceEntry", "Sidecar", "VirtualService", "WorkloadEntry", "WorkloadGroup",
	},
	"security.istio.io":  {"AuthorizationPolicy", "PeerAuthentication", "RequestAuthentication"},
	"telemetry.istio.io": {"Telemetry"},
}

// meant says which object people mean by a kind that they invent.
var meant = map[string]string{
	"RemoteCluster": "a cluster joins by a remote Secret: a Secret with the label istio/multiCluster: \"true\" and a kubeconfig, in the cluster that reads it",
	"Cluster":       "a cluster joins by a remote Secret: a Secret with the label istio/multiCluster: \"true\" and a kubeconfig, in the cluster that reads it",
	"Network":       "a network is a name: the label topology.istio.io/network of the system namespace and values.global.network; what labels cannot say stands in values.global.meshNetworks",
	"MeshNetworks":  "it is part of the installation: values.global.meshNetworks",
	"MeshConfig":    "it is part of the installation: spec.meshConfig of the IstioOperator",
}

// checkKind reports kinds of Istio's API groups that do not exist.
func (c *cluster) checkKind(o *manifest.Object, found *diag.List) {
	if !strings.HasSuffix(o.Group(), ".istio.io") || o.Group() == "" {
		return
	}
	kinds, known := istioKinds[o.Group()]
	if !known || slices.Contains(kinds, o.Kind) {
		return
	}
	d := found.Add(o.Pos(), unknownKind, "%s has no kind %q", o.Group(), o.Kind)
	if fix := meant[o.Kind]; fix != "" {
		d.Fix = fix
		c.invented = true
		checkInvented(o, found)
		return
	}
	d.Suggest(o.Kind, kinds)
}
