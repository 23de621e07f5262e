package private

import (
	"strings"
)

// IsKey reports whether a key that nobody knows has the form of one. A password may have it too, which is why a key in
// the data of a Secret, or in a document of an unknown kind, is not shown in any case.
func IsKey(key string) bool { return keyForm().MatchString(key) }

// IsFileName reports whether a key of a Secret is the name of a file.
func IsFileName(key string) bool { return fileForm().MatchString(key) }

// LooksPrivate reports whether a value, also one in a public place, is not what belongs there: a key, a token, or a URL
// with more than an address.
func LooksPrivate(text string) bool {
	return strings.Contains(text, "\n") || IsMaterial(text) || IsOpaque(text) || mayLookSecret(text) && secretLike().MatchString(text) || holdsOpaque([]byte(text))
}

// LooksLikeToken reports whether what stands for a path or the name of a variable is a token, a key or a password that
// was pasted there.
func LooksLikeToken(text string) bool {
	return IsOpaque(text) || mayLookSecret(text) && secretLike().MatchString(text)
}

var (
	keyForm  = pattern(`^[A-Za-z_.-]{1,40}$`)
	fileForm = pattern(`^[A-Za-z0-9][A-Za-z0-9_-]{0,31}\.(?:pem|crt|cert|key|csr|ya?ml|json|conf|txt)$`)
)
