package installing

import (
	"strconv"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

var updateStrategy = &diag.Rule{
	Code: "update-strategy", Severity: diag.Error, Fixed: true,
	Title:  "an update strategy that a cluster cannot have",
	Why:    "only the Sail operator makes a revision of each version. A remote has to have the revision of its primary, whose sidecars call the Service istiod-REVISION: with another strategy or version, the remote has one of another name",
	Fix:    "delete updateStrategy",
	Source: "https://github.com/istio-ecosystem/sail-operator/blob/main/docs/update-strategy/update-strategy.adoc",
	Bad:    `istio: {installer: helm, updateStrategy: RevisionBased}`,
	Good:   `istio: {installer: helm}`,
}

// checkStrategies reports strategies that do not go with what installs a cluster, or with its primary.
func checkStrategies(t schema.Written, found *diag.List) {
	for _, c := range t.Clusters {
		path := t.IstioPath(c, "updateStrategy")
		if t.Unsure(path...) || t.Unsure(t.IstioPath(c, "installer")...) || t.Unsure(t.IstioPath(c, "version")...) {
			continue
		}
		own := schema.ClusterPath(c, "istio", "updateStrategy")
		if list := c.Istio.Listed; c.Istio.Update == schema.RevisionBased && c.Istio.Installer == schema.Sail && list.Revisions != nil {
			d := found.Add(t.Pos(path...), updateStrategy, "the operator would make revisions, and there is a list of revisions as well")
			d.Fix = "delete updateStrategy: each revision of the list is a resource Istio of its own, which is changed in place"
			d.Relate(t.Pos(list.At...), "the list")
			continue
		}
		if c.Istio.Update == schema.RevisionBased && c.Istio.Installer != schema.Sail && (c.RunsControlPlane() || t.Given(own...)) {
			d := found.Add(t.Pos(path...), updateStrategy, "updateStrategy: %s is not for installer: %s", c.Istio.Update, c.Istio.Installer)
			if !t.Given(own...) {
				d.Fix = "delete it, or give those clusters updateStrategy: InPlace that the Sail operator does not install"
			}
			d.Relate(t.Pos(t.IstioPath(c, "installer")...), "what installs Istio")
			continue
		}
		if p := t.PrimaryOf(c); p != nil && c.ServedByPrimary() {
			checkRemoteStrategy(t, c, p, found)
		}
	}
}

// checkRemoteStrategy reports a remote that has another revision than its primary by the same name. What is much older
// or newer than the primary is a finding of its own.
func checkRemoteStrategy(t schema.Written, c, p *schema.Cluster, found *diag.List) {
	ahead := c.Istio.Version.Minor() - p.Istio.Version.Minor()
	if c.Istio.Named != p.Istio.Named || c.Istio.Revision == p.Istio.Revision || ahead > 0 || ahead < -1 {
		return
	}
	field, fix := "version", "delete it: with RevisionBased a remote has the version of its primary"
	switch {
	case c.Istio.Installer != schema.Sail:
		field, fix = "revision", "delete it: a remote has the revision of its primary"
	case c.Istio.Revises() != p.Istio.Revises():
		field, fix = "updateStrategy", "delete it: a remote has the strategy of its primary"
	}
	d := found.Add(t.Pos(schema.ClusterPath(c, "istio", field)...), updateStrategy, "the revision of cluster %q is %s, and of its primary %q %s",
		c.Name, revision(c), p.Name, revision(p))
	d.Fix = fix
	d.Relate(t.Pos(t.IstioPath(p, "updateStrategy")...), "the strategy of the primary")
}

func revision(c *schema.Cluster) string {
	if c.Istio.Revision == "" {
		return "none"
	}
	return strconv.Quote(c.Istio.Revision)
}
