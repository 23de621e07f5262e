package explain

import (
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/grammar"
)

// childrenOf lists the fields directly below a field; those of a map's entries count as the map's.
func childrenOf(f grammar.Field, all []grammar.Field) []grammar.Field {
	var below []grammar.Field
	for _, child := range all {
		rest, ok := strings.CutPrefix(child.Path, f.Path+".")
		if ok && !strings.Contains(strings.TrimPrefix(rest, "NAME."), ".") {
			below = append(below, child)
		}
	}
	return below
}

func lastName(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

func namesBelow(f grammar.Field, all []grammar.Field) []string {
	var names []string
	for _, child := range childrenOf(f, all) {
		names = append(names, lastName(child.Path))
	}
	return names
}

// topics lists what can be asked for.
func topics(rules []*diag.Rule, fields []grammar.Field) []string {
	var known []string
	for _, r := range rules {
		known = append(known, r.Code)
	}
	for _, f := range fields {
		known = append(known, f.Path, strings.TrimPrefix(f.Path, "spec."))
	}
	return known
}
