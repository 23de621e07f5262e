package lint

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/istio"
)

// misspeltPaths gives the paths that misspelt fields of an object were probably meant to have, so that these are not
// reported as missing, too.
func misspeltPaths(fields []*istio.Problem) [][]string {
	var paths [][]string
	for _, p := range fields {
		if p.Kind == istio.UnknownField && p.Near != "" {
			paths = append(paths, append(slices.Clone(p.Path[:len(p.Path)-1]), p.Near))
		}
	}
	return paths
}

// within reports whether a path is one of the paths, or below one.
func within(paths [][]string, path string) bool {
	keys := document.ParsePath(path)
	return slices.ContainsFunc(paths, func(p []string) bool { return len(p) <= len(keys) && slices.Equal(p, keys[:len(p)]) })
}

// below reports whether one of the paths is below a path.
func below(paths [][]string, path ...string) bool {
	return slices.ContainsFunc(paths, func(p []string) bool { return len(p) >= len(path) && slices.Equal(p[:len(path)], path) })
}

// lacks reports whether an installation has no value at a path, and no misspelt field that is meant for it.
func (i *install) lacks(v value, path string) bool {
	return !v.given() && !within(i.misspelt, path)
}
