package settings

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
)

// Effects has every setting that istiod's code for several clusters reads, and those of other parts that are known to
// break such a mesh.
func Effects() []Effect {
	return slices.Concat(meshConfigEffects, valueEffects, variableEffects, objectEffects)
}

// CheckEffects reports the settings of a control plane that break a mesh such as this.
func CheckEffects(i Installation, m Mesh, found *diag.List) {
	if m.Clusters < 2 {
		return
	}
	local := &diag.List{}
	for _, effects := range [][]Effect{meshConfigEffects, variableEffects} {
		for _, e := range effects {
			if e.check != nil {
				e.check(i, m, local)
			}
		}
	}
	// What is wrong by itself is one mistake.
	local.Delete(func(d *diag.Diagnostic) bool { return found.ErrorAt(d.Pos) })
	found.Append(local)
}
