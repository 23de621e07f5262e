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

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
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

// Summarize says what changes of files mean for the clusters, given the tree that is compared with. The files are read, but
// what they say is only compared. Changes are sorted by path, and not applied yet.
func Summarize(changes []tree.Change, want *tree.Tree) ([]ClusterChange, error) {
	var clusters []ClusterChange
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
		clusters = append(clusters, ClusterChange{name, clusterKind(own, wanted[name]), resources})
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
// the same, is not a change. What a kustomization lists is applied, and nothing else: it counts as an object, called like
// its directory, where it says more than the files that come and go.
func changedResources(own []tree.Change) ([]ResourceChange, error) {
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
type digests map[resource]uint64

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

// documents gives the YAML documents of a file that somebody may have edited.
func documents(file []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for part := range document.Parts(file) {
			if !yield(part.Text) {
				return
			}
		}
	}
}

// objectsIn gives the objects of a document: one, as it is generated, or whatever people write.
func objectsIn(text []byte) []resource {
	if r := identify(text); r.valid() {
		return []resource{r}
	}
	var found []resource
	for _, o := range manifest.Read("edited.yaml", text, &diag.List{}) {
		if r := (resource{o.Kind, o.Namespace, o.Name}); r.valid() {
			found = append(found, r)
		}
	}
	return found
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
