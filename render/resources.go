package render

import (
	"bytes"
	"cmp"
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
	before, after := map[resource]string{}, map[resource]string{}
	for i := range own {
		c := &own[i]
		if path.Ext(c.Path) != ".yaml" {
			continue
		}
		err := c.Inspect(func(have, want []byte) {
			old := objects(have)
			for r, text := range objects(want) {
				after[r] = text
				if have != nil && len(old) == 0 {
					before[r] = "" // there is something, but no longer an object
				}
			}
			for r, text := range old {
				before[r] = text
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return compareObjects(before, after), nil
}

// compareObjects lists what differs between two sets of objects.
func compareObjects(before, after map[resource]string) []ResourceChange {
	var changes []ResourceChange
	for r, text := range after {
		if old, ok := before[r]; !ok {
			changes = append(changes, ResourceChange{tree.Added, r})
		} else if old != text {
			changes = append(changes, ResourceChange{tree.Changed, r})
		}
	}
	for r := range before {
		if _, ok := after[r]; !ok {
			changes = append(changes, ResourceChange{tree.Removed, r})
		}
	}
	slices.SortFunc(changes, func(a, b ResourceChange) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name))
	})
	return changes
}

// objects gives the objects of a file with their texts. It looks for the few lines that name an object instead of
// parsing YAML: a token that is renewed changes a file for every cluster of the fleet, and generated files always have
// those lines. What somebody made of one by hand may have others, and is then no object.
func objects(file []byte) map[resource]string {
	found := map[resource]string{}
	for document := range bytes.SplitSeq(append([]byte("\n"), file...), []byte("\n---\n")) {
		if r := identify(document); nameLike(r.Kind) && nameLike(r.Name) && (r.Namespace == "" || nameLike(r.Namespace)) {
			found[r] = withoutMark(document)
		}
	}
	return found
}

// nameLike accepts what Kubernetes does in names. Anything else is left to be shown by those who escape it.
func nameLike(name string) bool {
	strange := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-.:", r)
	}
	return name != "" && len(name) <= 253 && !strings.ContainsFunc(name, strange)
}

// withoutMark gives the text of an object without the comment that opens a generated file.
func withoutMark(document []byte) string {
	text := bytes.TrimSpace(document)
	for bytes.HasPrefix(text, []byte("#")) {
		_, text, _ = bytes.Cut(text, []byte("\n"))
	}
	return string(text)
}

// identify finds kind, and name and namespace directly below metadata.
func identify(document []byte) resource {
	var r resource
	section, indent := "", 0
	for line := range bytes.Lines(document) {
		text := strings.TrimRight(string(line), "\r\n")
		key, value, ok := strings.Cut(strings.TrimLeft(text, " "), ":")
		depth := len(text) - len(strings.TrimLeft(text, " "))
		switch {
		case !ok || strings.HasPrefix(key, "#"):
		case depth == 0:
			section, indent = key, 0
			if key == "kind" {
				r.Kind = unquoted(value)
			}
		case section == "metadata":
			if indent == 0 {
				indent = depth
			}
			if depth == indent {
				r.set(key, unquoted(value))
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
