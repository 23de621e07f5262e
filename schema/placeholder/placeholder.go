// Package placeholder knows texts that another tool fills in later, so that nothing is known of them yet.
package placeholder

import (
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
)

// substituted matches placeholders of envsubst and Flux (${NAME}), kustomize ($(NAME)), Helm ({{ .Values.name }}), the
// Vault plugin of Argo CD (<path:…>) and vals (ref+…).
var substituted = diag.OnceRegexp(`\$\{[^{}]*\}|\$\([^()]*\)|\{\{.*\}\}|<path:[^<>]*>|^ref\+\S`)

// wholly matches a value that is nothing but a placeholder.
var wholly = diag.OnceRegexp(`^(?:\$\{[^{}]*\}|\$\([^()]*\)|\{\{.*\}\}|<path:[^<>]*>|ref\+\S*)$`)

// Whole reports whether a value is nothing but a placeholder, so that nothing is known of it.
func Whole(text string) bool { return wholly().MatchString(strings.TrimSpace(text)) }

// In reports whether a text has a placeholder in it.
func In(text string) bool {
	return strings.ContainsAny(text, "$<{+") && substituted().MatchString(text)
}

// MaySame reports whether two texts are the same, or may be once their placeholders are filled in.
func MaySame(a, b string) bool { return a == b || In(a) || In(b) }
