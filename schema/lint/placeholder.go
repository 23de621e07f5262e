package lint

import (
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
)

// substituted matches placeholders of envsubst and Flux (${NAME}), kustomize ($(NAME)), Helm ({{ .Values.name }}), the
// Vault plugin of Argo CD (<path:…>) and vals (ref+…).
var substituted = diag.OnceRegexp(`\$\{[^{}]*\}|\$\([^()]*\)|\{\{.*\}\}|<path:[^<>]*>|^ref\+\S`)

// wholly matches a value that is nothing but a placeholder.
var wholly = diag.OnceRegexp(`^(?:\$\{[^{}]*\}|\$\([^()]*\)|\{\{.*\}\}|<path:[^<>]*>|ref\+\S*)$`)

// unfilled reports whether a value is nothing but a placeholder, so that nothing is known of it.
func unfilled(text string) bool { return wholly().MatchString(strings.TrimSpace(text)) }

// hasPlaceholder reports whether a text has a placeholder in it.
func hasPlaceholder(text string) bool {
	return strings.ContainsAny(text, "$<{+") && substituted().MatchString(text)
}

// maySame reports whether two texts are the same, or may be once their placeholders are filled in.
func maySame(a, b string) bool { return a == b || hasPlaceholder(a) || hasPlaceholder(b) }

// spot is where a text begins.
type spot struct {
	file      string
	line, col int
}

func spotOf(pos diag.Pos) spot { return spot{pos.File, pos.Line, pos.Col} }
