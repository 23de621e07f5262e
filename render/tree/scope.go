package tree

import (
	"slices"
	"strings"
)

// Scope names the clusters that a comparison is limited to. Nothing else is compared, written or pruned, not even
// the fleet's README. The empty scope is the whole tree.
type Scope []string

// Contains tells whether a path of the tree is within the scope.
func (s Scope) Contains(path string) bool {
	cluster, _, ok := clusterOf(path)
	return len(s) == 0 || ok && slices.Contains(s, cluster)
}

// includes tells whether the entry called name of the clusters directory is within the scope.
func (s Scope) includes(name string) bool {
	return len(s) == 0 || slices.Contains(s, name)
}

// files returns the files of the tree within the scope, in their order.
func (s Scope) files(t *Tree) []File {
	if len(s) == 0 {
		return t.Files
	}
	var files []File
	for _, f := range t.Files {
		if s.Contains(f.Path) {
			files = append(files, f)
		}
	}
	return files
}

// clusterOf splits clusters/NAME/REST. The fleet's own files belong to no cluster.
func clusterOf(path string) (cluster, rest string, ok bool) {
	below, ok := strings.CutPrefix(path, top+"/")
	if !ok {
		return "", "", false
	}
	return strings.Cut(below, "/")
}
