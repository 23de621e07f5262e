package installer

import (
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/shell"
	"meshtopo.dev/meshtopo/render/text"
)

const operatorFile = "istio-operator.yaml"

// The names of what istioctl reads. No other object has them.
const (
	operatorControlPlane = "control-plane"
	operatorGatewayName  = "eastwest"
)

// What there is once beside several control planes: the CRDs, and what runs on nodes. The files, and the
// IstioOperators, are called so.
const (
	sharedBase  = "base"
	sharedNodes = "nodes"
)

// operatorName names the IstioOperator of a control plane.
func (t Target) operatorName() string {
	if t.listed() {
		return operatorControlPlane + "-" + t.Istio.RevisionName()
	}
	return operatorControlPlane
}

// istioctlInstall installs the IstioOperator of a layer, or of a directory in it.
func (t Target) istioctlInstall(directory string) string {
	return shell.Istioctl(t.Cluster) + " install --context " + shell.Context(t.Cluster) + " --skip-confirmation --filename " +
		layout.Path(t.Name, directory, operatorFile)
}

// addOperator adds such an IstioOperator.
func (t Target) addOperator(directory string, composition text.Composition, data any) {
	t.Add(directory+"/"+operatorFile, t.Compose(composition, data))
}
