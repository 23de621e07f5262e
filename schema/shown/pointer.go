package shown

import (
	"strings"

	"meshtopo.dev/meshtopo/schema/istio"
	"meshtopo.dev/meshtopo/schema/private"
)

// Pointer gives a JSON pointer (RFC 6901) with nothing of it but fields, names and numbers: the rest is masked, and so
// is what is no pointer.
func Pointer(pointer string) string {
	parts := strings.Split(pointer, "/")
	for i, part := range parts {
		if i == 0 && part == "" || i > 0 && isPublicPart(part, parts[i-1]) {
			continue
		}
		parts[i] = private.Hidden
	}
	return strings.Join(parts, "/")
}

// isPublicPart reports whether a part of a pointer may be shown, below another one.
func isPublicPart(part, above string) bool {
	if private.DataMaps.Has(above) {
		return private.IsFileName(part)
	}
	if part == "" || part == "-" || istio.IsField(part) || isIndex(part) {
		return true
	}
	for word := range strings.SplitSeq(strings.ReplaceAll(part, "~1", "/"), "/") {
		if !private.IsKey(word) {
			return false
		}
	}
	return true
}

// isIndex reports whether a part of a pointer is the place of an item in a list.
func isIndex(part string) bool { return len(part) <= 5 && strings.Trim(part, "0123456789") == "" }
