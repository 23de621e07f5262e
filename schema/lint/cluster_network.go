package lint

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/fields"
)

// unlabelled reports whether an east-west gateway has no label "istio" of its own, and so that of the ingress gateway.
func (c *cluster) unlabelled(d *deployment) bool {
	return d.eastWest() && d.written != nil && !d.labels["istio"].given() && !c.selected(d)
}

// selected reports whether a Gateway between clusters selects that gateway.
func (c *cluster) selected(d *deployment) bool {
	return slices.ContainsFunc(c.gateways, func(g *gateway) bool { return len(g.selector) > 0 && g.eastWest() && g.selects(d) })
}

// routesTo reports whether the routes to istiod lead to a control plane with the revision of a gateway. Then the
// control plane's revision is the wrong one.
func (c *cluster) routesTo(d *deployment) bool {
	i := *c.install()
	i.revision = d.revision
	return slices.ContainsFunc(c.virtualServices, func(v *virtualService) bool {
		return slices.ContainsFunc(v.routes, func(r route) bool { return strings.TrimSuffix(r.host.text, ".") == i.istiod() })
	})
}

// A cluster that is not in a mesh needs none of the settings of a mesh. So rules about them first look for signs that
// it is in one.

// joined reports whether an installation is of a cluster that shares a mesh with others.
func (c *cluster) joined(i *install) bool {
	return i.remote() || i.externalIstiod.text == "true" ||
		slices.ContainsFunc(c.remoteSecrets, func(s *remoteSecret) bool { return s.namespace == "" || s.namespace == i.namespace }) ||
		len(c.installs) == 1 && c.crossesNetworks()
}

// crossesNetworks reports whether something in the cluster takes part in traffic between networks.
func (c *cluster) crossesNetworks() bool {
	return slices.ContainsFunc(c.deployments, (*deployment).crosses) ||
		slices.ContainsFunc(c.services, func(s *service) bool { return s.labels[networkLabel].given() }) ||
		slices.ContainsFunc(c.gateways, func(g *gateway) bool { return slices.ContainsFunc(g.servers, server.autoPassthrough) }) ||
		slices.ContainsFunc(c.listeners, func(l *listenerGateway) bool { return l.network.given() })
}

// isOn reports whether a cluster is certainly on a network whose name can be a label.
func (c *cluster) isOn(network string) bool {
	n := c.network()
	return n.text != "" && n.text == network && fields.IsNetworkName(n.text)
}

// alone reports whether a cluster has no traffic between networks. It is only certain of manifests that meshtopo
// rendered and that are all here.
func (c *cluster) alone() bool {
	return c.install() != nil && c.install().rendered && !c.unread && !c.crossesNetworks() && len(c.listeners) == 0 &&
		!slices.ContainsFunc(c.operators, func(op *operator) bool { return op.unsure })
}

// routed reports whether a VirtualService has a route for a port of a Gateway. A route without a port is for all ports.
func (c *cluster) routed(g *gateway, port string) bool {
	return slices.ContainsFunc(c.virtualServices, func(v *virtualService) bool { return v.boundTo(g) && v.leadsFrom(port, false) })
}

// astray gives the VirtualService with a route for a port that names none of the Gateways with that port, or nil.
func (c *cluster) astray(port string) *virtualService {
	serves := func(g *gateway) bool {
		return slices.ContainsFunc(g.servers, func(s server) bool { return s.port.number.text == port })
	}
	for _, v := range c.virtualServices {
		if v.leadsFrom(port, true) && !v.namesOne(serves, c.gateways) {
			return v
		}
	}
	return nil
}

// usualNetwork gives the network of a cluster whose installation names one. Where the manifests disagree, it is the one
// that most places name.
func (c *cluster) usualNetwork() value {
	i := c.install()
	if i == nil || !i.network.given() {
		return value{}
	}
	if v := mostNamed(c.networkNames()).value; v.text != i.network.text {
		return v
	}
	return i.network
}

// opensCrossing reports whether a cluster has something that takes calls from other networks, correct or not.
func (c *cluster) opensCrossing() bool {
	return slices.ContainsFunc(c.listeners, (*listenerGateway).ofItsNetwork) || slices.ContainsFunc(c.gateways, func(g *gateway) bool {
		return g.unsure || slices.ContainsFunc(g.servers, func(s server) bool { return s.autoPassthrough() || s.port.number.text == crossNetworkPort })
	})
}

// passesThrough reports whether a Gateway of the cluster takes calls from other networks.
func (c *cluster) passesThrough() bool {
	return slices.ContainsFunc(c.gateways, func(g *gateway) bool { return slices.ContainsFunc(g.servers, server.autoPassthrough) }) ||
		slices.ContainsFunc(c.listeners, (*listenerGateway).ofItsNetwork)
}

