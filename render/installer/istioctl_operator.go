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

// istioctlInstall installs the IstioOperator of a layer.
func (t Target) istioctlInstall(layer string) string {
	return "istioctl install --context " + shell.Context(t.Cluster) + " --skip-confirmation --filename " +
		layout.Path(t.Name, layer, operatorFile)
}

// addOperator adds the IstioOperator of a layer.
func (t Target) addOperator(layer string, composition text.Composition, data any) {
	t.Add(layer+"/"+operatorFile, t.Compose(composition, data))
}
