package lint

import (
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/networkgateway"
)

var gatewayAPIGroup = group{rules: networkgateway.Rules}

// addListenerGateway reads a Gateway of the Gateway API, if it is of a class between networks or has a listener for
// others.
func (c *cluster) addListenerGateway(o *object, found *diag.List) {
	g := &listenerGateway{
		name: o.Name, class: o.Root.StringAt("spec", "gatewayClassName"), pos: o.At("metadata", "name"),
		network: valueAt(o.Root, "metadata", "labels", networkLabel),
	}
	labelled, service := g.network.given(), o.Root.At("spec", "infrastructure", "labels") // what its Service gets
	if service != nil && g.class == "istio" {
		g.network = valueAt(service, networkLabel)
	}
	if networkgateway.IsRemote(o.Object) {
		g.class, g.remote = networkgateway.RemoteClass, networkgateway.ReadRemote(o.Object, found)
	}
	switch g.class {
	case networkgateway.RemoteClass, "istio-east-west":
	case "istio-waypoint":
		c.waypoints = append(c.waypoints, waypoint{o.Namespace, o.Name})
		return
	case "istio":
		if !labelled && !g.network.given() && !networkgateway.Crosses(o.Object) {
			return
		}
	default:
		return
	}
	if g.ofItsNetwork() {
		networkgateway.CheckListeners(o.Object, g.class, found)
	}
	switch {
	case labelled && !g.network.given() && networkgateway.Crosses(o.Object):
		found.Add(service.Pos, networkgateway.WithoutNetwork, "the Service of Gateway %s gets no label %s: it has those of infrastructure alone", g.name, networkLabel)
	case !labelled && !g.network.given() && (!g.ofItsNetwork() || !networkgateway.PassesOn(o.Object)):
		found.Add(g.pos, networkgateway.WithoutNetwork, "Gateway %s has no label %s", g.name, networkLabel)
	case g.class == "istio" && service != nil && g.network.given() && !listens(readPorts(o.Root.At("spec", "listeners")), labels(service)):
		found.Add(g.pos, networkgateway.NoPort, "Gateway %s has the label %s, but no listener at port %s", g.name, networkLabel, crossNetworkPort)
	}
	c.listeners = append(c.listeners, g)
}
