package manifest

import "meshtopo.dev/meshtopo/schema/diag"

var (
	// templateSkipped is that of what only its generator can read.
	templateSkipped = &diag.Rule{
		Code: "template-skipped", Severity: diag.Info,
		Title: "a template is not checked",
		Why:   "what it will say is not known before it is rendered",
		Fix:   "check what it gives: helm template … | meshtopo lint -",
	}
	// EncryptedSkipped is that of an object whose content only its key, or another store, can tell.
	EncryptedSkipped = &diag.Rule{
		Code: "encrypted-skipped", Severity: diag.Info,
		Title: "an encrypted object is not checked",
		Why:   "its content cannot be read without its key",
		Fix:   "decrypt it on the way: sops --decrypt FILE | meshtopo lint -",
	}
)

// Rules gives every rule of this package.
func Rules() []*diag.Rule { return []*diag.Rule{templateSkipped, EncryptedSkipped} }
