package drift

import (
	"meshtopo.dev/meshtopo/render/protect"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema/diag"
)

// cipherRules are the kinds of drift of encrypted Secrets, which can be told without a key.
var cipherRules = []*diag.Rule{
	cipherRule(protect.CertificateChanged, "the certificates of this encrypted Secret are not those of today",
		"the control plane would go on with the old CA, chain or roots", renderAgain),
	cipherRule(protect.ServerChanged, "this encrypted kubeconfig is for another API server, CA or proxy than the topology has",
		"the control plane would look for the cluster where it no longer is, or not trust it", renderAgain),
	cipherRule(protect.NewMaterial, "the token or key in this encrypted Secret is not the one of today",
		"the control plane would go on with a token or key that has been replaced", renderAgain),
	cipherRule(protect.CopiesDiffer, "the copies of one token differ between clusters",
		"some control planes would have a token that is no longer good: the cluster's endpoints are missing there", "run meshtopo render where the token is, and commit what it writes"),
	cipherRule(protect.RecipientsChanged, "this Secret is encrypted for others than the creation rule names",
		"somebody who should read it cannot, or somebody who should no longer read it can", renderAgain),
	cipherRule(protect.ProtectionChanged, "what protects this encrypted Secret has changed since it was written",
		"it is not encrypted as the topology and its creation rules say", renderAgain),
	cipherRule(protect.SealingKeyChanged, "this Secret was sealed with another key than that of the certificate",
		"the controller of the cluster may not have the key any more, and then it makes no Secret of it", renderAgain),
	cipherRule(protect.SealingKeyExpired, "the certificate that this Secret was sealed with has expired",
		"nothing new can be sealed with it, and the controller has renewed its key long since", "fetch the certificate of today with kubeseal --fetch-cert, then run meshtopo render"),
	cipherRule(protect.ScopeChanged, "this Secret is sealed for another scope than the topology says",
		"it could be opened under another name or namespace, or not under its own", renderAgain),
	cipherRule(protect.NotEncrypted, "a key or token stands in clear in a file that is to be encrypted",
		"whoever reads the repository has it", "run meshtopo render, commit what it writes, and replace the key or token: it stays in the history"),
}

func cipherRule(kind tree.Kind, title, why, fix string) *diag.Rule {
	return &diag.Rule{Code: code(kind), Severity: diag.Error, Fixed: true, Source: driftSource, Title: title, Why: why, Fix: fix}
}
