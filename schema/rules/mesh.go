package rules

import (
	"slices"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// group is rules that one check reports.
type group struct {
	rules []*diag.Rule
	check func(mesh, *diag.List) // nil where Check is not who reports them
}

// mesh is what the rules look at. It may be partial: what was reported already is zero here. No rule reports that
// again, nor what follows from it.
type mesh struct {
	schema.Written
	remotes map[string][]*schema.Cluster // by their primary
}

func meshOf(t *schema.Topology) mesh { return mesh{schema.Written{Topology: t}, t.RemotesByPrimary()} }

// primaries gives the clusters that run a control plane of their own.
func (t mesh) primaries() []*schema.Cluster {
	return slices.DeleteFunc(slices.Clone(t.Clusters), func(c *schema.Cluster) bool {
		return !c.RunsControlPlane() || t.Unsure(schema.ClusterPath(c, "primary")...)
	})
}

// onKnownNetwork reports whether a cluster's network is one that is declared.
func (t mesh) onKnownNetwork(c *schema.Cluster) bool {
	return c.Network != "" && !t.Unsure(schema.ClusterPath(c, "network")...) && t.Given("spec", "networks", c.Network)
}

// members gives the clusters on each declared network that has any. It reports false where a cluster's network
// is not known, so that nothing certain can be said of a network as a whole.
func (t mesh) members() (members map[string][]*schema.Cluster, certain bool) {
	members, certain = map[string][]*schema.Cluster{}, true
	for _, c := range t.Clusters {
		if t.onKnownNetwork(c) {
			members[c.Network] = append(members[c.Network], c)
		} else {
			certain = false
		}
	}
	return members, certain
}
