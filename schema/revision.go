package schema

import (
	"cmp"
	"strings"

	"meshtopo.dev/meshtopo/schema/document"
)

// Resource is the name of the resource Istio. The operator takes it for the revision, but for "default", which is none.
func (i Istio) Resource() string { return cmp.Or(i.Named, defaultRevision) }

// RevisionName is what the operator calls the revision, which has no name elsewhere where it is "default".
func (i Istio) RevisionName() string { return cmp.Or(i.Revision, defaultRevision) }

// IsDefault reports whether what there is once in a cluster goes by this revision.
func (i Istio) IsDefault() bool {
	return i.Listed.Revisions == nil || i.Listed.Entry == i.Listed.inUse()
}

// RevisionTags are the names by which workloads may ask for the revision, beside its own.
func (i Istio) RevisionTags() []string {
	if i.Listed.Revisions != nil {
		return i.Listed.Revisions[i.Listed.Entry].Tags
	}
	var tags []string
	list, _ := i.Values["revisionTags"].([]any)
	for _, item := range list {
		if tag, ok := item.(string); ok {
			tags = append(tags, tag)
		}
	}
	return tags
}

// Enables reports whether the user has a component installed that the profile does not have.
func (i Istio) Enables(component string) bool {
	settings, _ := i.Components[component].(map[string]any)
	return settings["enabled"] == true
}

// TagWebhook names the webhook of a revision tag
// (manifests/charts/istio-control/istio-discovery/templates/revision-tags-mwc.yaml).
func TagWebhook(namespace, tag string) string {
	name := "istio-revision-tag-" + tag
	if namespace != "istio-system" {
		name += "-" + namespace
	}
	return name
}

// Revises reports whether each version is a revision of its own.
func (i Istio) Revises() bool {
	return i.Installer == Sail && i.Update == RevisionBased && i.Listed.Revisions == nil
}

// inForce gives the revision that istiod has (controllers/istio/istio_controller.go of the operator,
// getActiveRevisionName).
func (i Istio) inForce() string {
	if i.Revises() && i.Version != "" {
		return i.Resource() + "-v" + strings.ReplaceAll(string(i.Version), ".", "-")
	}
	return i.Named
}

// choose has the version and the revision of an entry of the list.
func (i *Istio) choose(entry int) {
	r := i.Listed.Revisions[entry]
	i.Listed.Entry, i.Version, i.Named, i.Revision = entry, r.Version, r.Name, r.Name
}

// decodeRevisions takes the version and the revision of n, or its list of them.
func (i *Istio) decodeRevisions(n *document.Node, cluster string) {
	if list := n.At("revisions"); list != nil && list.Kind == document.List && len(list.Items) > 0 {
		i.Listed = Listed{Revisions: decodeList(list), At: istioPath(cluster, "revisions")}
		i.choose(i.Listed.inUse())
		return
	}
	i.decodeVersion(n)
}

// decodeVersion takes the version and the revision of n. A revision alone is one of the list that is in force.
func (i *Istio) decodeVersion(n *document.Node) {
	version, revision := n.At("version"), n.At("revision")
	if entry := i.Listed.named(n.StringAt("revision")); version == nil && revision != nil && entry >= 0 {
		i.choose(entry)
		i.Listed = Listed{}
		return
	}
	if i.Listed.Revisions != nil && (version != nil || revision != nil) {
		i.Listed, i.Named = Listed{}, ""
	}
	if version != nil {
		i.Version = Version(n.StringAt("version"))
	}
	if revision != nil {
		i.Named = n.StringAt("revision")
	}
}

// inheritRevisions takes over the version and the revision of a primary, or its list of them, unless a remote has its
// own.
func (i *Istio) inheritRevisions(primary Istio, own *document.Node) {
	i.Listed, i.Version = primary.Listed, primary.Version
	if i.Named = primary.inForce(); i.Installer == Sail {
		i.Named = primary.Named
	}
	i.decodeVersion(own)
}
