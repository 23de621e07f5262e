package rules

import (
	"fmt"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/settings"
)

var versionRules = group{
	rules: []*diag.Rule{PrimariesApart, foreignTag, SeveralNamespaces},
	check: func(t mesh, found *diag.List) {
		t.checkVersions(found)
		t.checkTags(found)
		t.checkNamespaces(found)
	},
}

var PrimariesApart = &diag.Rule{
	Code: "primaries-apart", Severity: diag.Error,
	Title:  "control planes two or more minor versions apart",
	Why:    "sidecars of one version call sidecars of another all the time, and Istio tests and supports neighbouring minor versions only",
	Fix:    "raise the older one; a mesh is upgraded one minor version at a time",
	Source: "https://istio.io/latest/docs/releases/supported-releases/",
	Bad:    `clusters: {cluster-b: {istio: {version: "1.29.2"}}}`,
	Good:   `clusters: {cluster-b: {istio: {version: "1.30.2"}}}`,
}

var SeveralNamespaces = &diag.Rule{
	Code: "several-namespaces", Severity: diag.Warning, Symptom: true,
	Title:  "control planes in namespaces of different names",
	Why:    "istiod looks for another cluster's network label and mesh config in a namespace with the name of its own, and finds neither; where the reader may read ConfigMaps in one namespace only, it never finishes reading that cluster",
	Fix:    "use one namespace in the whole mesh: set istio.namespace",
	Source: "pilot/pkg/serviceregistry/kube/controller/network.go",
	Bad:    `clusters: {cluster-b: {istio: {namespace: istio-b}}}`,
	Good:   `istio: {namespace: istio-b}`,
}

var foreignTag = &diag.Rule{
	Code: "tag-of-another-version", Severity: diag.Warning,
	Title:  "images of another minor version than the Istio that is installed",
	Why:    "istioctl installs the roles, webhooks and settings of istio.version, and istiod of the image lacks some of them, or ignores them silently; remotes are compared with istio.version, not with the tag",
	Fix:    "write the tag of istio.version, or leave it out",
	Source: "https://istio.io/latest/docs/releases/supported-releases/",
	Bad:    `istio: {version: "1.31.1", tag: 1.29.2-distroless}`,
	Good:   `istio: {version: "1.31.1", tag: 1.31.1-distroless}`,
}

// checkVersions compares the versions of the control planes.
func (t mesh) checkVersions(found *diag.List) {
	var newest *schema.Cluster
	for _, p := range t.primaries() {
		if t.versionKnown(p) && (newest == nil || p.Istio.Version.Minor() > newest.Istio.Version.Minor()) {
			newest = p
		}
	}
	for _, p := range t.primaries() {
		if newest == nil || !t.versionKnown(p) || newest.Istio.Version.Minor()-p.Istio.Version.Minor() < 2 {
			continue
		}
		d := found.Add(t.pairPos(p, newest, "version"), PrimariesApart,
			"cluster %q has Istio %s, but cluster %q already %s", p.Name, p.Istio.Version, newest.Name, newest.Istio.Version)
		d.Relate(t.Pos(t.IstioPath(newest, "version")...), fmt.Sprintf("the version of cluster %q", newest.Name))
	}
}

// checkNamespaces compares the namespaces of the control planes; a remote is compared with its primary.
func (t mesh) checkNamespaces(found *diag.List) {
	var first *schema.Cluster
	for _, p := range t.primaries() {
		switch {
		case p.Istio.Namespace == "" || t.brokenIstio(p, "namespace"):
		case first == nil:
			first = p
		case p.Istio.Namespace != first.Istio.Namespace:
			d := found.Add(t.pairPos(p, first, "namespace"), SeveralNamespaces,
				"the control plane of cluster %q is in namespace %q, that of cluster %q in %q", p.Name, p.Istio.Namespace, first.Name, first.Istio.Namespace)
			if t.versionKnown(p) && t.versionKnown(first) && max(p.Istio.Version.Minor(), first.Istio.Version.Minor()) < 29 {
				d.Why = "istiod looks for another cluster's network label in a namespace with the name of its own, and does not find it"
			}
			d.Relate(t.Pos(t.IstioPath(first, "namespace")...), fmt.Sprintf("the namespace of cluster %q", first.Name))
		}
	}
}

// checkTags compares the tags of control planes with their versions. The proxies of a remote have its primary's.
func (t mesh) checkTags(found *diag.List) {
	for _, p := range t.primaries() {
		if p.Istio.Tag == "" {
			continue
		}
		path := t.IstioPath(p, "tag")
		minor := settings.MinorOf(p.Istio.Tag)
		for _, p := range p.ControlPlanes() {
			if minor == 0 || !t.versionKnown(p) || t.Unsure(path...) || minor == p.Istio.Version.Minor() {
				continue
			}
			d := found.Add(t.Pos(path...), foreignTag, "the images have the tag %s, but Istio is %s", p.Istio.Tag, p.Istio.Version)
			d.Relate(t.Pos(t.IstioPath(p, "version")...), fmt.Sprintf("the version of cluster %q", p.Name))
		}
	}
}
