package lint

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

var meshRules = []*diag.Rule{
	differentTrustDomains, differentMeshIDs, differentClusterDomains, clusterNameTwice,
	missingRemoteSecret, unknownRemoteCluster, serverTwice,
	remoteUnclaimed, primaryNotExternal, istiodNotExposed, externalWithoutRemotes, exposedWithoutRemotes,
	servicePortsDiffer, noCommonRoot, noCACerts,
}

// mesh is what the manifests of all clusters say together.
type mesh struct {
	clusters []*cluster
	topology *schema.Topology // or nil
	part     bool             // of the topology: it may have clusters that are not here
	found    *diag.List
	inMesh   []*cluster // see members
}

// check compares the clusters. One alone is a mesh of which the rest is not known.
func (m *mesh) check() {
	m.checkRegistries()
	m.checkAmbient()
	if len(m.clusters) < 2 {
		return
	}
	if m.topology == nil { // which says it of each cluster
		m.checkIdentity()
	}
	m.checkTrust()
	m.checkNetworks()
	m.checkUnnetworked()
	m.checkRemoteSecrets()
	m.checkServers()
	m.checkPrivateServers()
	m.checkRemotes()
	m.checkServing()
	m.checkVersions()
	m.checkServices()
}

// primaries gives the clusters with a control plane of their own.
func (m *mesh) primaries() []*cluster {
	return slices.DeleteFunc(slices.Clone(m.clusters), func(c *cluster) bool { return !c.primary() })
}

// remotes gives the clusters that use the control plane of another.
func (m *mesh) remotes() []*cluster {
	return slices.DeleteFunc(slices.Clone(m.clusters), func(c *cluster) bool { return c.install() == nil || !c.install().remote() })
}

// called gives the cluster that its manifests give that name, or nil.
func (m *mesh) called(name string) *cluster {
	for _, c := range m.members() {
		if name != "" && c.clusterName() == name {
			return c
		}
	}
	return nil
}

// names gives the names that the manifests give their clusters.
func (m *mesh) names() []string {
	var names []string
	for _, c := range m.members() {
		if name := c.clusterName(); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// same reports the clusters whose value differs from that of the first one.
func (m *mesh) same(rule *diag.Rule, what string, of func(*install) value) {
	var reference value
	var owner *cluster
	for _, c := range m.clusters {
		i := c.install()
		if i == nil {
			continue
		}
		v := of(i)
		switch {
		case !v.given():
		case owner == nil:
			reference, owner = v, c
		case v.text != reference.text:
			d := m.found.Add(v.pos, rule, "%s of cluster %q is %q, but that of %q is %q", what, c.name, v.text, owner.name, reference.text)
			relate(d, reference.pos, "that of "+owner.name)
		}
	}
}

// quoted joins names for a message.
func quoted(names []string) string {
	return `"` + strings.Join(names, `", "`) + `"`
}
