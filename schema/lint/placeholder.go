package lint

import (
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
)

// substituted matches where envsubst and Flux (${NAME}), kustomize ($(NAME)), Helm ({{ .Values.name }}), the Vault plugin of Argo CD
// (<path:…>) and vals (ref+…) put a value.
var substituted = diag.OnceRegexp(`\$\{[^{}]*\}|\$\([^()]*\)|\{\{.*\}\}|<path:[^<>]*>|^ref\+\S`)

// wholly matches a value that is nothing but such a place.
var wholly = diag.OnceRegexp(`^(?:\$\{[^{}]*\}|\$\([^()]*\)|\{\{.*\}\}|<path:[^<>]*>|ref\+\S*)$`)

// unfilled reports whether a value will be another one when it is applied, of which nothing is known.
func unfilled(text string) bool { return wholly().MatchString(strings.TrimSpace(text)) }

// hasPlaceholder reports whether a text will be another one when it is applied.
func hasPlaceholder(text string) bool {
	return strings.ContainsAny(text, "$<{+") && substituted().MatchString(text)
}

// maySame reports whether two texts are the same, or may be once they are filled in.
func maySame(a, b string) bool { return a == b || hasPlaceholder(a) || hasPlaceholder(b) }

// spot is where a text begins.
type spot struct {
	file      string
	line, col int
}

func spotOf(pos diag.Pos) spot { return spot{pos.File, pos.Line, pos.Col} }
