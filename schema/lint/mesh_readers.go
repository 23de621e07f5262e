package lint

import "meshtopo.dev/meshtopo/schema/rbac"

// checkReaderNames compares the ConfigMaps that the roles of the readers' accounts name with those that the control
// planes ask for which read the clusters: each asks for the mesh config of its own revision. That there is none at all
// is found without them, and roles that meshtopo rendered follow a topology.
func (m *mesh) checkReaderNames() {
	for _, c := range m.members() {
		for _, a := range c.readerAccounts() {
			wide, narrow := c.bindingsOf(a)
			r, known := c.rightsOf(wide, narrow)
			if !known || len(wide) == 0 || c.boundByChart(a, wide) || c.rendersRole(wide) || len(rbac.Lacking(r, []rbac.Need{someMeshConfig})) > 0 {
				continue
			}
			c.reportLacking(a, wide, rbac.Lacking(r, m.neededSettings(c)), m.found)
		}
	}
}

// neededSettings gives the ConfigMaps that the control planes read which have a remote Secret for a cluster.
func (m *mesh) neededSettings(c *cluster) []rbac.Need {
	var all []rbac.Need
	for _, p := range m.primaries() {
		if p == c || !p.reads(c) && !p.expects(c) {
			continue
		}
		for _, i := range p.installs {
			if !i.remote() {
				all = append(all, i.neededShared()...)
			}
			if !i.remote() && !i.anyRevision {
				all = append(all, i.neededSettings()...)
			}
		}
	}
	return all
}

// neededSettings gives what a control plane asks for by its version: all ConfigMaps in 1.26, and its own mesh config
// from 1.29 on.
func (i *install) neededSettings() []rbac.Need {
	minor, known := i.minor()
	switch {
	case known && minor == 26:
		return []rbac.Need{rbac.EveryOf("", rbac.ListVerbs, "configmaps")}
	case known && minor < 29:
		return nil
	}
	name := "istio"
	if i.revision.text != "" && i.revision.text != "default" {
		name += "-" + i.revision.text
	}
	settings := rbac.OneOf("", rbac.ListVerbs, "configmaps", name)
	settings.InSystem = true
	return []rbac.Need{settings}
}

// neededShared gives what a control plane asks for that takes part in the API of multi-cluster Services.
func (i *install) neededShared() []rbac.Need {
	var all []rbac.Need
	group := "multicluster.x-k8s.io"
	if own := i.given.Variable("MCS_API_GROUP"); own != "" {
		group = own
	}
	for _, s := range []struct {
		variable, resource string
		verbs              []string
	}{
		{"ENABLE_MCS_SERVICE_DISCOVERY", "serviceexports", rbac.ListVerbs},
		{"ENABLE_MCS_HOST", "serviceimports", rbac.ListVerbs},
		{"ENABLE_MCS_AUTO_EXPORT", "serviceexports", []string{"create"}},
	} {
		if i.given.On(s.variable) {
			all = append(all, rbac.EveryOf(group, s.verbs, s.resource))
		}
	}
	return all
}
