package lint

// checkLacking looks for what an installation needs for its role in the mesh.
func (m *mesh) checkLacking() {
	for _, c := range m.clusters {
		for _, i := range c.installs {
			switch {
			case i == c.install() && m.hasOtherRole(c):
			case i.remote():
				i.checkReach(m.found)
			case c.joined(i) && i.lacks(i.meshID, meshIDPath...):
				m.found.Add(i.pos, noMeshID, "%s has no values.global.meshID", i.object)
			}
		}
	}
}
