package private

import (
	"slices"
	"strings"
)

// IsMaterial reports whether a text is material itself where the name of a file is wanted. Such a text must not be
// repeated to anybody.
func IsMaterial(text string) bool {
	t := strings.TrimSpace(text)
	return strings.Contains(t, PEMBegin) || strings.HasPrefix(t, "eyJ") && strings.Count(t, ".") >= 2 ||
		len(t) >= shortestMaterial && (strings.HasPrefix(t, "MII") || strings.HasPrefix(t, "LS0tLS1CRUdJTi") || strings.HasPrefix(t, "ZXlK"))
}

// IsOpaque reports whether a text looks like a random token rather than a path: a long run of letters with digits among
// them, or a bootstrap token.
func IsOpaque(text string) bool {
	return slices.ContainsFunc(longInPath().FindAllString(text, -1), func(run string) bool {
		count := len(digitInRun().FindAllString(run, -1))
		return isOpaque([]byte(run)) || count >= 4 && count*5 >= len(run)
	}) || len(text) == bootstrapToken && isBootstrapToken([]byte(text))
}

// HoldsKeyOrJWT reports whether there is a private key in PEM, or a JWT, in a text.
func HoldsKeyOrJWT(text string) bool {
	return strings.Contains(text, PEMBegin) && keyInPEM().MatchString(text) || strings.Contains(text, "eyJ") && jwtInText().MatchString(text)
}

// IsJWT reports whether a token is meant as a JWT: "eyJ" is how every JSON object starts in base64.
func IsJWT(token string) bool {
	return strings.HasPrefix(token, "eyJ") && strings.Contains(token, ".")
}

// Mask replaces what looks like a token or a key in a text.
func Mask(text, mask string) string {
	if !mayLookSecret(text) {
		return text
	}
	return secretLike().ReplaceAllLiteralString(text, mask)
}

// mayLookSecret spares most lines and messages the expression, which takes a microsecond for each character.
func mayLookSecret(text string) bool {
	return containsAny(text, "eyJ", PEMBegin, "://", "=", "@", "gh", "glpat", "xox", "earer ", "asic ", "EARER ", "ASIC ") || hasLongWord(text)
}

// hasLongWord reports whether so many letters and digits follow each other as in a key.
func hasLongWord(text string) bool {
	n := 0
	for i := range len(text) {
		if n++; text[i] == '-' || text[i] != '/' && !inRun(text[i]) {
			n = 0
		}
		if n == shortestInText {
			return true
		}
	}
	return false
}

func containsAny(text string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(text, part) })
}
