package networkgateway

import (
	"net/netip"
	"slices"
	"strconv"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/placeholder"
)

// RemoteClass is the class of a Gateway by which istiod knows the gateway of a network whose addresses it cannot see.
const RemoteClass = "istio-remote"

const (
	source      = "pilot/pkg/serviceregistry/kube/controller/network.go (handleGatewayResource)"
	network     = "topology.istio.io/network"
	gatewayPort = "networking.istio.io/gatewayPort"
)

var (
	noAddress = &diag.Rule{
		Code: "remote-gateway-address", Severity: diag.Error, Symptom: true,
		Title:  "a Gateway of class istio-remote without an address that istiod reads",
		Why:    "istiod reads addresses of the types IPAddress and Hostname: the network counts as one without a gateway, and calls time out",
		Fix:    "add addresses with type IPAddress or Hostname",
		Source: source,
		Bad:    "gatewayClassName: istio-remote\naddresses: [{value: gateway.example.com}]",
		Good:   "gatewayClassName: istio-remote\naddresses: [{type: Hostname, value: gateway.example.com}]",
	}
	noListener = &diag.Rule{
		Code: "remote-gateway-listener", Severity: diag.Error,
		Title:  "a Gateway of class istio-remote without a listener that istiod reads",
		Why:    "istiod takes the port of the gateway from a listener that passes TLS on at 15443: the network counts as one without a gateway, and calls time out",
		Fix:    "use port 15443, protocol TLS and tls mode Passthrough; for another port add the option gateway.istio.io/listener-protocol: auto-passthrough",
		Source: "pilot/pkg/serviceregistry/kube/conversion.go (IsAutoPassthrough)",
		Bad:    "gatewayClassName: istio-remote\nlisteners: [{name: tls, port: 30443, protocol: TLS, tls: {mode: Passthrough}}]",
		Good:   "gatewayClassName: istio-remote\nlisteners: [{name: tls, port: 15443, protocol: TLS, tls: {mode: Passthrough}}]",
	}
	otherClass = &diag.Rule{
		Code: "remote-gateway-class", Severity: diag.Warning,
		Title:  "a Gateway with the addresses of a network's gateway, whose class is nearly istio-remote",
		Why:    "it is read from the cluster of the control plane alone only with that class: with any other, the istiod of each other cluster takes the addresses as well, and uses them for calls that should not go there",
		Fix:    "write gatewayClassName: istio-remote",
		Source: source,
		Bad:    "gatewayClassName: istio-remotes\naddresses: [{type: IPAddress, value: 203.0.113.20}]",
		Good:   "gatewayClassName: istio-remote\naddresses: [{type: IPAddress, value: 203.0.113.20}]",
	}
)

// IsRemote reports whether a Gateway is of the class, or was meant to be.
func IsRemote(o *manifest.Object) bool {
	class := o.Root.StringAt("spec", "gatewayClassName")
	return class == RemoteClass || near(class) && o.Root.At("metadata", "labels", network) != nil && o.Root.At("spec", "addresses") != nil
}

func near(class string) bool {
	others := []string{"istio", "istio-waypoint", "istio-east-west"}
	return !slices.Contains(others, class) && diag.Nearest(class, append(others, RemoteClass)) == RemoteClass
}

// Remote is what such a Gateway says.
type Remote struct {
	Addresses []Text   // those that istiod reads
	Ports     []Text   // of the listeners that it reads
	Pos       diag.Pos // of its class

	AddressesPos diag.Pos
}

// ReadRemote gives what a Gateway says, and reports what istiod passes over.
func ReadRemote(o *manifest.Object, found *diag.List) *Remote {
	g := &Remote{Pos: o.At("spec", "gatewayClassName"), AddressesPos: o.At("spec", "addresses")}
	if class := o.Root.StringAt("spec", "gatewayClassName"); class != RemoteClass {
		found.Add(g.Pos, otherClass, "the class of %s is %q", o, class)
	}
	g.addresses(o, found)
	g.listeners(o, found)
	return g
}

