package lint

import (
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// substituted matches what envsubst and Flux (${NAME}), kustomize ($(NAME)), the Vault plugin of Argo CD (<path:…>) and vals
// (ref+…) put a value in the place of.
var substituted = document.OnceRegexp(`^(\$\{[^{}]*\}|\$\([^()]*\)|<path:[^<>]*>|ref\+\S*)$`)

// unfilled reports whether a value will be another one when it is applied.
func unfilled(text string) bool { return substituted().MatchString(strings.TrimSpace(text)) }

// reportUnfilled says that a value is not checked, once for each Secret.
func reportUnfilled(o *manifest.Object, items []manifest.Item, found *diag.List) {
	for _, item := range items {
		if unfilled(item.Raw()) {
			d := found.Add(item.KeyPos, manifest.EncryptedSkipped, "a value of %s is filled in later and is not checked", o)
			d.Why = "what it will be is not known before it is filled in"
			d.Fix = "check what is applied: envsubst < FILE | meshtopo lint -"
			return
		}
	}
}
