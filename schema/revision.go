package schema

import (
	"cmp"
	"strings"
)

// Resource is the name of the resource Istio. The operator takes it for the revision, but for "default", which is none.
func (i Istio) Resource() string { return cmp.Or(i.Named, "default") }

// RevisionName is what the operator calls the revision, which has no name elsewhere where it is "default".
func (i Istio) RevisionName() string { return cmp.Or(i.Revision, "default") }

// RevisionTags are the names by which workloads may ask for the revision, beside its own.
func (i Istio) RevisionTags() []string {
	var tags []string
	list, _ := i.Values["revisionTags"].([]any)
	for _, item := range list {
		if tag, ok := item.(string); ok {
			tags = append(tags, tag)
		}
	}
	return tags
}

// Revises reports whether each version is a revision of its own.
func (i Istio) Revises() bool { return i.Installer == Sail && i.Update == RevisionBased }

// inForce gives the revision that istiod has (controllers/istio/istio_controller.go of the operator,
// getActiveRevisionName).
func (i Istio) inForce() string {
	if i.Revises() && i.Version != "" {
		return i.Resource() + "-v" + strings.ReplaceAll(string(i.Version), ".", "-")
	}
	return i.Named
}
