package document

import (
	"strings"
	"unicode"
)

// SnakeCase gives the other spelling of a field that protobuf's JSON reads: trust_domain for trustDomain.
func SnakeCase(key string) string {
	if strings.ContainsRune(key, '_') {
		return key
	}
	var b strings.Builder
	for _, r := range key {
		if unicode.IsUpper(r) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
