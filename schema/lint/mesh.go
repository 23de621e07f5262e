package lint

import (
	"slices"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// needsNoAnnotation reports whether an external control plane has the name of a remote, and so manages it without the
// annotation. That the remote is a config cluster does not prove it: Istio's documentation sets it on all remotes that
// Helm installs.
func (m *mesh) needsNoAnnotation(r *cluster) bool {
	i := r.install()
	if i == nil {
		return false
	}
	elsewhere := !slices.ContainsFunc(m.members(), (*cluster).primary)
	return i.remote() && i.configCluster.text == "true" && (elsewhere || slices.ContainsFunc(m.clusters, r.configures))
}

// members gives the clusters that are part of the mesh.
func (m *mesh) members() []*cluster {
	if m.inMesh == nil {
		m.inMesh = slices.DeleteFunc(slices.Clone(m.clusters), (*cluster).runsExternal)
	}
	return m.inMesh
}

// controlPlane gives the cluster in which the istiod of that name runs, or else the cluster of that name, or nil.
func (m *mesh) controlPlane(name string) *cluster {
	for _, p := range m.primaries() {
		if name != "" && p.clusterName() == name {
			return p
		}
	}
	return m.called(name)
}

// mesh is what the manifests of all clusters say together.
type mesh struct {
	clusters []*cluster
	topology *schema.Topology // or nil
	part     bool             // the topology may have clusters that were not given
	found    *diag.List
	inMesh   []*cluster // see members
}

// primaries gives the clusters with a control plane of their own.
func (m *mesh) primaries() []*cluster {
	return slices.DeleteFunc(slices.Clone(m.clusters), func(c *cluster) bool { return !c.primary() })
}

// remotes gives the clusters that use the control plane of another.
func (m *mesh) remotes() []*cluster {
	return slices.DeleteFunc(slices.Clone(m.clusters), func(c *cluster) bool { return c.install() == nil || !c.install().remote() })
}

// called gives the cluster that has that name in its manifests, or nil.
func (m *mesh) called(name string) *cluster {
	for _, c := range m.members() {
		if name != "" && c.clusterName() == name {
			return c
		}
	}
	return nil
}

// names gives the names that the clusters have in their manifests.
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

// majority gives the first cluster with the value that most clusters have, or nil where none has one. Of two clusters
// that differ, it is the first.
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

// refers reports whether a remote Secret or a remote of another cluster names a cluster.
func (m *mesh) refers(name string, but *cluster) bool {
	return slices.ContainsFunc(m.clusters, func(c *cluster) bool {
		return c != but && (slices.Contains(c.controlPlanes(), name) ||
			slices.ContainsFunc(c.remoteSecrets, func(r *remoteSecret) bool { return r.cluster.text == name }))
	})
}

// networkOf gives the network of a cluster: what its installation says, or where the meshNetworks of some control plane
// puts it.
func (m *mesh) networkOf(c *cluster) value {
	i := c.install()
	if i == nil {
		return value{}
	}
	network := first(c.usualNetwork(), i.injection().network)
	for _, p := range m.clusters {
		if p.install() == nil || network.given() {
			continue
		}
		p.install().eachRegistry(func(name string, registry value) {
			if registry.text == c.clusterName() {
				network = value{name, registry.pos}
			}
		})
	}
	return network
}

// serves reports whether a remote names the cluster as its primary, or could mean it because it names no primary that
// is here. A namespace with the annotation is that of a remote, even before the remote is installed.
func (m *mesh) serves(p *cluster) bool {
	return slices.ContainsFunc(m.clusters, func(r *cluster) bool {
		names := r.controlPlanes()
		if len(names) == 0 {
			return r.install() == nil && r.unread || r.install() != nil && r.install().remote()
		}
		return slices.Contains(names, "*") || slices.Contains(names, p.clusterName()) || !slices.ContainsFunc(names, m.leads)
	})
}

// leads reports whether the cluster of that name has a control plane.
func (m *mesh) leads(name string) bool {
	c := m.called(name)
	return c != nil && c.primary()
}

// named reports whether a remote names the cluster, and no other, as its primary.
func (m *mesh) named(p *cluster) bool {
	return slices.ContainsFunc(m.clusters, func(r *cluster) bool { return slices.Equal(r.controlPlanes(), []string{p.clusterName()}) })
}

// wanted gives what the topology says of a cluster, or nil.
func (m *mesh) wanted(c *cluster) *schema.Cluster { return c.wanted() }

// hasOtherRole reports whether a cluster is installed as a remote but is a primary in the topology, or the other way
// round. Then other rules about what its installation lacks do not fit.
func (m *mesh) hasOtherRole(c *cluster) bool {
	want, i := m.wanted(c), c.install()
	return want != nil && i != nil && i.remote() != (want.Role == schema.Remote)
}
