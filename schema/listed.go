package schema

import (
	"slices"
	"strconv"

	"meshtopo.dev/meshtopo/schema/document"
)

// Revision is one control plane of a cluster. While Istio is upgraded there are two of them.
type Revision struct {
	Name    string // "" for none, which is called default
	Version Version
	Default bool
	Tags    []string
}

// Listed says which entry of a list of revisions the version and the revision of an Istio are.
type Listed struct {
	Revisions []Revision // nil where the topology has a version and a revision
	At        []string   // the path of the list in the document
	Entry     int
}

// defaultRevision is Istio's word for no revision.
const defaultRevision = "default"

// inUse gives the entry that is the default one: the first where none says so.
func (l Listed) inUse() int {
	return max(0, slices.IndexFunc(l.Revisions, func(r Revision) bool { return r.Default }))
}

// named gives the entry of that name, or -1.
func (l Listed) named(name string) int {
	return slices.IndexFunc(l.Revisions, func(r Revision) bool { return r.Name == name })
}

func decodeList(list *document.Node) []Revision {
	var all []Revision
	for _, item := range list.Items {
		r := Revision{
			Name: item.StringAt("name"), Version: Version(item.StringAt("version")),
			Default: item.BoolAt("default"), Tags: item.StringsAt("tags"),
		}
		if r.Name == defaultRevision {
			r.Name = ""
		}
		all = append(all, r)
	}
	return all
}

// path gives the place of the version or the revision in the list.
func (l Listed) path(field string) []string {
	if field == "revision" {
		field = "name"
	}
	return slices.Concat(l.At, []string{strconv.Itoa(l.Entry), field})
}
