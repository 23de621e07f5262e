package encrypted

import "meshtopo.dev/meshtopo/schema/diag"

// Rules are about Secrets that the tree holds as ciphertext.
var Rules = []*diag.Rule{sopsRule, withoutMaterialRule, staleRule}

var sopsRule = &diag.Rule{
	Code: "sops-config", Severity: diag.Error, Fixed: true,
	Title:  "sops cannot encrypt the Secrets of the tree as its creation rules have it",
	Why:    "nothing is written: a Secret in clear, or one that nobody can decrypt, must not get into git",
	Fix:    "give the Secrets of the tree a creation rule in .sops.yaml",
	Source: "https://github.com/getsops/sops#using-sopsyaml-conf-to-select-kms-pgp-and-age-for-new-files",
}

var withoutMaterialRule = &diag.Rule{
	Code: "encrypt-without-material", Severity: diag.Error, Fixed: true,
	Title: "a Secret has to be encrypted anew, and its key or token is not here",
	Why:   "the ciphertext in the tree is not what the topology says, and nothing else can be made of it without the key or token",
	Fix:   "run meshtopo render where the key or token is",
}

var staleRule = &diag.Rule{
	Code: "stale-ciphertext", Severity: diag.Error, Fixed: true,
	Title: "an encrypted Secret in the tree is not what the topology says",
	Why:   "this command encrypts nothing itself, and what lies in the tree would give the cluster something old",
	Fix:   "run meshtopo render, and commit what it writes",
}
