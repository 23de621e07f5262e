package render

import (
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/patch"
)

// istioctl installs a cluster with istioctl, from an IstioOperator for each of the two layers.
type istioctl struct{ *directory }

const operatorFile = "istio-operator.yaml"

func (istioctl) folder() string { return "istioctl" }

func (i istioctl) install(layer string) []string {
	return []string{"istioctl install --context " + kubeContext(i.c) + " --skip-confirmation --filename " +
		layout.Path(i.c.Name, layer, operatorFile)}
}

func (i istioctl) owned(id patch.Identity) []patch.Owned {
	switch {
	case id.Kind != "IstioOperator":
		return nil
	case id.Name == controlPlaneName:
		return i.ownedControlPlane()
	}
	return i.ownedGateway()
}

// add adds the IstioOperator of a layer: a template with the options and the user's settings merged into it.
func (i istioctl) add(layer, template string, o options, settings map[string]any, data any) {
	i.directory.add(layer+"/"+operatorFile, i.compose("istioctl/"+template, o, settings, data))
}

// options are the templates of an object's optional parts.
type options []string

func (o *options) add(wanted bool, name string) {
	if wanted {
		*o = append(*o, "istioctl/options/"+name+".yaml")
	}
}
