package lint

import (
	"meshtopo.dev/meshtopo/schema/diag"
)

// nameOperator names an IstioOperator as render does, if no other of the cluster is called so. One is named at a time: two could
// have the same name otherwise.
func (f *fix) nameOperator() []diag.Edit {
	name := "eastwest"
	if installsControlPlane(f.object) {
		name = "control-plane"
	}
	for _, op := range f.cluster.operators {
		if op.name == name {
			return nil
		}
	}
	for _, op := range f.cluster.operators {
		if op.name == "" {
			if op.namePos != f.finding.Pos {
				return nil
			}
			break
		}
	}
	return f.set(name, "metadata", "name")
}

// correctOperator writes the apiVersion or the kind of an IstioOperator, whichever is wrong, where the other one is right, or both
// are slips of the fingers.
func (f *fix) correctOperator() []diag.Edit {
	group, kind := diag.Slip(f.object.Group(), []string{"install.istio.io"}), diag.Slip(f.object.Kind, []string{"IstioOperator"})
	switch {
	case kind == "" || group == "" && f.object.Kind != kind:
		return nil
	case f.object.APIVersion != operatorVersion:
		return f.set(operatorVersion, "apiVersion")
	}
	return f.set(kind, "kind")
}
