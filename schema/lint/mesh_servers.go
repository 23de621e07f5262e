package lint

import (
	"meshtopo.dev/meshtopo/schema"
)

// checkPrivateServers reports API servers at private addresses that a control plane on another network reads. The server is a value
// of a Secret, and is not shown.
func (m *mesh) checkPrivateServers() {
	for _, p := range m.primaries() {
		for _, r := range p.remoteSecrets {
			other := m.called(r.cluster.text)
			if other == nil || !schema.IsPrivateAPIURL(r.server.text) {
				continue
			}
			mine, its := p.network(), other.network()
			if mine.text == "" || its.text == "" || mine.text == its.text {
				continue
			}
			d := m.found.Add(r.server.pos, schema.APIURLPrivate, "the server of cluster %q is at a private address, but cluster %q, which reads it, is on network %q",
				r.cluster.text, p.name, mine.text)
			d.Relate(its.pos, "cluster "+other.name+" is on another network")
		}
	}
}

// network gives the network of a cluster: the first place that names it, if no other names another one.
func (c *cluster) network() networkName {
	names := c.networkNames()
	for _, n := range names {
		if n.text != names[0].text {
			return networkName{}
		}
	}
	if len(names) == 0 {
		return networkName{}
	}
	return names[0]
}
