package fields

import (
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/grammar"
)

// CheckName checks the name of a cluster, a label of RFC 1123, or of a network, the value of a label.
func CheckName(text string, pos diag.Pos, what string, found *diag.List) {
	good, form := IsLabel(text), "lower-case letters, digits and dashes, at most 63"
	if what == "network" {
		good, form = IsNetworkName(text), "letters, digits, dashes, underscores and dots, at most 63"
	}
	if text == "" || pos.Line == 0 || good {
		return
	}
	d := found.Add(pos, grammar.InvalidName, "the name %q of a %s is not one that Kubernetes takes", text, what)
	d.Fix = "use " + form
}

// CheckDomain checks what ValidateTrustDomain checks (pkg/config/validation/agent/validation.go).
func CheckDomain(text string, pos diag.Pos, found *diag.List) {
	if text == "" || domainText().MatchString(text) {
		return
	}
	d := found.Add(pos, grammar.InvalidValue, "%q is not a domain", text)
	d.Fix = "use labels of letters, digits and dashes with dots between them, such as cluster.local"
}

var (
	valueText  = diag.OnceRegexp(`^[A-Za-z0-9]([-_.A-Za-z0-9]*[A-Za-z0-9])?$`)
	domainText = diag.OnceRegexp(`^[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?(\.[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?)*\.?$`)
)

// IsNetworkName reports whether a text can be the name of a network: the value of a label.
func IsNetworkName(text string) bool { return len(text) <= 63 && valueText().MatchString(text) }

const labelCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-"

// IsLabel reports whether a text is a lower-case label of RFC 1123, as names of clusters are.
func IsLabel(text string) bool {
	return text != "" && len(text) <= 63 && strings.Trim(text, labelCharacters) == "" && strings.Trim(text, "-") == text
}
