package installer

import (
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/render/shell"
	"meshtopo.dev/meshtopo/render/text"
	"meshtopo.dev/meshtopo/schema"
)

// istioctl installs a cluster with istioctl, from an IstioOperator for each of the two layers.
type istioctl struct{ Target }

const operatorFile = "istio-operator.yaml"

func (istioctl) Folder() string { return "istioctl" }

func (i istioctl) Install(layer string) []string {
	install := "istioctl install --context " + shell.Context(i.Cluster) + " --skip-confirmation --filename " +
		layout.Path(i.Name, layer, operatorFile)
	if layer == layout.Gateway {
		return []string{deleteMovedGateway(i.Cluster), install}
	}
	return []string{install}
}

// deleteMovedGateway deletes the gateway's Deployment where it is on another network than the topology says. Its
// selector holds the network (manifests/charts/gateways/istio-ingress/templates/deployment.yaml), and Kubernetes
// changes no selector.
func deleteMovedGateway(c *schema.Cluster) string {
	return shell.KubectlIn(c, "delete deployments --field-selector metadata.name=istio-eastwestgateway "+
		"--selector 'topology.istio.io/network,topology.istio.io/network!="+c.Network+"'")
}

// Gone deletes the gateway of a cluster that has none any more, by the labels that istioctl gives to what it installs
// (operator/pkg/manifest/name.go). istioctl itself would need the file that is gone.
func (i istioctl) Gone() []string {
	if i.Has(layout.Gateway) {
		return nil
	}
	return []string{shell.KubectlIn(i.Cluster, "delete deployments,services,serviceaccounts,horizontalpodautoscalers,poddisruptionbudgets,"+
		"roles.rbac.authorization.k8s.io,rolebindings.rbac.authorization.k8s.io "+
		"--selector 'install.operator.istio.io/owning-resource=eastwest,operator.istio.io/component=IngressGateways'")}
}

func (i istioctl) Owned(id patch.Identity) []patch.Owned {
	switch {
	case id.Kind != "IstioOperator":
		return nil
	case id.Name == controlPlaneName:
		return i.ownedControlPlane()
	}
	return i.ownedGateway()
}

// ControlPlane is what istioctl installs first. It has a name, because an unnamed IstioOperator owns the gateways
// of all others and deletes them at the next install (operator/pkg/install/install.go, prune).
func (i istioctl) ControlPlane() {
	composition, data := i.controlPlane()
	i.add(layout.ControlPlane, composition, data)
}

// add adds the IstioOperator of a layer.
func (i istioctl) add(layer string, composition text.Composition, data any) {
	i.Add(layer+"/"+operatorFile, i.Compose(composition, data))
}
