package installer

import (
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/patch"
)

// istioctl installs a control plane with istioctl, from an IstioOperator.
type istioctl struct{ Target }

func (istioctl) folder() string { return "istioctl" }

// fill adds what istioctl installs first. It has a name, because an unnamed IstioOperator owns the gateways of all
// others and deletes them at the next install (operator/pkg/install/install.go, prune).
func (i istioctl) fill() {
	composition, data := i.istioOperator()
	i.addOperator(layout.ControlPlane, composition, data)
}

func (i istioctl) install() []string { return []string{i.istioctlInstall(layout.ControlPlane)} }

// gone is nothing: what takes over from istioctl takes its objects over.
func (istioctl) gone() []string { return nil }

func (i istioctl) owned(id patch.Identity) []patch.Owned {
	if id.Kind != "IstioOperator" || id.Name != operatorControlPlane {
		return nil
	}
	return i.ownedControlPlane()
}
