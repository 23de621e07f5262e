// Package placeholder knows texts that another tool fills in later, so that nothing is known of them yet.
package placeholder

import (
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
)

// notations match the placeholders of envsubst and Flux (${NAME}, $NAME), kustomize ($(NAME)), Helm and ApplicationSets
// ({{ .Values.name }}), Python ({name}), pages with examples (<NAME>), autoconf (@NAME@), Azure Pipelines (#{NAME}#,
// __NAME__), Concourse (((name))) and ytt (#@ data.values.name), of the Vault plugin of Argo CD (<path:…>) and of vals
// (ref+…).
var notations = []string{
	`\$\{[^{}]*\}`, `\$[A-Za-z_]\w*`, `\$\([^()]*\)`, `\{\{.*\}\}`, `\{[A-Za-z_][\w.-]*\}`, `<path:[^<>]*>`, `<[A-Za-z][\w -]*>`, `@[A-Z_][A-Z0-9_]*@`,
	`__[A-Z][A-Z0-9_]*__`, `\(\([\w./-]+\)\)`, `^#@ .*`, `^ref\+\S+`,
}

var (
	substituted = diag.OnceRegexp(strings.Join(notations, "|"))
	wholly      = diag.OnceRegexp(`^(?:` + strings.Join(notations, "|") + `)$`)
)

// directives are the words with a dollar sign that kustomize and Argo CD know themselves.
var directives = []string{"$patch", "$retainKeys", "$setElementOrder", "$deleteFromPrimitiveList", "$values"}

// Whole reports whether a value is nothing but a placeholder, so that nothing is known of it.
func Whole(text string) bool {
	text = strings.TrimSpace(text)
	return mayHave(text) && wholly().MatchString(text)
}

// In reports whether a text has a placeholder in it.
func In(text string) bool {
	return mayHave(text) && substituted().MatchString(text)
}

// mayHave spares most texts the expression.
func mayHave(text string) bool {
	if !strings.ContainsAny(text, "$<{@_#(+") {
		return false
	}
	for _, d := range directives {
		if strings.HasPrefix(text, d) {
			return false
		}
	}
	return true
}

// MaySame reports whether two texts are the same, or may be once their placeholders are filled in.
func MaySame(a, b string) bool { return a == b || In(a) || In(b) }
