package lint

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
)

// checkCalled reports a cluster whose own manifests have another name for it than those of all other clusters, once and
// at that name. The other clusters' remote Secrets and annotations have the name of its directory, and none has the
// name in its manifests.
func (m *mesh) checkCalled() {
	for _, c := range m.members() {
		own := c.clusterName()
		if own == "" && c.install() != nil && m.refers(c.name, c) {
			c.called = c.name // another finding says that its own manifests have no name
		}
		if own == "" || own == c.name || !m.refers(c.name, c) || slices.Contains(m.names(), c.name) {
			continue
		}
		twin := slices.ContainsFunc(m.clusters, func(o *cluster) bool { return o != c && o.clusterName() == own })
		if !twin && m.refers(own, c) {
			continue
		}
		c.called = c.name
		pos := c.install().name().pos
		if twin || m.topology != nil || m.found.ErrorAt(pos) || own == "Kubernetes" {
			continue // another finding says so
		}
		d := m.found.Add(pos, unknownRemoteCluster, "the cluster calls itself %q, but the other clusters call it %q", own, c.name)
		d.Fix = "call it " + c.name + ", or change the key of its remote Secrets and the names in them"
		if near := diag.Nearest(own, []string{c.name}); near != "" {
			d.Fix = "did you mean " + near + "?"
		}
	}
}
