package fields

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/istio"
)

// Paths are those that misspelt fields of an object were probably meant to have, so that these are not reported as
// missing, too.
type Paths [][]string

// Misspelt gives the paths that misspelt fields were probably meant to have.
func Misspelt(problems []*istio.Problem) Paths {
	var paths Paths
	for _, p := range problems {
		if p.Kind == istio.UnknownField && p.Near != "" {
			paths = append(paths, append(slices.Clone(p.Path[:len(p.Path)-1]), p.Near))
		}
	}
	return paths
}

// Have reports whether a path is one of the paths, or below one.
func (paths Paths) Have(path string) bool {
	keys := document.ParsePath(path)
	return slices.ContainsFunc(paths, func(p []string) bool { return len(p) <= len(keys) && slices.Equal(p, keys[:len(p)]) })
}

// HaveBelow reports whether one of the paths is a path, or below it.
func (paths Paths) HaveBelow(path ...string) bool {
	return slices.ContainsFunc(paths, func(p []string) bool { return len(p) >= len(path) && slices.Equal(p[:len(path)], path) })
}