// hasGateway reports whether a cluster has a gateway to its network: pods, a Service or an object of the Gateway API
// with the network's label. A file that could not be read may have one.
func (c *cluster) hasGateway() bool {
	return slices.ContainsFunc(c.deployments, (*deployment).eastWest) ||
		slices.ContainsFunc(c.services, func(s *service) bool { return s.labels[networkLabel].given() }) ||
		slices.ContainsFunc(c.listeners, (*listenerGateway).ofItsNetwork) ||
		c.unread || slices.ContainsFunc(c.operators, func(op *operator) bool { return op.unsure })
}

// lacks reports whether the topology lists a revision that is not among the manifests, which is a finding of its own.
func (c *cluster) lacks(revision string) bool {
	want := c.wanted()
	return want != nil && len(want.ControlPlanes()) > 1 && want.Named(revision) != nil && !c.offers(revision)
}

// offers reports whether a control plane of the cluster has that revision, or a tag of that name.
func (c *cluster) offers(revision string) bool {
	return slices.Contains(c.tags, revision) || slices.ContainsFunc(c.installs, func(i *install) bool {
		return i.revision.text == revision || slices.ContainsFunc(i.tags, func(tag value) bool { return tag.text == revision })
	})
}

// blamed reports whether a finding about an east-west gateway says that the revision of the control plane is the wrong
// one, because the gateway has that of a remote. It is an error then: the remote asks for another istiod.
func (c *cluster) blamed(remote *cluster) bool {
	revision := remote.install().revision.text
	for _, d := range c.deployments {
		if revision != "" && d.eastWest() && d.otherRevision != nil && d.revision.text == revision {
			d.otherRevision.Severity = diag.Error
			d.otherRevision.Append("; the remote %q has that of the gateway", remote.name)
			return true
		}
	}
	return false
}

// hasGateways reports whether the manifests have a Gateway that could expose istiod, or an east-west gateway.
func (c *cluster) hasGateways() bool {
	return len(c.gateways) > 0 || slices.ContainsFunc(c.deployments, (*deployment).eastWest)
}

// offersIstiod reports whether a Gateway has a server for istiod. What it selects is checked elsewhere.
func (c *cluster) offersIstiod() bool {
	return slices.ContainsFunc(c.gateways, func(g *gateway) bool {
		return slices.ContainsFunc(g.servers, func(s server) bool { return s.port.number.text == istiodPort })
	})
}

// exposing gives the server at a port of istiod on an east-west gateway, or nil.
func (c *cluster) exposing(port string) *server {
	for _, g := range c.gateways {
		for i, s := range g.servers {
			if s.port.number.text == port && slices.ContainsFunc(c.deployments, func(d *deployment) bool { return d.eastWest() && g.selects(d) }) {
				return &g.servers[i]
			}
		}
	}
	return nil
}

// network gives the network of a cluster, or nothing where two places name different ones.
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

// networkName is the network's name at one of the places that have it.
type networkName struct {
	what string
	value
}

// networkNames gives the name of the cluster's network at every place that has it.
func (c *cluster) networkNames() []networkName {
	var all []networkName
	add := func(what string, v value) {
		if v.text != "" && v.given() {
			all = append(all, networkName{what, v})
		}
	}
	for _, i := range c.installs {
		add("values.global.network of the control plane", i.network)
		add("the injection path", i.injection().network)
		if ns := c.namespaceOf(i); ns != nil {
			add("the label of namespace "+ns.name, ns.network)
		}
	}
	for _, d := range c.deployments {
		add("the label of gateway "+d.name, d.labels[networkLabel])
		add(networkView+" of gateway "+d.name, d.view)
		if d.eastWest() {
			add("values.global.network of gateway "+d.name, d.network)
		}
	}
	for _, z := range c.ztunnels {
		add("the network of ztunnel", z.network)
	}
	for _, d := range c.workloads {
		if d.view.given() {
			add("the label of the pods of gateway "+d.name, d.labels[networkLabel])
			add(networkView+" of gateway "+d.name, d.view)
		}
	}
	for _, s := range c.services {
		add("the label of Service "+s.name, s.labels[networkLabel])
	}
	for _, l := range c.listeners {
		if l.ofItsNetwork() {
			add("the label of Gateway "+l.name, l.network)
		}
	}
	return all
}

// mostNamed gives the first place with the network that most places have.
func mostNamed(names []networkName) networkName {
	var best networkName
	count := map[string]int{}
	for _, n := range names {
		count[n.text]++
	}
	for _, n := range names {
		if count[n.text] > count[best.text] {
			best = n
		}
	}
	return best
}

// installsGateways reports whether the manifests have gateways between clusters.
func (c *cluster) installsGateways() bool {
	return slices.ContainsFunc(c.deployments, (*deployment).eastWest) || slices.ContainsFunc(c.workloads, (*deployment).crosses)
}

// markPassThrough notes the gateways that some Gateway makes pass connections of other networks through.
func (c *cluster) markPassThrough() {
	for _, g := range c.gateways {
		if len(g.selector) == 0 || !slices.ContainsFunc(g.servers, server.autoPassthrough) {
			continue
		}
		for _, d := range c.deployments {
			d.passesThrough = d.passesThrough || g.selects(d) && d.servesOneOf(g.servers)
		}
	}
}
