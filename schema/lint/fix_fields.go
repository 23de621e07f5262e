package lint

import (
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/fields"
	"meshtopo.dev/meshtopo/schema/istio"
	"meshtopo.dev/meshtopo/schema/settings"
)

// quote puts quotes around a scalar.
func (f *fix) quote() []diag.Edit { return f.Quote(f.finding.Pos) }

// correctField corrects a misspelt field or value of Istio's, and adds or removes quotes. It leaves fields and values
// alone that another version of Istio may have.
func (f *fix) correctField() []diag.Edit {
	for _, p := range f.at()[f.finding.Pos] {
		switch {
		case p.LacksQuotes():
			return f.Quote(p.Pos)
		case p.Quoted:
			return f.Unquote(p.Pos)
		case p.Instead != "" && (p.Reader == istio.APIServer || settings.Judged(fields.MinorOf(f.object))):
			return f.Replace(p.Pos, p.Instead)
		}
	}
	return nil
}

// nameOperator gives an IstioOperator the name that render would give it, if no other in the cluster has it. It names
// one at a time: otherwise two could get the same name.
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

// correctOperator corrects the apiVersion or the kind of an IstioOperator, if the other one is right, or both if they
// are probably misspelt.
func (f *fix) correctOperator() []diag.Edit {
	group, kind := diag.Slip(f.object.Group(), []string{"install.istio.io"}), diag.Slip(f.object.Kind, []string{"IstioOperator"})
	switch {
	case kind == "" || group == "" && f.object.Kind != kind:
		return nil
	case f.object.APIVersion != fields.OperatorVersion:
		return f.set(fields.OperatorVersion, "apiVersion")
	}
	return f.set(kind, "kind")
}
