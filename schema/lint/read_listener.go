package lint

import (
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// listenerGateway is a Gateway of the Gateway API between networks.
type listenerGateway struct {
	name    string
	class   string
	pos     diag.Pos
	network value // its label
}

// waypoint is a Gateway through which ambient clusters send calls of Services.
type waypoint struct{ namespace, name string }

// remoteClass is the class of a Gateway that describes a gateway elsewhere, which istiod cannot see.
const remoteClass = "istio-remote"

// ofItsNetwork reports whether it is a gateway to the network of its own cluster.
func (g *listenerGateway) ofItsNetwork() bool { return g.class != remoteClass }

// crossing gives the listener at port 15443 that passes TLS on, or nil.
func crossing(o *manifest.Object) *document.Node {
	for _, l := range o.Root.ItemsAt("spec", "listeners") {
		if valueAt(l, "port").text == crossNetworkPort && l.StringAt("protocol") == "TLS" {
			return l
		}
	}
	return nil
}

// automatic reports whether the listener at port 15443 has the setting to pass connections on.
func automatic(o *manifest.Object) bool {
	l := crossing(o)
	return l != nil && l.StringAt("tls", "options", "gateway.istio.io/listener-protocol") == "auto-passthrough"
}
