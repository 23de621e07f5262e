package lint

import "meshtopo.dev/meshtopo/schema/settings"

// checkPolicies looks for mutual TLS that is off for a namespace or a host which other networks have.
func (m *mesh) checkPolicies() {
	for _, c := range m.members() {
		for _, p := range c.plaintexts {
			own := c.namespaceIn(p.file, p.namespace)
			switch {
			case p.host != "":
				if s, owner := m.elsewhere(c, func(s *service) bool { return s.isHost(p.host, own, c) }); s != nil {
					d := m.found.Add(p.mode.pos, settings.PlaintextCalls, "%s turns mutual TLS off for %s, which is called in other networks too", p.name, p.host)
					d.Relate(s.pos, "the Service in "+owner.name)
				}
			case !p.calls && own != c.controlPlaneNamespace():
				if s, owner := m.elsewhere(c, func(s *service) bool { return s.namespace == own }); s != nil {
					d := m.found.Add(p.mode.pos, settings.NamespaceWithoutMTLS, "%s turns mutual TLS off for namespace %s, whose Services are called in other networks too", p.name, own)
					d.Relate(s.pos, "a Service of the namespace in "+owner.name)
				}
			}
		}
	}
}

// elsewhere gives the first such Service in a cluster on another network.
func (m *mesh) elsewhere(c *cluster, such func(*service) bool) (*service, *cluster) {
	own := m.networkOf(c)
	for _, other := range m.members() {
		if network := m.networkOf(other); other == c || !own.given() || !network.given() || network.text == own.text {
			continue
		}
		for _, s := range other.services {
			if !other.hasOwn(s) && such(s) {
				return s, other
			}
		}
	}
	return nil, nil
}

// isHost reports whether a Service has the name that a DestinationRule of a namespace gives. One without a dot is in
// that namespace.
func (s *service) isHost(host, namespace string, c *cluster) bool {
	i := c.install()
	return s.name == host && s.namespace == namespace || i != nil && host == s.name+"."+s.namespace+".svc."+i.domain()
}
