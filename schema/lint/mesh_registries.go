package lint

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/rules"
)

// checkRegistries looks for the clusters that each meshNetworks names. Without remote Secrets, it is not known which
// clusters there are; then a name is reported only if it is nearly that of a cluster which meshNetworks does not have.
func (m *mesh) checkRegistries() {
	for _, c := range m.clusters {
		if c.install() == nil || c.install().networks == nil || c.otherRemotes {
			continue
		}
		known, unnamed := m.registries(c)
		c.install().eachRegistry(func(_ string, registry value) {
			near := diag.Nearest(registry.text, unnamed)
			if slices.Contains(known, registry.text) || len(c.remoteSecrets) == 0 && near == "" {
				return
			}
			d := m.found.Add(registry.pos, rules.MeshNetworksRegistry, "meshNetworks names %q, and cluster %q reads no cluster of that name", registry.text, c.name)
			d.Why = "istiod knows no endpoints of such a registry (IST0126): those of the cluster that was meant count as on no network, or on another"
			d.Fix = "use the clusterName of a cluster, which is the key of its remote Secret"
			if near != "" {
				d.Fix = "did you mean \"" + near + "\"?"
			}
		})
	}
}

// registries gives the names of the clusters that a control plane may read, and those of other clusters that its
// meshNetworks does not have.
func (m *mesh) registries(c *cluster) (known, unnamed []string) {
	known = append(m.names(), c.clusterName())
	for _, r := range c.remoteSecrets {
		known = append(known, r.cluster.text)
	}
	for _, other := range m.clusters {
		if other.clusterName() == "" {
			known = append(known, other.name, "Kubernetes")
		}
	}
	named := []string{c.clusterName(), c.name, "Kubernetes"}
	c.install().eachRegistry(func(_ string, registry value) { named = append(named, registry.text) })
	return known, slices.DeleteFunc(slices.Clone(known), func(name string) bool { return slices.Contains(named, name) })
}
