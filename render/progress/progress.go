// Package progress says where an upgrade stands: which control planes clusters have side by side, and what comes next.
package progress

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/render/shell"
	"meshtopo.dev/meshtopo/schema"
)

// Upgrade is one that is under way.
type Upgrade struct {
	Rows         []Row
	Newer, Older []string // the revisions beside the default ones, by their versions
	Ask          []string // commands that show which proxies the older ones still serve
}

// Row is a cluster with several control planes.
type Row struct{ Cluster, Default, Beside, Tags string }

// Of gives the upgrade that a topology is in. Without one it has no rows.
func Of(t *schema.Topology) Upgrade {
	var u Upgrade
	for _, c := range t.Clusters {
		planes := c.ControlPlanes()
		if p := t.PrimaryOf(c); len(planes) > 1 || p != nil && c.ServedByPrimary() && len(p.ControlPlanes()) > 1 {
			u.add(c, planes)
		}
	}
	return u
}

func (u *Upgrade) add(c *schema.Cluster, planes []*schema.Cluster) {
	var beside, tags []string
	for _, p := range planes {
		for _, tag := range p.Istio.RevisionTags() {
			tags = append(tags, code(tag)+" → "+code(p.Istio.RevisionName()))
		}
		name := code(p.Istio.RevisionName())
		switch {
		case p.Istio.IsDefault():
			continue
		case p.Istio.Version.Newer(c.Istio.Version):
			u.Newer = insert(u.Newer, name)
		default:
			u.Older = insert(u.Older, name)
			if c.RunsControlPlane() {
				u.Ask = append(u.Ask, shell.ProxyStatus(p))
			}
		}
		beside = append(beside, withVersion(p))
	}
	u.Rows = append(u.Rows, Row{c.Name, withVersion(c), strings.Join(beside, ", "), strings.Join(tags, ", ")})
}

// Versions gives those of the control planes of a cluster.
func Versions(c *schema.Cluster) string {
	var all []string
	for _, p := range c.ControlPlanes() {
		all = insert(all, string(p.Istio.Version))
	}
	return strings.Join(all, ", ")
}

// withVersion gives a revision with its version.
func withVersion(c *schema.Cluster) string {
	return code(c.Istio.RevisionName()) + " (" + string(c.Istio.Version) + ")"
}

// insert adds a name to others, once.
func insert(names []string, name string) []string {
	if slices.Contains(names, name) {
		return names
	}
	return append(names, name)
}

func code(name string) string { return "`" + name + "`" }
