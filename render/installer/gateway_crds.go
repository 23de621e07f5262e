package installer

import (
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/shell"
	"meshtopo.dev/meshtopo/schema"
)

// apiVersions are the versions of the Gateway API with which the minor versions of Istio are built (go.mod).
var apiVersions = map[int]string{24: "v1.2.1", 25: "v1.2.1", 26: "v1.3.0", 27: "v1.3.0", 28: "v1.4.1", 29: "v1.4.1", 30: "v1.5.1", 31: "v1.6.0"}

const (
	gatewayResource = "gateways.gateway.networking.k8s.io"
	gatewayCRD      = "customresourcedefinitions " + gatewayResource
)

// bringCRDs brings those of the Gateway API unless they are there. The braces keep what failed before from counting as
// "not there".
func (t Target) bringCRDs() string {
	crds := "https://github.com/kubernetes-sigs/gateway-api/releases/download/" + apiVersions[t.Istio.Version.Minor()] + "/standard-install.yaml"
	return "{ " + shell.Kubectl(t.Cluster, "get "+gatewayCRD) + " || { " + shell.Kubectl(t.Cluster, "apply --server-side --filename "+crds) + " && " +
		shell.Kubectl(t.Cluster, "wait --for=condition=Established --timeout=1m "+gatewayCRD) + "; }; }"
}

// deleteGateways deletes the Gateways of the Gateway API that this tree does not have. It looks first whether the
// cluster knows such objects at all.
func (t Target) deleteGateways() string {
	kept := t.describedGateways()
	if t.EastWestGateway.Kind == schema.GatewayAPI && t.Has(layout.Gateway) {
		kept = append(kept, gatewayName)
	}
	others := shell.DeleteOthers(gatewayResource, shell.OwnedBy(t.Topology.Name), kept)
	command := shell.Kubectl(t.Cluster, "get "+gatewayCRD) + " && " + shell.KubectlIn(t.Cluster, others)
	if t.EastWestGateway.Namespace != t.Istio.Namespace {
		command += " && " + shell.KubectlGateway(t.Cluster, others)
	}
	return command
}
