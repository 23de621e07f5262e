package lint

import "meshtopo.dev/meshtopo/schema/rules"

// checkPrivateServers reports API servers at private addresses that a control plane on another network reads. The server is a value
// of a Secret, and is not shown.
func (m *mesh) checkPrivateServers() {
	for _, p := range m.primaries() {
		for _, r := range p.remoteSecrets {
			other := m.called(r.cluster.text)
			if other == nil || !rules.IsPrivateAPIURL(r.server.text) {
				continue
			}
			mine, its := p.network(), other.network()
			if mine.text == "" || its.text == "" || mine.text == its.text {
				continue
			}
			d := m.found.Add(r.server.pos, rules.APIURLPrivate, "the server of cluster %q is at a private address, but cluster %q, which reads it, is on network %q",
				r.cluster.text, p.name, mine.text)
			d.Relate(its.pos, "cluster "+other.name+" is on another network")
		}
	}
}
