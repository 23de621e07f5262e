package login

import (
	"strings"

	"meshtopo.dev/meshtopo/schema"
)

// Allow gives the values of istiod's chart with the ways to log in that istiod has to be allowed, unless the user's own
// list has them, which package owned sees to.
func Allow(values map[string]any, options []string) map[string]any {
	pilot, _ := values["pilot"].(map[string]any)
	env, _ := pilot["env"].(map[string]any)
	if _, own := env[schema.KubeconfigOptions]; len(options) == 0 || own {
		return values
	}
	return schema.Merge(values, map[string]any{"pilot": map[string]any{"env": map[string]any{schema.KubeconfigOptions: strings.Join(options, ",")}}})
}
