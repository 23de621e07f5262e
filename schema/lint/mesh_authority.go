package lint

import (
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/material"
)

// compareTrust compares the Secret cacerts of a control plane with the certificates of the topology. Other roots are
// mostly those of another intermediate: that is one mistake.
func (m *mesh) compareTrust(want *schema.Cluster, c *cluster) {
	s := c.signing()
	switch {
	case s == nil || len(s.Roots) == 0 || !want.RunsControlPlane():
	case m.othersRoots(c):
		m.deviate(s.RootsPos, noCommonRoot, says(strings.Join(m.topology.Trust.Roots, ", ")), "cluster %q trusts other roots", want.Name)
	case m.othersKey(c):
		pos := s.KeyPos
		if m.specific(s.pos, material.SharedIntermediateKey) != nil {
			pos = s.pos
		}
		m.deviate(pos, material.SharedIntermediateKey, says(want.Intermediate.Cert), "cluster %q signs with another intermediate", want.Name)
	}
}