func (g *Remote) addresses(o *manifest.Object, found *diag.List) {
	addresses := o.Root.ItemsAt("spec", "addresses")
	if len(addresses) == 0 {
		found.Add(o.At("spec"), noAddress, "%s has no addresses", o)
	}
	for i, a := range addresses {
		of, pos := a.StringAt("type"), o.At("spec", "addresses", strconv.Itoa(i), "value")
		switch {
		case of == "" && !isAddress(a.StringAt("value")): // the API server takes it for an IP, which is the default
			d := found.Add(pos, noAddress, "the address %q has no type, and is no IP", a.StringAt("value"))
			d.Why, d.Fix = "the API server takes an address without a type for an IP, and refuses the Gateway", "write type: Hostname"
		case of == "":
			g.Addresses = append(g.Addresses, Text{a.StringAt("value"), pos})
		case of != "IPAddress" && of != "Hostname":
			d := found.Add(o.At("spec", "addresses", strconv.Itoa(i), "type"), noAddress, "the address %q has the type %q", a.StringAt("value"), of)
			d.Why = "istiod passes over addresses of other types than IPAddress and Hostname: the network counts as one without a gateway, and calls time out"
		default:
			g.Addresses = append(g.Addresses, Text{a.StringAt("value"), pos})
		}
	}
}

func isAddress(text string) bool {
	_, err := netip.ParseAddr(text)
	return err == nil || placeholder.In(text)
}

// listeners goes by the rules of IsAutoPassthrough. Those of HBONE are for ambient clusters.
func (g *Remote) listeners(o *manifest.Object, found *diag.List) {
	all := o.Root.ItemsAt("spec", "listeners")
	if len(all) == 0 {
		found.Add(o.At("spec"), noListener, "%s has no listeners", o)
	}
	usual := crossNetworkPort
	if label := o.Root.At("metadata", "labels", gatewayPort); label != nil {
		usual = label.Text
	}
	hbone, local := false, &diag.List{}
	for i, l := range all {
		at := func(keys ...string) diag.Pos {
			return o.At(append([]string{"spec", "listeners", strconv.Itoa(i)}, keys...)...)
		}
		port, protocol := text(l.At("port")), l.StringAt("protocol")
		field, why := refused(l)
		switch {
		case protocol == "HBONE":
			hbone = true
		case field != nil:
			d := found.Add(at(field...), noListener, "the listener at %s %s", port, why)
			d.Why = "the API server refuses the Gateway: the network counts as one without a gateway, and calls time out"
		case l.At("tls") == nil:
			local.Add(at("protocol"), noListener, "the listener at %s has no tls", port)
		case port != usual && l.StringAt("tls", "options", option) != auto:
			local.Add(at("port"), noListener, "the listener is at %s, not at %s, and lacks the option %s", port, usual, option)
		default:
			g.Ports = append(g.Ports, Text{port, at("port")})
		}
	}
	if !hbone && len(g.Ports) == 0 { // or istiod reads another one
		found.Append(local)
	}
}

// refused gives the field for which the API server refuses a listener, and why, by the rules of the CRD.
func refused(l *document.Node) (field []string, why string) {
	tls, protocol, mode := l.At("tls"), l.StringAt("protocol"), l.StringAt("tls", "mode")
	switch {
	case tls == nil:
	case protocol == "HTTPS" && mode == "Passthrough":
		return []string{"protocol"}, "has the protocol HTTPS, which ends TLS, and tls mode Passthrough"
	case slices.Contains([]string{"HTTP", "TCP", "UDP"}, protocol):
		return []string{"protocol"}, "has the protocol " + protocol + ", which has no TLS, and tls"
	case mode != "Passthrough" && tls.At("options") == nil && len(tls.ItemsAt("certificateRefs")) == 0:
		return []string{"tls"}, "ends TLS, without a certificate"
	}
	return nil, ""
}

// Where such Gateways have to be.
var (
	Unread = &diag.Rule{
		Code: "remote-gateway-unread", Severity: diag.Error,
		Title:  "a Gateway of class istio-remote in a cluster without a control plane",
		Why:    "istiod reads Gateways of this class from its own cluster only: the network counts as one without a gateway, and calls time out",
		Fix:    "move it to the cluster of each control plane that sends calls to that network",
		Source: source,
		Bad:    "gatewayClassName: istio-remote # in a remote",
		Good:   "gatewayClassName: istio-remote # in its primary",
	}
	NotDescribed = &diag.Rule{
		Code: "remote-gateway-elsewhere", Severity: diag.Error,
		Title:  "a Gateway of class istio-remote that another control plane needs as well",
		Why:    "istiod reads Gateways of this class from its own cluster only: to the other one the network counts as one without a gateway, and calls time out",
		Fix:    "apply it in the cluster of each control plane that sends calls to that network",
		Source: source,
		Bad:    "gatewayClassName: istio-remote # in one of two primaries that read the cluster behind it",
		Good:   "gatewayClassName: istio-remote # in both",
	}
)
