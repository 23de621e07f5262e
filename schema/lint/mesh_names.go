package lint

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
)

// checkCalled reports a cluster that calls itself otherwise than all the others do, once and at its own name: one whose directory
// has the name that stands in their remote Secrets and annotations, while nobody knows the name that its manifests have.
func (m *mesh) checkCalled() {
	for _, c := range m.members() {
		own := c.clusterName()
		if own == "" && c.install() != nil && m.refers(c.name, c) {
			c.called = c.name // that it does not say so itself is another finding
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
