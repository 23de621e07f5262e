package lint

import (
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/networkgateway"
)

// listenerGateway is a Gateway of the Gateway API between networks.
type listenerGateway struct {
	name    string
	class   string
	pos     diag.Pos
	network value                  // its label
	remote  *networkgateway.Remote // what it says of a gateway elsewhere, which istiod cannot see, or nil
}

// waypoint is a Gateway through which ambient clusters send calls of Services.
type waypoint struct{ namespace, name string }

// ofItsNetwork reports whether it is a gateway to the network of its own cluster.
func (g *listenerGateway) ofItsNetwork() bool { return g.remote == nil }
