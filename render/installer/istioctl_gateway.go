package installer

import (
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/render/shell"
	"meshtopo.dev/meshtopo/render/text"
	"meshtopo.dev/meshtopo/schema"
)

// operatorGateway is the east-west gateway as samples/multicluster/gen-eastwest-gateway.sh makes it. It needs a file
// and an istioctl call of its own: given together, its empty profile would win over the control plane's.
type operatorGateway struct{ Target }

func (operatorGateway) folder() string { return "istioctl" }

func (g operatorGateway) fill() {
	data, settings := g.gatewayData(), g.gatewaySettings().operator(g.Istio.Namespace)
	data.Object = g.Object // it is read beside the control plane, whatever the namespace of the gateway
	g.addOperator(layout.Gateway, text.Composition{
		Object: "istioctl/eastwest-gateway.yaml", Options: data.options(g.folder()), Settings: below(settings, "spec"),
	}, data)
}

func (g operatorGateway) install() []string {
	return []string{g.deleteMovedGateway(), g.istioctlInstall(layout.Gateway)}
}

// deleteMovedGateway deletes the gateway's Deployment where it is on another network than the topology says. Its
// selector holds the network (manifests/charts/gateways/istio-ingress/templates/deployment.yaml), and Kubernetes
// changes no selector.
func (t Target) deleteMovedGateway() string {
	return shell.KubectlGateway(t.Cluster, "delete deployments --field-selector metadata.name="+gatewayName+" "+
		"--selector 'topology.istio.io/network,topology.istio.io/network!="+t.Network+"'")
}

// gone goes by the labels that istioctl gives to what it installs (operator/pkg/manifest/name.go). istioctl itself
// would need the file that is gone.
func (g operatorGateway) gone() []string {
	installed := "install.operator.istio.io/owning-resource=eastwest,operator.istio.io/component=IngressGateways"
	if g.EastWestGateway.Kind != schema.OperatorGateway { // what has been taken over since stays
		installed += ",app.kubernetes.io/managed-by!=meshtopo,app.kubernetes.io/instance!=" + gatewayName
	}
	return []string{shell.KubectlGateway(g.Cluster, "delete deployments,services,serviceaccounts,horizontalpodautoscalers,poddisruptionbudgets,"+
		"roles.rbac.authorization.k8s.io,rolebindings.rbac.authorization.k8s.io --selector '"+installed+"'")}
}

func (g operatorGateway) owned(id patch.Identity) []patch.Owned {
	if id.Kind != "IstioOperator" || id.Name != operatorGatewayName {
		return nil
	}
	return g.ownedGateway()
}
