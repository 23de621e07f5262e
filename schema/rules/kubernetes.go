package rules

import (
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/settings"
)

var kubernetesRules = group{nil, mesh.checkKubernetesNames}

// checkKubernetesNames reports names in Istio's own settings that Kubernetes would refuse, and with them the object.
func (t mesh) checkKubernetesNames(found *diag.List) {
	for _, written := range t.IstioNodes() {
		for _, part := range []string{"values", "components"} {
			settings.CheckNames(written.Node.At(part), found)
		}
		settings.CheckNames(written.Node.At("meshConfig", "defaultConfig"), found)
	}
}
