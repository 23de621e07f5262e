// Package private says what looks like a key, a token or a password: which texts, which documents and files, and which
// places in them. Where it is wrong, something public is hidden, or something private is shown.
//
// It asks three questions: is this text material (text.go, opaque.go)? May this document, patch or file hold some
// (document.go, file.go)? May this place be shown (place.go)? What the answers go by stands in this file.
package private

import (
	"regexp"
	"slices"
	"sync"
)

// PEMBegin is how PEM begins.
const PEMBegin = "-----BEGIN"

// How long what is no name and no word may be differs with the place. These are in order of length:
const (
	shortestJWT      = 12  // in a file: JSON in base64, or that in base64 again
	shortestUpper    = 20  // in a file: capital letters and digits, as in base32 and in the key IDs of clouds
	shortestMixed    = 24  // in a file: small and capital letters and digits
	shortestHex      = 32  // in a file: hexadecimal digits
	shortestInText   = 60  // in a line or a message that is shown: letters, digits, "+", "/" and "_"; see secretLike
	shortestMaterial = 101 // in place of a path: base64 of DER, of PEM, or of JSON in base64
)

// longInPath is a run that is too long for a name in a path, if there are many digits among its letters.
var (
	longInPath = pattern(`[A-Za-z0-9+=]{20,}`)
	digitInRun = pattern(`[0-9]`)
)

// secretLike is what looks like a token or a key wherever it stands, the user of a URL and what follows its path, and
// what a name of a secret gives a value.
var secretLike = pattern(`eyJ[A-Za-z0-9_-]{8,}[A-Za-z0-9_.-]*|(?s:-----BEGIN.*)|[A-Za-z0-9+/_]{60,}={0,2}` +
	`|://[^/\s"']*@[^\s"']*|://[^\s"'?#]*[?#][^\s"']*|[^\s"'/@:]+:[^\s"'@/:]+@[^\s"']*|[?&][A-Za-z_.-]+=[^\s"'&]+|\b(?:gh[opsu]|github_pat|glpat|xox[abp])[-_][A-Za-z0-9_-]{10,}|(?i:(?:bearer|basic) +[^\s"']{8,}|[a-z_.-]*(?:token|passw|pass|pwd|secret|key|credential)[a-z_.-]*=[^"'&\s,}]+)`)

// What private material looks like in a text: a key in PEM, and the three parts of a JWT.
var (
	keyInPEM  = pattern(`-----BEGIN [A-Z ]*PRIVATE KEY`)
	jwtInText = pattern(`eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}`)
)

// pathNames are the fields of a topology under which material might have been pasted.
var pathNames = Names{"credential", "token", "key", "intermediate", "ca"}

// valueNames are how the names of fields and variables in files end whose values are secret; an s may follow.
var valueNames = []string{"token", "secret", "pwd", "pass", "auth", "authorization", "credential", "key-data", "apikey", "api-key", "api_key",
	"accesskey", "access-key", "access_key", "secretkey", "secret-key", "secret_key", "privatekey", "private-key", "private_key",
	"client-key", "signing-key", "signing_key", "ca-key.pem", "tls.key"}

// secretWords are words that nothing generated has unless the user put them there, in a topology or with an editor. The
// last is how PEM begins in base64.
var secretWords = []string{"password", "passwd", "passphrase", "bearer ", "private key", "secretgenerator", "dockerconfigjson", "ls0tls1crudjtib"}

// Where a document says, read or not, that it is a Secret, a kubeconfig, or something that Secrets are made of. The
// text is in lower case.
var (
	saysSecret = pattern(`kind["']?\s*:\s*(?:[&!]\S+\s+)*["']?[a-z]*secret` +
		`|\bsecret\b["']?[ \t]*(?:[^"' \t:]|$)`) // but not as the key of a volume
	publicKind  = pattern(`kind["']?\s*:\s*["']?configmap`)
	kubeconfig  = pattern(`kind["']?\s*:\s*["']?config["'\s,}]`)
	commentLine = pattern(`(?m)^\s*#.*$`)
)

// dataInPatch is the data of a Secret by its name, not that of the metadata.
var dataInPatch = pattern(`(?i)(?:^|[^a-z])(?:string)?data(?:[^a-z]|$)`)

// Names are those of fields.
type Names []string

// Has reports whether a name is one of them.
func (n Names) Has(name string) bool { return slices.Contains(n, name) }

// Fields and annotations whose values may be shown of a Secret, and those that are maps of names or of objects.
var (
	OpenFields      = Names{"apiVersion", "kind", "type", "immutable"}
	OpenMaps        = Names{"metadata", "labels", "annotations", "items"} // of names, or of objects
	DataMaps        = Names{"data", "stringData", "binaryData"}           // of private values
	OpenAnnotations = Names{"networking.istio.io/cluster", "kubernetes.io/service-account.name"}
)

// pattern is an expression that is compiled when it is first used.
func pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
