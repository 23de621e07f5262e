package plaintext

import "meshtopo.dev/meshtopo/schema/diag"

const (
	goneOnlyIfReplaced = "; if a commit has it already, replace it as well, because the history keeps it"
	protect            = "take it out of the file, or encrypt it with what the repository uses (secrets.protection of the topology, sops, sealed-secrets, git-crypt)"
)

var (
	plainKey = &diag.Rule{
		Code: "plaintext-key", Severity: diag.Error,
		Title:  "a private key stands in clear in a file, where lint --no-plaintext asks for that",
		Why:    "whoever can read the repository, now or in its history, can sign for workloads or log in with it",
		Fix:    protect + goneOnlyIfReplaced,
		Source: "https://www.rfc-editor.org/rfc/rfc7468",
	}
	plainToken = &diag.Rule{
		Code: "plaintext-token", Severity: diag.Error,
		Title:  "a token or a password stands in clear in a file, where lint --no-plaintext asks for that",
		Why:    "whoever can read the repository, now or in its history, can log in with it: the token of a remote Secret reads a whole cluster",
		Fix:    protect + goneOnlyIfReplaced,
		Source: "https://www.rfc-editor.org/rfc/rfc7519",
	}
	plainSecret = &diag.Rule{
		Code: "plaintext-secret", Severity: diag.Error,
		Title:  "a Secret has a value in clear, where lint --no-plaintext asks for that",
		Why:    "base64 is no encryption: whoever can read the repository, now or in its history, can read the value",
		Fix:    protect + goneOnlyIfReplaced,
		Source: "https://kubernetes.io/docs/concepts/configuration/secret/",
	}
	passphraseKey = &diag.Rule{
		Code: "passphrase-key", Severity: diag.Warning,
		Title:  "a private key that only a passphrase protects, where lint --no-plaintext asks for that",
		Why:    "who has the file can try passphrases for as long as they like, and istiod does not read such a key",
		Fix:    "keep it out of the repository, or encrypt the file for the keys of those who need it",
		Source: "https://www.rfc-editor.org/rfc/rfc8018",
	}
)

// Rules gives every rule of this package.
func Rules() []*diag.Rule { return []*diag.Rule{plainKey, plainToken, plainSecret, passphraseKey} }
