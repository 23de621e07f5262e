package installing

import (
	"slices"
	"strconv"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/sail"
	"meshtopo.dev/meshtopo/schema/settings"
)

// checkTags reports tags of which the operator makes nothing. What is no list of texts is found elsewhere.
func checkTags(t schema.Written, found *diag.List) {
	for _, c := range t.Clusters {
		path := t.IstioPath(c, "values", "revisionTags")
		tags, _ := c.Istio.Values["revisionTags"].([]any)
		if c.Istio.Installer != schema.Sail || len(tags) == 0 || t.Broken(path...) {
			continue
		}
		if c.ServedByPrimary() {
			d := found.Add(t.Pos(path...), sail.RevisionTag, "the Sail operator makes no revision tags in a remote")
			d.Fix = "set values: {revisionTags: []} below istio of each remote, or write the tags in the clusters that have a control plane"
			d.Relate(t.Pos(schema.ClusterPath(c, "primary")...), "a remote")
			continue
		}
		for i, item := range tags {
			at := t.Pos(append(path, strconv.Itoa(i))...)
			switch tag, text := item.(string); {
			case !text:
			case !fits(tag, c.Istio.Version.Minor()):
				found.Add(at, sail.RevisionTag, "the tag %q cannot be in the name of a webhook or a Service", tag)
			case tag == c.Istio.RevisionName():
				found.Add(at, sail.RevisionTag, "the tag %q has the name of the revision", tag)
			case slices.Contains(tags[:i], item):
				found.Add(at, sail.RevisionTag, "the tag %q is there twice", tag).Fix = "delete one of them"
			}
		}
	}
}

// fits reports whether objects can be called after a tag
// (manifests/charts/istio-control/istio-discovery/templates/revision-tags-svc.yaml).
func fits(tag string, minor int) bool {
	if minor < 28 {
		return settings.IsSubdomain(tag) && len(tag) <= 63
	}
	return settings.IsSubdomain(tag) && !strings.Contains(tag, ".") && len("istiod-revision-tag-"+tag) <= 63
}
