package lint

// othersRoots reports whether a cluster has other roots than the topology gives to all.
func (m *mesh) othersRoots(c *cluster) bool {
	s := c.signing()
	return m.topology != nil && s != nil && m.topology.Public.OtherRoots(s.Roots)
}

// othersKey reports whether a cluster signs with another key than that of its intermediate in the topology.
func (m *mesh) othersKey(c *cluster) bool {
	want, s := m.wanted(c), c.signing()
	return want != nil && s != nil && m.topology.Public.OtherKey(want.Name, s.Key)
}
