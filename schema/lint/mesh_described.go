package lint

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/networkgateway"
	"meshtopo.dev/meshtopo/schema/rules"
)

// describes gives the Gateway by which the control plane of a cluster knows the gateway of a network that it cannot
// see, or nil.
func (c *cluster) describes(network string) *listenerGateway {
	for _, l := range c.listeners {
		if network != "" && l.remote != nil && l.network.text == network {
			return l
		}
	}
	return nil
}

// states reports whether the meshNetworks of a cluster have a gateway of a network.
func (c *cluster) states(network string) bool {
	return c.install() != nil && len(c.install().networks.ItemsAt(network, "gateways")) > 0
}

// describing gives such a Gateway in some cluster, or one that names no network that a cluster is on, which is reported
// where it is; or nil.
func (m *mesh) describing(network string) *listenerGateway {
	for _, c := range m.clusters {
		if l := c.describes(network); l != nil {
			return l
		}
	}
	return m.astray()
}

// astray gives a Gateway of class istio-remote that names no network that a cluster is on, or nil.
func (m *mesh) astray() *listenerGateway {
	for _, c := range m.clusters {
		for _, l := range c.listeners {
			if l.remote != nil && !slices.ContainsFunc(m.clusters, func(o *cluster) bool { return m.networkOf(o).text == l.network.text }) {
				return l
			}
		}
	}
	return nil
}

// checkDescribed reports Gateways that no control plane reads, or not each that needs them.
func (m *mesh) checkDescribed() {
	for _, c := range m.members() {
		unread := c.install() != nil && c.install().remote() && c.install().configCluster.text != "true"
		for _, l := range c.listeners {
			switch {
			case l.remote == nil || !l.network.given():
			case unread:
				m.found.Add(l.remote.Pos, networkgateway.Unread, "Gateway %s is in cluster %q, a remote", l.name, c.name)
			case m.topology == nil:
				m.checkNeeded(l)
			}
		}
	}
	if l := m.astray(); l != nil && l.network.given() && m.topology == nil {
		m.checkAstray(l)
	}
}

// checkNeeded reports a Gateway that another control plane lacks, if that does not see the gateway in another way.
func (m *mesh) checkNeeded(l *listenerGateway) {
	for _, p := range m.primaries() {
		if m.callsBlindly(p, l.network.text) {
			d := m.found.Add(l.network.pos, networkgateway.NotDescribed, "cluster %q reads a cluster on network %q, and has no such Gateway", p.name, l.network.text)
			d.Relate(p.install().pos, "the control plane")
			return
		}
	}
}

// checkAstray reports a Gateway for a network that nobody is on, beside a gateway that cannot be found.
func (m *mesh) checkAstray(l *listenerGateway) {
	for _, c := range m.members() {
		hidden := slices.ContainsFunc(c.deployments, (*deployment).crosses) && !c.discoverable()
		if n := m.networkOf(c); n.given() && !c.unread && hidden && !m.states(n.text) {
			d := m.found.Add(l.network.pos, rules.NetworkWithoutGateway, "Gateway %s is for network %q, on which no cluster is, and that of network %q cannot be found", l.name, l.network.text, n.text)
			d.Fix = fmt.Sprintf("write %s: %s, if it describes the gateway of that", networkLabel, n.text)
			d.Relate(n.pos, "the network without one")
			return
		}
	}
}

// states reports whether a Gateway or meshNetworks have the address of a network's gateway.
func (m *mesh) states(network string) bool {
	return slices.ContainsFunc(m.clusters, func(c *cluster) bool { return c.states(network) || c.describes(network) != nil })
}

// callsBlindly reports whether a control plane sends calls to a network of which it knows no gateway for certain:
// nothing in it describes one, and the Services of all have no address.
func (m *mesh) callsBlindly(p *cluster, network string) bool {
	if p.unread || p.runsExternal() || p.describes(network) != nil || p.install().networks != nil {
		return false
	}
	if slices.ContainsFunc(p.listeners, func(l *listenerGateway) bool { return l.remote != nil && !l.network.given() }) {
		return false // it lacks its label, which has been reported
	}
	calls := false
	for _, c := range m.members() {
		if m.networkOf(c).text != network {
			continue
		}
		if c.unread || c.discoverable() {
			return false
		}
		calls = calls || p.reads(c) && m.networkOf(p).given() && m.networkOf(p).text != network
	}
	return calls
}

// discoverable reports whether a Service of a cluster may tell istiod an address of its gateway.
func (c *cluster) discoverable() bool {
	finds := func(kind value, annotations map[string]value) bool {
		return networkgateway.Finds(kind.exported(), annotations[networkgateway.NodeSelector].exported())
	}
	return slices.ContainsFunc(c.deployments, func(d *deployment) bool {
		return d.crosses() && (d.external || finds(d.serviceType, d.annotations))
	}) || slices.ContainsFunc(c.services, func(s *service) bool {
		return s.labels[networkLabel].given() && (s.external || s.kind.given() && finds(s.kind, s.annotations))
	}) || slices.ContainsFunc(c.listeners, (*listenerGateway).ofItsNetwork)
}

// compareDescribed compares what the control plane of a cluster is told of gateways with the topology.
func (m *mesh) compareDescribed(t *schema.Topology, want *schema.Cluster, c *cluster) {
	described := t.Described(want)
	for _, l := range c.listeners {
		name, ok := strings.CutPrefix(l.name, schema.RemoteGateway)
		if l.remote == nil || !ok || want.Role == schema.Remote {
			continue
		}
		i := slices.IndexFunc(described, func(of *schema.Cluster) bool { return of.Name == name })
		if i < 0 {
			m.deviate(l.remote.Pos, nil, "the topology gives it none for cluster "+strconv.Quote(name), "cluster %q has Gateway %s", want.Name, l.name)
			continue
		}
		of := described[i]
		m.compareValue(l.network, l.pos, networkgateway.WithoutNetwork, "the label "+networkLabel, of.Network)
		m.compareAddresses(of, l.remote)
	}
}

// compareAddresses compares the addresses and the port of one gateway.
func (m *mesh) compareAddresses(of *schema.Cluster, r *networkgateway.Remote) {
	want, port := of.EastWestGateway.Addresses, strconv.FormatInt(of.EastWestGateway.Port, 10)
	missing := slices.Clone(want)
	for _, a := range r.Addresses {
		if missing = slices.DeleteFunc(missing, func(w string) bool { return w == a.Text }); !slices.Contains(want, a.Text) {
			m.deviate(a.Pos, nil, says(strings.Join(want, ", ")), "the gateway of cluster %q has the address %q", of.Name, a.Text)
			return
		}
	}
	if len(missing) > 0 && len(r.Addresses) > 0 && m.specific(r.AddressesPos, nil) == nil {
		m.deviate(r.AddressesPos, nil, says(strings.Join(want, ", ")), "the gateway of cluster %q lacks the address %s", of.Name, diag.Few(missing))
	}
	for _, p := range r.Ports {
		if p.Text != port {
			m.deviate(p.Pos, nil, says(port), "the gateway of cluster %q has the port %q", of.Name, p.Text)
		}
	}
}
