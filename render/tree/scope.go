package tree

import (
	"hash/fnv"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/render/layout"
)

// Scope limits a comparison to some entries of the clusters directory: it is called with the name of an entry. Nothing
// else is compared, written or pruned. nil is the whole tree.
type Scope func(entry string) bool

// Clusters is the scope of the clusters of these names. The fleet's own files are outside.
func Clusters(names ...string) Scope {
	return func(entry string) bool { return slices.Contains(names, entry) }
}

// Shard is the scope of the part with this index, counted from 0, of a tree that is divided into count parts. Every
// entry is in exactly one, and only its name says in which: a cluster that joins or leaves moves no other, and a
// directory whose cluster has left is in the part that wrote it. The fleet's README is in the first.
func Shard(index, count int) Scope {
	return func(entry string) bool {
		if entry == layout.Readme { // the one entry that is no cluster's
			return index == 0
		}
		h := fnv.New32a()
		h.Write([]byte(entry))
		return int(h.Sum32()%uint32(count)) == index
	}
}

// Contains tells whether a path of the tree is within the scope.
func (s Scope) Contains(path string) bool {
	below, ok := strings.CutPrefix(path, layout.Top+"/")
	entry, _, _ := strings.Cut(below, "/")
	return s == nil || ok && s(entry)
}

// includes tells whether the entry called name of the clusters directory is within the scope.
func (s Scope) includes(name string) bool { return s == nil || s(name) }

// files returns the files of the tree within the scope, in their order.
func (s Scope) files(t *Tree) []File {
	if s == nil {
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
