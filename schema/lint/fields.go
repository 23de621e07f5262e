package lint

import (
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// checkFields reports fields that Istio does not have.
func checkFields(*manifest.Object, *diag.List) {}
