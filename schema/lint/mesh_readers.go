package lint

// checkReaderNames compares the ConfigMaps that the roles of the readers' accounts name with those that the control
// planes ask for which read the clusters: each asks for the mesh config of its own revision. That there is none at all
// is found without them, and roles that meshtopo rendered follow a topology.
func (m *mesh) checkReaderNames() {
	for _, c := range m.members() {
		for _, a := range c.readerAccounts() {
			wide, narrow := c.bindingsOf(a)
			r, known := c.rightsOf(wide, narrow)
			if !known || len(wide) == 0 || c.boundByChart(a, wide) || c.rendersRole(wide) || len(lacking(r, []need{someMeshConfig})) > 0 {
				continue
			}
			c.reportLacking(a, wide, lacking(r, m.neededSettings(c)), m.found)
		}
	}
}

// neededSettings gives the ConfigMaps that the control planes read which have a remote Secret for a cluster.
func (m *mesh) neededSettings(c *cluster) []need {
	var all []need
	for _, p := range m.primaries() {
		if p == c || !p.reads(c) && !p.expects(c) {
			continue
		}
		for _, i := range p.installs {
			if !i.remote() && !i.anyRevision {
				all = append(all, i.neededSettings()...)
			}
		}
	}
	return all
}

// neededSettings gives what a control plane asks for by its version: all ConfigMaps in 1.26, and its own mesh config
// from 1.29 on.
func (i *install) neededSettings() []need {
	minor, known := i.minor()
	switch {
	case known && minor == 26:
		return []need{everyOf("", listVerbs, "configmaps")}
	case known && minor < 29:
		return nil
	}
	name := "istio"
	if i.revision.text != "" && i.revision.text != "default" {
		name += "-" + i.revision.text
	}
	settings := oneOf("", listVerbs, "configmaps", name)
	settings.inSystem = true
	return []need{settings}
}
