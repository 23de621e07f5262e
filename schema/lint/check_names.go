package lint

import (
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/grammar"
)

// checkName checks the name of a cluster, a label of RFC 1123, or of a network, the value of a label.
func checkName(v value, what string, found *diag.List) {
	good, form := isLabel(v.text), "lower-case letters, digits and dashes, at most 63"
	if what == "network" {
		good, form = isNetworkName(v.text), "letters, digits, dashes, underscores and dots, at most 63"
	}
	if v.text == "" || !v.given() || good {
		return
	}
	d := found.Add(v.pos, grammar.InvalidName, "the name %q of a %s is not one that Kubernetes takes", v.text, what)
	d.Fix = "use " + form
}

// checkDomain checks what ValidateTrustDomain checks (pkg/config/validation/agent/validation.go).
func checkDomain(v value, found *diag.List) {
	if v.text == "" || domainText().MatchString(v.text) {
		return
	}
	d := found.Add(v.pos, grammar.InvalidValue, "%q is not a domain", v.text)
	d.Fix = "use labels of letters, digits and dashes with dots between them, such as cluster.local"
}

var (
	valueText  = diag.OnceRegexp(`^[A-Za-z0-9]([-_.A-Za-z0-9]*[A-Za-z0-9])?$`)
	domainText = diag.OnceRegexp(`^[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?(\.[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?)*\.?$`)
)

func isNetworkName(text string) bool { return len(text) <= 63 && valueText().MatchString(text) }

func hasSpace(text string) bool { return strings.ContainsAny(text, " \t") }

const labelCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-"

// isLabel reports whether a text is a lower-case label of RFC 1123, as names of clusters are.
func isLabel(text string) bool {
	return text != "" && len(text) <= 63 && strings.Trim(text, labelCharacters) == "" && strings.Trim(text, "-") == text
}
