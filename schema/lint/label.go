package lint

import (
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
)

var (
	valueText  = diag.OnceRegexp(`^[A-Za-z0-9]([-_.A-Za-z0-9]*[A-Za-z0-9])?$`)
	domainText = diag.OnceRegexp(`^[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?(\.[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?)*\.?$`)
)

func isNetworkName(text string) bool { return len(text) <= 63 && valueText().MatchString(text) }

// hasSpace reports whether a text has a space or a tab in it.
func hasSpace(text string) bool { return strings.ContainsAny(text, " \t") }

// isSubdomain reports whether a text is a lower-case subdomain of RFC 1123, as names of Secrets are.
func isSubdomain(text string) bool {
	for label := range strings.SplitSeq(text, ".") {
		if !isLabel(label) && !(len(label) > 63 && isLabel(label[:1]) && isLabel(label[len(label)-1:]) && strings.Trim(label, labelCharacters) == "") {
			return false
		}
	}
	return len(text) <= 253
}

const labelCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-"

// isLabel reports whether a text is a lower-case label of RFC 1123, as names of clusters are.
func isLabel(text string) bool {
	return text != "" && len(text) <= 63 && strings.Trim(text, labelCharacters) == "" && strings.Trim(text, "-") == text
}
