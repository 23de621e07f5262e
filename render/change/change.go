// Package change says what changes of files mean for the clusters and their objects. That files differ is package
// tree's to find out; what an object says is only compared here, so that nothing private is shown.
package change

import (
	"bytes"
	"cmp"
	"hash/maphash"
	"path"
	"slices"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/tree"
)

// Cluster is what changes of files mean for one cluster.
type Cluster struct {
	Name      string     `json:"name"`
	Change    tree.Kind  `json:"change"`    // Added or Removed for the whole directory, else Changed
	Resources []Resource `json:"resources"` // by kind, namespace and name; never nil
}

// Resource is a Kubernetes object that differs. What it says is not known here, so that nothing private is.
type Resource struct {
	Change tree.Kind `json:"change"` // Added, Changed or Removed
	Object
}

// Summarize says what changes of files mean for the clusters, given the tree that is compared with. The files are read,
// but what they say is only compared. Changes are sorted by path, and not applied yet.
func Summarize(changes []tree.Change, want *tree.Tree) ([]Cluster, error) {
	var clusters []Cluster
	wanted := knownFiles(want)
	for len(changes) > 0 {
		name, _, ok := layout.Split(changes[0].Path)
		n := slices.IndexFunc(changes, func(c tree.Change) bool { other, _, _ := layout.Split(c.Path); return other != name })
		if n < 0 {
			n = len(changes)
		}
		own := changes[:n]
		changes = changes[n:]
		if !ok {
			continue
		}
		resources, err := changedResources(own)
		if err != nil {
			return nil, err
		}
		clusters = append(clusters, Cluster{name, clusterKind(own, wanted[name]), resources})
	}
	return clusters, nil
}

// knownFiles counts the files of each cluster that are always compared.
func knownFiles(want *tree.Tree) map[string]int {
	files := map[string]int{}
	for i := range want.Files {
		if name, _, ok := layout.Split(want.Files[i].Path); ok && !want.Files[i].Unknown {
			files[name]++
		}
	}
	return files
}

// clusterKind tells a directory that comes as a whole, with so many files, or goes, from one that changes.
func clusterKind(own []tree.Change, files int) tree.Kind {
	added, removed := 0, 0
	for _, c := range own {
		switch {
		case c.Kind == tree.Removed:
			removed++
		case c.Kind != tree.Added:
			return tree.Changed
		case !c.Unknown:
			added++
		}
	}
	switch {
	case removed == 0 && added == files:
		return tree.Added
	case removed == len(own) && files == 0:
		return tree.Removed
	}
	return tree.Changed
}

// changedResources compares the objects of one cluster's files. An object that moved from one file to another, and is
// the same, is not a change. What a kustomization lists is applied, and nothing else: it counts as an object, called
// like its directory, where it says more than the files that come and go.
func changedResources(own []tree.Change) ([]Resource, error) {
	s := summary{maphash.MakeSeed(), digests{}, digests{}}
	var buf []byte
	for i := range own {
		c := &own[i]
		if path.Ext(c.Path) != ".yaml" {
			continue
		}
		add := s.add
		if path.Base(c.Path) == layout.Kustomization {
			add = func(have, want []byte) { s.addKustomization(own, path.Dir(c.Path), have, want) }
		} else if chart := layout.Chart(c.Path); chart != "" {
			add = func(have, want []byte) { s.addWhole(Object{Kind: "HelmValues", Name: chart}, have, want) }
		}
		var err error
		if buf, err = c.Inspect(buf, add); err != nil {
			return nil, err
		}
	}
	return s.changes(), nil
}

// summary collects the objects of a cluster's files, as they are and as they should be.
type summary struct {
	seed          maphash.Seed
	before, after digests
}

// digests tell of each object what it says, without saying it: most is private, and all of it would be too much to
// keep for a large fleet.
type digests map[Object]uint64

// add collects the objects of one file. Where somebody made something of it that cannot be read, its objects have
// changed. Generated objects are found by the few lines that name them instead of parsing YAML: a token that is renewed
// changes a file for every cluster of the fleet.
func (s *summary) add(have, want []byte) {
	unreadable := false
	for document := range documents(have) {
		objects := objectsIn(document)
		for _, r := range objects {
			s.before[r] = s.digest(document)
		}
		unreadable = unreadable || len(objects) == 0 && len(content(document)) > 0
	}
	for document := range bytes.SplitSeq(want, []byte("\n---\n")) {
		r := identify(document)
		if !r.valid() {
			continue
		}
		s.after[r] = s.digest(document)
		if unreadable {
			s.before[r] = ^s.after[r]
		}
	}
}

// addWhole collects a file as one object, under a kind of its own. A file that is not there is nil.
func (s *summary) addWhole(r Object, have, want []byte) {
	if have != nil {
		s.before[r] = s.digest(have)
	}
	if want != nil {
		s.after[r] = s.digest(want)
	}
}

// content leaves out where the document begins, and the comment that opens a generated file.
func content(document []byte) []byte {
	rest := bytes.TrimSpace(bytes.TrimPrefix(document, []byte("---")))
	for bytes.HasPrefix(rest, []byte("#")) {
		_, rest, _ = bytes.Cut(rest, []byte("\n"))
	}
	return bytes.TrimSpace(rest)
}

func (s *summary) digest(document []byte) uint64 { return maphash.Bytes(s.seed, content(document)) }

// changes lists what differs.
func (s *summary) changes() []Resource {
	changes := []Resource{}
	for r, text := range s.after {
		if old, ok := s.before[r]; !ok {
			changes = append(changes, Resource{tree.Added, r})
		} else if old != text {
			changes = append(changes, Resource{tree.Changed, r})
		}
	}
	for r := range s.before {
		if _, ok := s.after[r]; !ok {
			changes = append(changes, Resource{tree.Removed, r})
		}
	}
	slices.SortFunc(changes, func(a, b Resource) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name))
	})
	return changes
}
