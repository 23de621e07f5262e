package lint

import (
	"strconv"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/manifest"
)

const ambientSource = "pilot/pkg/config/kube/gateway/conversion.go (unexpectedEastWestWaypointListener)"

var (
	ambientListener = &diag.Rule{
		Code: "east-west-listener", Severity: diag.Error, Symptom: true,
		Title:  "a listener that an east-west gateway of the Gateway API does not take",
		Why:    "istiod does not accept the listener, and calls from other networks are refused: class istio-east-west takes HBONE that it terminates at 15008, and TLS that it passes on at other ports; class istio passes TLS on at 15443",
		Fix:    "use port 15008, protocol HBONE and tls mode Terminate; or port 15443, protocol TLS and tls mode Passthrough",
		Source: ambientSource,
		Bad:    "gatewayClassName: istio-east-west\nlisteners: [{name: mesh, port: 15008, protocol: TLS, tls: {mode: Terminate}}]",
		Good:   "gatewayClassName: istio-east-west\nlisteners: [{name: mesh, port: 15008, protocol: HBONE, tls: {mode: Terminate}}]",
	}
	noRemoteAddress = &diag.Rule{
		Code: "remote-gateway-address", Severity: diag.Error, Symptom: true,
		Title:  "a Gateway of class istio-remote without an address that istiod reads",
		Why:    "istiod passes over addresses without a type: the network counts as one without a gateway, and calls time out",
		Fix:    "add addresses with type IPAddress or Hostname",
		Source: "pilot/pkg/serviceregistry/kube/controller/network.go (handleGatewayResource)",
		Bad:    "gatewayClassName: istio-remote\naddresses: [{value: 203.0.113.20}]",
		Good:   "gatewayClassName: istio-remote\naddresses: [{type: IPAddress, value: 203.0.113.20}]",
	}
)

var gatewayAPIGroup = group{rules: []*diag.Rule{ambientListener, noRemoteAddress}}

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
	switch g.class {
	case remoteClass:
		checkAddresses(o.Object, found)
	case "istio-east-west":
	case "istio-waypoint":
		c.waypoints = append(c.waypoints, waypoint{o.Namespace, o.Name})
		return
	case "istio":
		if !labelled && !g.network.given() && crossing(o.Object) == nil {
			return
		}
	default:
		return
	}
	if g.ofItsNetwork() {
		checkListeners(o.Object, g.class, found)
	}
	switch {
	case labelled && !g.network.given() && crossing(o.Object) != nil:
		found.Add(service.Pos, gatewayWithoutNetwork, "the Service of Gateway %s gets no label %s: it has those of infrastructure alone", g.name, networkLabel)
	case !labelled && !g.network.given() && !automatic(o.Object):
		found.Add(g.pos, gatewayWithoutNetwork, "Gateway %s has no label %s", g.name, networkLabel)
	case g.class == "istio" && service != nil && g.network.given() && !listens(readPorts(o.Root.At("spec", "listeners")), labels(service)):
		found.Add(g.pos, noGatewayPort, "Gateway %s has the label %s, but no listener at port %s", g.name, networkLabel, crossNetworkPort)
	}
	c.listeners = append(c.listeners, g)
}

func checkListeners(o *manifest.Object, class string, found *diag.List) {
	for i, l := range o.Root.ItemsAt("spec", "listeners") {
		port, protocol, mode := valueAt(l, "port").text, l.StringAt("protocol"), l.StringAt("tls", "mode")
		want := "protocol TLS and tls mode Passthrough"
		good := protocol == "TLS" && mode == "Passthrough"
		switch {
		case class == "istio-east-west" && port == ambientPort:
			want, good = "protocol HBONE and tls mode Terminate", protocol == "HBONE" && mode == "Terminate"
		case class == "istio" && port != crossNetworkPort:
			continue
		}
		if !good {
			found.Add(o.At("spec", "listeners", strconv.Itoa(i), "port"), ambientListener, "the listener at %s must have %s", port, want)
		}
	}
}

// checkAddresses checks the address of a gateway that istiod cannot see.
func checkAddresses(o *manifest.Object, found *diag.List) {
	addresses := o.Root.ItemsAt("spec", "addresses")
	if len(addresses) == 0 {
		found.Add(o.At("spec"), noRemoteAddress, "%s has no addresses", o)
	}
	for i, a := range addresses {
		if a.StringAt("type") == "" {
			found.Add(o.At("spec", "addresses", strconv.Itoa(i), "value"), noRemoteAddress, "the address %q has no type", a.StringAt("value"))
		}
	}
}
