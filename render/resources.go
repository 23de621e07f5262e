package render

import (
	"bytes"
	"cmp"
	"hash/maphash"
	"iter"
	"path"
	"slices"
	"strconv"
	"strings"

	"meshtopo.dev/meshtopo/render/tree"
)

// ClusterChange is what changes of files mean for one cluster.
type ClusterChange struct {
	Name      string
	Kind      tree.Kind        // Added or Removed for the whole directory, else Changed
	Resources []ResourceChange // by kind, namespace and name
}

// ResourceChange is a Kubernetes object that differs. What it says is not known here, so that nothing private is.
type ResourceChange struct {
	Change tree.Kind // Added, Changed or Removed
	resource
}

// resource is what tells the objects of a cluster apart.
type resource struct{ Kind, Namespace, Name string }

// Summarize says what changes of files mean for the clusters. The files are read, but what they say is only compared.
// Changes are sorted by path, and not applied yet.
func Summarize(changes []tree.Change) ([]ClusterChange, error) {
	var clusters []ClusterChange
	for len(changes) > 0 {
		name, ok := clusterOf(changes[0].Path)
		n := slices.IndexFunc(changes, func(c tree.Change) bool { other, _ := clusterOf(c.Path); return other != name })
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
		clusters = append(clusters, ClusterChange{name, clusterKind(own), resources})
	}
	return clusters, nil
}

// clusterOf gives the cluster whose directory a file is in. The fleet's own files are in none.
func clusterOf(file string) (string, bool) {
	name, _, ok := strings.Cut(strings.TrimPrefix(file, "clusters/"), "/")
	if !ok {
		return "", false
	}
	return name, true
}

// clusterKind tells a directory that comes or goes as a whole from one that changes. Every directory has a README.
func clusterKind(own []tree.Change) tree.Kind {
	whole := false
	for _, c := range own {
		if c.Kind != own[0].Kind {
			return tree.Changed
		}
		whole = whole || path.Base(c.Path) == "README.md"
	}
	if kind := own[0].Kind; whole && (kind == tree.Added || kind == tree.Removed) {
		return kind
	}
	return tree.Changed
}

// changedResources compares the objects of one cluster's files. An object that moved from one file to another, and is
// the same, is not a change.
func changedResources(own []tree.Change) ([]ResourceChange, error) {
	s := summary{maphash.MakeSeed(), digests{}, digests{}}
	var buf []byte
	for i := range own {
		if path.Ext(own[i].Path) != ".yaml" {
			continue
		}
		var err error
		if buf, err = own[i].Inspect(buf, s.add); err != nil {
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
type digests map[resource]uint64

// add collects the objects of one file. Where somebody made something else of it, its objects have changed. They are
// found by the few lines that name them instead of parsing YAML: a token that is renewed changes a file for every
// cluster of the fleet, and generated files always have those lines.
func (s *summary) add(have, want []byte) {
	before := len(s.before)
	for document := range documents(have) {
		if r := identify(document); r.valid() {
			s.before[r] = s.digest(document)
		}
	}
	unknown := have != nil && len(s.before) == before
	for document := range documents(want) {
		r := identify(document)
		if !r.valid() {
			continue
		}
		s.after[r] = s.digest(document)
		if unknown {
			s.before[r] = ^s.after[r]
		}
	}
}

// documents gives the YAML documents of a file.
func documents(file []byte) iter.Seq[[]byte] {
	return bytes.SplitSeq(bytes.TrimPrefix(file, []byte("---\n")), []byte("\n---\n"))
}

// digest leaves the comment out that opens a generated file.
func (s *summary) digest(document []byte) uint64 {
	text := bytes.TrimSpace(document)
	for bytes.HasPrefix(text, []byte("#")) {
		_, text, _ = bytes.Cut(text, []byte("\n"))
	}
	return maphash.Bytes(s.seed, text)
}

// changes lists what differs.
func (s *summary) changes() []ResourceChange {
	var changes []ResourceChange
	for r, text := range s.after {
		if old, ok := s.before[r]; !ok {
			changes = append(changes, ResourceChange{tree.Added, r})
		} else if old != text {
			changes = append(changes, ResourceChange{tree.Changed, r})
		}
	}
	for r := range s.before {
		if _, ok := s.after[r]; !ok {
			changes = append(changes, ResourceChange{tree.Removed, r})
		}
	}
	slices.SortFunc(changes, func(a, b ResourceChange) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name))
	})
	return changes
}

// valid reports whether this is an object.
func (r resource) valid() bool {
	return nameLike(r.Kind) && nameLike(r.Name) && (r.Namespace == "" || nameLike(r.Namespace))
}

// nameLike accepts what Kubernetes does in names. Anything else is left to be shown by those who escape it.
func nameLike(name string) bool {
	strange := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-.:", r)
	}
	return name != "" && len(name) <= 253 && !strings.ContainsFunc(name, strange)
}

// identify finds kind, and name and namespace directly below metadata. It reads no further than these: most of a Secret
// is one long line.
func identify(document []byte) resource {
	var r resource
	section, indent := "", 0
	for line := range bytes.Lines(document) {
		text := bytes.TrimLeft(line, " ")
		depth := len(line) - len(text)
		key, value, ok := bytes.Cut(text, []byte(":"))
		switch {
		case !ok || bytes.HasPrefix(key, []byte("#")):
		case depth == 0:
			if section == "metadata" && r.Kind != "" {
				return r
			}
			section, indent = string(key), 0
			if section == "kind" {
				r.Kind = unquoted(string(value))
			}
		case section == "metadata":
			if indent == 0 {
				indent = depth
			}
			if depth == indent {
				r.set(string(key), unquoted(string(value)))
			}
		}
	}
	return r
}

func (r *resource) set(key, value string) {
	switch key {
	case "name":
		r.Name = value
	case "namespace":
		r.Namespace = value
	}
}

// unquoted gives the text of a YAML scalar on one line.
func unquoted(value string) string {
	value = strings.TrimSpace(value)
	if text, err := strconv.Unquote(value); err == nil {
		return text
	}
	value, _, _ = strings.Cut(value, " #")
	return strings.Trim(strings.TrimSpace(value), `'`)
}
