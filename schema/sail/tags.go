package sail

import (
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/placeholder"
)

// RevisionTag is the rule about tags, in topologies and in manifests.
var RevisionTag = &diag.Rule{
	Code: "revision-tag", Severity: diag.Error, Fixed: true,
	Title:  "a revision tag of which the Sail operator makes nothing",
	Why:    "the operator reports an error and makes no webhooks for a tag in a remote, with the name of a revision, or without an Istio that it leads to; and Kubernetes refuses names of webhooks, and from 1.28 on of the Service istiod-revision-tag-TAG, that are too long or have other characters",
	Fix:    "use lower-case letters, digits and dashes, at most 43, and no name of a revision",
	Source: "https://github.com/istio-ecosystem/sail-operator/blob/main/controllers/istiorevisiontag/istiorevisiontag_controller.go",
	Bad:    `istio: {installer: sail, version: "1.30.3", revision: canary, values: {revisionTags: [canary]}}`,
	Good:   `istio: {installer: sail, version: "1.30.3", revision: canary, values: {revisionTags: [stable]}}`,
}

// Resources are the resources Istio and IstioRevisionTag of one cluster.
type Resources struct {
	Istios, Tags []*manifest.Object
}

// TagsOf gives the tags that lead to an Istio, by the text of that object.
func (r Resources) TagsOf(object string) []string {
	var tags []string
	for _, istio := range r.Istios {
		revision, _ := Revision(istio)
		for _, tag := range r.Tags {
			target := tag.Root.At("spec", "targetRef")
			kind, name := target.StringAt("kind"), target.StringAt("name")
			if istio.String() == object && (kind == "Istio" && name == istio.Name || kind == "IstioRevision" && name == revision) {
				tags = append(tags, tag.Name)
			}
		}
	}
	return tags
}

// Check reports tags that lead nowhere. Where not all is known of a cluster, the Istio of a tag may be in the rest.
func (r Resources) Check(all bool, found *diag.List) {
	for _, tag := range r.Tags {
		if placeholder.In(tag.Name) {
			continue
		}
		name := tag.Root.StringAt("spec", "targetRef", "name")
		there := name == "" || placeholder.In(name) || tag.Root.StringAt("spec", "targetRef", "kind") != "Istio" || len(r.Istios) == 0 || !all
		for _, istio := range r.Istios {
			revision, known := Revision(istio)
			if known && revision == tag.Name {
				found.Add(tag.At("metadata", "name"), RevisionTag, "%s has the name of the revision of %s", tag, istio).Fix = "give it another name"
			}
			if istio.Name != name && !placeholder.In(istio.Name) {
				continue
			}
			if there = true; isRemote(istio) {
				found.Add(tag.At("spec", "targetRef"), RevisionTag, "%s leads to %s, which is a remote", tag, istio).Fix = "delete it: workloads of a remote have the label of the revision"
			}
		}
		if !there {
			d := found.Add(tag.At("spec", "targetRef", "name"), RevisionTag, "%s leads to an Istio that is not there", tag)
			d.Fix = "write the name of the Istio: " + r.Istios[0].Name
		}
	}
}

// isRemote reports whether an Istio has no control plane of its own (pkg/revision/remote.go).
func isRemote(istio *manifest.Object) bool {
	return istio.Root.StringAt("spec", "profile") == "remote" || istio.Root.StringAt("spec", "values", "profile") == "remote"
}
