package lint

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/settings"
)

const ambientFlag = "AMBIENT_ENABLE_MULTI_NETWORK"

var ambientGroup = group{rules: []*diag.Rule{settings.AmbientWithoutFlag, settings.AmbientOnOneNetwork, settings.AmbientRemote, settings.GatewayForOthers}}

// checkAmbient checks what ambient clusters need of each other.
func (m *mesh) checkAmbient() {
	networks := m.gateways()
	for _, c := range m.members() {
		i := c.install()
		if i == nil {
			continue
		}
		n := networks[m.networkOf(c).text]
		switch crosses := n != nil && (n.hbone.given() || len(networks) > 1 && !n.mutualTLS.given()); {
		case crosses && i.ambient() && i.multiNetwork.text != "true":
			m.found.Add(first(i.multiNetwork, value{pos: i.pos}).pos, settings.AmbientWithoutFlag, "the ambient control plane of cluster %q lacks %s: \"true\"", c.name, ambientFlag)
		case i.remote():
			m.checkAmbientRemote(c)
		}
	}
	m.checkAmbientNetworks()
	m.checkDataPlanes(networks)
}

// checkAmbientRemote looks for remotes of a primary whose ambient setup remotes do not support.
func (m *mesh) checkAmbientRemote(r *cluster) {
	for _, name := range r.controlPlanes() {
		if p := m.controlPlane(name); p != nil && p.primary() && p.install().multiNetwork.text == "true" {
			i := r.install()
			d := m.found.Add(first(i.profile, value{pos: i.pos}).pos, settings.AmbientRemote, "cluster %q is a remote of %q, which is set up for an ambient mesh of several networks", r.name, p.name)
			d.Relate(p.install().multiNetwork.pos, ambientFlag)
			return
		}
	}
}

// checkAmbientNetworks reports ambient clusters that are all on one network.
func (m *mesh) checkAmbientNetworks() {
	ambient := slices.DeleteFunc(m.primaries(), func(c *cluster) bool { return c.runsExternal() || !c.install().ambient() })
	if len(ambient) < 2 || len(ambient) < len(m.members()) {
		return
	}
	shared := m.networkOf(ambient[0])
	if !shared.given() || slices.ContainsFunc(ambient, func(c *cluster) bool { return m.networkOf(c).text != shared.text }) {
		return
	}
	for _, c := range ambient[1:] {
		d := m.found.Add(m.networkOf(c).pos, settings.AmbientOnOneNetwork, "the ambient clusters %q and %q are on one network", ambient[0].name, c.name)
		d.Relate(shared.pos, "the network of "+ambient[0].name)
	}
}

// networkGateways are the first gateways of a network, for each way to call it.
type networkGateways struct {
	mutualTLS, hbone value
}

// gateways gives the gateways of each network that a cluster is on.
func (m *mesh) gateways() map[string]*networkGateways {
	networks := map[string]*networkGateways{}
	for _, c := range m.members() {
		network := m.networkOf(c)
		if !network.given() {
			continue
		}
		n := networks[network.text]
		if n == nil {
			n = &networkGateways{}
			networks[network.text] = n
		}
		if m.states(network.text) { // by which it can be called is not known
			n.mutualTLS, n.hbone = first(n.mutualTLS, network), first(n.hbone, network)
		}
		n.add(c)
	}
	return networks
}

// add adds the gateways of a cluster.
func (n *networkGateways) add(c *cluster) {
	for _, d := range c.deployments {
		if d.eastWest() {
			n.mutualTLS = first(n.mutualTLS, value{pos: d.pos})
		}
	}
	for _, s := range c.services {
		if !s.labels[networkLabel].given() {
			continue
		}
		for _, p := range s.ports {
			if p.number.text == ambientPort {
				n.hbone = first(n.hbone, value{pos: s.pos})
			} else if p.number.text == crossingPort(s.labels) {
				n.mutualTLS = first(n.mutualTLS, value{pos: s.pos})
			}
		}
	}
	for _, l := range c.listeners {
		if l.class != "istio" {
			n.hbone = first(n.hbone, value{pos: l.pos})
		}
		if l.class != "istio-east-west" {
			n.mutualTLS = first(n.mutualTLS, value{pos: l.pos})
		}
	}
}

// checkDataPlanes compares the gateways of each network with the data planes of the clusters. ztunnel needs a gateway
// on its own network and on those that it calls; sidecars need one on those that they call.
func (m *mesh) checkDataPlanes(networks map[string]*networkGateways) {
	for _, c := range m.members() {
		i, own := c.install(), m.networkOf(c)
		if i == nil || !own.given() {
			continue
		}
		if n := networks[own.text]; i.ambient() && len(networks) > 1 && n.mutualTLS.given() && !n.hbone.given() {
			m.found.Add(n.mutualTLS.pos, settings.GatewayForOthers, "network %q has no gateway for ztunnel, which cluster %q has", own.text, c.name)
			n.hbone = own // reported once
		}
		if !i.sidecar() && !c.injects() {
			continue
		}
		for name, n := range networks {
			if name != own.text && n.hbone.given() && !n.mutualTLS.given() {
				m.found.Add(n.hbone.pos, settings.GatewayForOthers, "network %q has no gateway for sidecars, which cluster %q has", name, c.name)
				n.mutualTLS = own // reported once
			}
		}
	}
}

// injects reports whether pods of a namespace of an ambient cluster get sidecars.
func (c *cluster) injects() bool {
	return slices.ContainsFunc(c.namespaces, func(ns *namespace) bool {
		return ns.injected().given() && ns.labels["istio.io/dataplane-mode"].text != "ambient"
	})
}
