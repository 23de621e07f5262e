// Package protection says whether what a topology says of its Secrets can be done: where keys and tokens are, and how
// they are kept in the tree.
package protection

import (
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// Rules are all rules of this package.
var Rules = []*diag.Rule{unprotectedSecrets, privatePlace, credentialWays, credentialInStore, insecureOptions, sameTokenSecret, noSealingCertificate, sharedSealingFile, mountedTooEarly}

// mesh is what the rules look at. It may be partial: what was reported already is zero here.
type mesh struct{ schema.Written }

// Check applies the rules to a topology. They say nothing of the material itself.
func Check(t schema.Written, found *diag.List) {
	m := mesh{t}
	m.checkSecrets(found)
	m.checkCredentials(found)
	m.checkSealed(found)
	m.checkMounted(found)
}
