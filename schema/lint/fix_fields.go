package lint

import (
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/istio"
)

// quote makes a scalar the string that it looks like.
func (f *fix) quote() []diag.Edit { return f.Quote(f.finding.Pos) }

// correctField renames a misspelt field, corrects a misspelt word of Istio's, and adds or takes quotes. Another version of Istio may
// have the field, or the word.
func (f *fix) correctField() []diag.Edit {
	for _, p := range f.problems() {
		switch {
		case p.Pos != f.finding.Pos:
		case p.LacksQuotes():
			return f.Quote(p.Pos)
		case p.Quoted:
			return f.Unquote(p.Pos)
		case p.Instead != "" && (p.Reader == istio.APIServer || known(f.object)):
			return f.Replace(p.Pos, p.Instead)
		}
	}
	return nil
}

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
