package lint

import (
	"slices"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

var meshRules = []*diag.Rule{
	differentTrustDomains, differentMeshIDs, differentClusterDomains, clusterNameTwice, servicesNotExposed,
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

// check judges what depends on other clusters. One alone is a mesh of which the rest is not known.
func (m *mesh) check() {
	m.checkCalled()
	m.checkLacking()
	m.checkOwnSecrets()
	m.checkRegistries()
	m.checkAmbient()
	if len(m.clusters) > 1 {
		m.checkTogether()
	}
	m.checkGatewayRevisions()
	m.checkExposed()
	m.checkKubeconfigNames()
}

// checkTogether compares the clusters with each other.
func (m *mesh) checkTogether() {
	if m.topology == nil { // which says it of each cluster
		m.checkIdentity()
	}
	m.checkTrust()
	m.checkNetworks()
	m.checkUnnetworked()
	m.checkUnexposed()
	m.checkRemoteSecrets()
	m.checkServers()
	m.checkTokens()
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

// same reports the clusters whose value is not the usual one.
func (m *mesh) same(rule *diag.Rule, what string, of func(*install) value) {
	owner := majority(m.clusters, of)
	if owner == nil {
		return
	}
	reference := of(owner.install())
	for _, c := range m.clusters {
		if c.install() == nil {
			continue
		}
		if v := of(c.install()); v.given() && v.text != reference.text {
			d := m.found.Add(v.pos, rule, "%s of cluster %q is %q, but that of %q is %q", what, c.name, v.text, owner.name, reference.text)
			d.Relate(reference.pos, "that of "+owner.name)
		}
	}
}

// majority gives the first cluster that has the value which most clusters have, or nil where nobody has one. Of two clusters that
// differ, the first one counts as right.
func majority(clusters []*cluster, of func(*install) value) *cluster {
	var best *cluster
	count := map[string]int{}
	for _, c := range clusters {
		if i := c.install(); i != nil && of(i).given() {
			count[of(i).text]++
		}
	}
	for _, c := range clusters {
		if i := c.install(); i != nil && of(i).given() && (best == nil || count[of(i).text] > count[of(best.install()).text]) {
			best = c
		}
	}
	return best
}
