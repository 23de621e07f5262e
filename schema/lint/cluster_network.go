package lint

import (
	"slices"
	"strings"
)

// unlabelled reports whether an east-west gateway has the label of the ingress gateway, because it has none of its own.
func (c *cluster) unlabelled(d *deployment) bool {
	return d.eastWest() && d.written != nil && !d.labels["istio"].given() && !c.selected(d)
}

// selected reports whether a Gateway between clusters is for that gateway, whatever its labels.
func (c *cluster) selected(d *deployment) bool {
	return slices.ContainsFunc(c.gateways, func(g *gateway) bool { return len(g.selector) > 0 && g.eastWest() && g.selects(d) })
}

// routesTo reports whether the routes to istiod lead to that of a gateway's revision: it is the control plane that is odd.
func (c *cluster) routesTo(d *deployment) bool {
	i := *c.install()
	i.revision = d.revision
	return slices.ContainsFunc(c.virtualServices, func(v *virtualService) bool {
		return slices.ContainsFunc(v.routes, func(r route) bool { return strings.TrimSuffix(r.host.text, ".") == i.istiod() })
	})
}

// A cluster that stands alone needs none of what clusters of a mesh must say, so that rules about it look for evidence first.

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

// isOn reports whether a cluster is on a network for certain, and could be labelled with it.
func (c *cluster) isOn(network string) bool {
	n := c.network()
	return n.text != "" && n.text == network && isNetworkName(n.text)
}

// alone reports whether a cluster whose manifests are all here, as meshtopo rendered them, takes no part in traffic between networks.
func (c *cluster) alone() bool {
	return c.install() != nil && c.install().rendered && !c.unread && !c.crossesNetworks() &&
		!slices.ContainsFunc(c.operators, func(op *operator) bool { return op.unsure })
}

// routed reports whether a VirtualService has a route for a port of a Gateway. One without ports is for all, and one with that port
// that names another Gateway is a mistake of its own.
func (c *cluster) routed(g *gateway, port string) bool {
	return slices.ContainsFunc(c.virtualServices, func(v *virtualService) bool {
		return slices.ContainsFunc(v.routes, func(r route) bool { return r.match.text == port || !r.match.given() && v.boundTo(g) })
	})
}

// usualNetwork gives the cluster's network, as far as its installation says one: where its manifests say two, the one that most places
// have.
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

// opensCrossing reports whether a cluster has something that takes calls from other networks, be it right or wrong.
func (c *cluster) opensCrossing() bool {
	return len(c.listeners) > 0 || slices.ContainsFunc(c.gateways, func(g *gateway) bool {
		return g.unsure || slices.ContainsFunc(g.servers, func(s server) bool { return s.autoPassthrough() || s.port.number.text == crossNetworkPort })
	})
}

// passesThrough reports whether a Gateway of the cluster takes calls from other networks.
func (c *cluster) passesThrough() bool {
	return slices.ContainsFunc(c.gateways, func(g *gateway) bool { return slices.ContainsFunc(g.servers, server.autoPassthrough) }) ||
		slices.ContainsFunc(c.listeners, (*listenerGateway).ofItsNetwork)
}

// hasGateway reports whether the manifests of a cluster have a gateway to its network: pods, a Service or an object of the
// Gateway API that carries the network's label. What could not be read may be one.
func (c *cluster) hasGateway() bool {
	return slices.ContainsFunc(c.deployments, (*deployment).eastWest) ||
		slices.ContainsFunc(c.services, func(s *service) bool { return s.labels[networkLabel].given() }) ||
		slices.ContainsFunc(c.listeners, (*listenerGateway).ofItsNetwork) ||
		c.unread || slices.ContainsFunc(c.operators, func(op *operator) bool { return op.unsure })
}

// gatewaysSay reports whether the gateways of a cluster have a revision, so that it is the control plane that is odd.
func (c *cluster) gatewaysSay(revision string) bool {
	return slices.ContainsFunc(c.deployments, func(d *deployment) bool { return d.eastWest() && d.written != nil && d.revision.text == revision })
}

// hasGateways reports whether the manifests of a cluster have what would expose istiod, or what that would run on.
func (c *cluster) hasGateways() bool {
	return len(c.gateways) > 0 || slices.ContainsFunc(c.deployments, (*deployment).eastWest)
}

// offersIstiod reports whether a Gateway has a server for istiod, whatever it selects: that it selects nothing is another finding.
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

// networkName is one place at which a cluster's network is named.
type networkName struct {
	what string
	value
}

// networkNames gives every place at which somebody named the cluster's network.
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

// mostNamed gives the first place that has the network which most places have.
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
