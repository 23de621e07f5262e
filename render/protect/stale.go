package protect

import (
	"slices"

	"meshtopo.dev/meshtopo/render/tree"
)

// The ways in which an encrypted file is no longer what it should be, in the words that the diff command prints.
const (
	CertificateChanged tree.Kind = "certificate-changed" // of the signing CA, its chain, the roots or a client
	ServerChanged      tree.Kind = "server-changed"      // the API server, its CA or the way to it
	NewMaterial        tree.Kind = "new-material"        // the token or key is another one
	CopiesDiffer       tree.Kind = "copies-differ"       // of one credential, in several clusters
	RecipientsChanged  tree.Kind = "recipients-changed"  // those who can decrypt
	ProtectionChanged  tree.Kind = "protection-changed"  // another option of the creation rule
	SealingKeyChanged  tree.Kind = "sealing-key-changed" // another certificate
	SealingKeyExpired  tree.Kind = "sealing-key-expired"
	ScopeChanged       tree.Kind = "scope-changed" // what a sealed Secret is bound to
	NotEncrypted       tree.Kind = "not-encrypted" // private material stands there in clear
	Requested          tree.Kind = "requested"     // somebody asked for it to be encrypted anew
)

// Stale says that an encrypted file is no longer what it should be.
type Stale = tree.Stale

func stale(kind tree.Kind, line int, why string) *Stale {
	return &Stale{Kind: kind, Line: line, Why: why}
}

// partKinds says what it is that has changed where a public part has.
var partKinds = []struct {
	kind  tree.Kind
	parts []string
}{
	{CertificateChanged, []string{"certificate", "chain", "roots", "client-certificate"}},
	{ServerChanged, []string{"server", "ca", "name"}},
}

// kindOf gives the kind for the parts that have changed.
func kindOf(parts []string) tree.Kind {
	for _, k := range partKinds {
		if slices.ContainsFunc(parts, func(name string) bool { return slices.Contains(k.parts, name) }) {
			return k.kind
		}
	}
	return tree.Changed
}
