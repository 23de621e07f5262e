package lint

import (
	"slices"

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
func within(paths [][]string, path ...string) bool {
	return slices.ContainsFunc(paths, func(p []string) bool { return len(p) <= len(path) && slices.Equal(p, path[:len(p)]) })
}

// below reports whether one of the paths is below a path.
func below(paths [][]string, path ...string) bool {
	return slices.ContainsFunc(paths, func(p []string) bool { return len(p) >= len(path) && slices.Equal(p[:len(path)], path) })
}

// lacks reports whether an installation has no value at a path, and no misspelt field that is meant for it.
func (i *install) lacks(v value, path ...string) bool {
	return !v.given() && !within(i.misspelt, path...)
}

// Where an IstioOperator has what clusters are compared by.
var (
	clusterNamePath   = []string{"spec", "values", "global", "multiCluster", "clusterName"}
	meshIDPath        = []string{"spec", "values", "global", "meshID"}
	networkPath       = []string{"spec", "values", "global", "network"}
	clusterDomainPath = []string{"spec", "values", "global", "proxy", "clusterDomain"}
	trustDomainPath   = []string{"spec", "meshConfig", "trustDomain"}
	addressPath       = []string{"spec", "values", "global", "remotePilotAddress"}
	injectionPathPath = []string{"spec", "values", "istiodRemote", "injectionPath"}
	externalPath      = []string{"spec", "values", "global", "externalIstiod"}
	profilePath       = []string{"spec", "profile"}
)
