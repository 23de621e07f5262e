// Package networkgateway judges by itself what is to be the gateway of a network: a Service, or a Gateway of the
// Gateway API. The rules of what it is installed by are here as well.
package networkgateway

import (
	"strconv"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

const (
	crossNetworkPort = "15443"
	ambientPort      = "15008"
	option, auto     = "gateway.istio.io/listener-protocol", "auto-passthrough"
)

// Rules are all rules of this package.
var Rules = []*diag.Rule{EastWestListener, noAddress, noListener, otherClass, Unread, NotDescribed}

var EastWestListener = &diag.Rule{
	Code: "east-west-listener", Severity: diag.Error, Symptom: true,
	Title:  "a listener that an east-west gateway of the Gateway API does not take",
	Why:    "istiod does not accept the listener, and calls from other networks are refused: class istio-east-west takes HBONE that it terminates at 15008, and TLS that it passes on at other ports; class istio passes TLS on at 15443",
	Fix:    "use port 15008, protocol HBONE and tls mode Terminate; or port 15443, protocol TLS and tls mode Passthrough",
	Source: "pilot/pkg/config/kube/gateway/conversion.go (unexpectedEastWestWaypointListener)",
	Bad:    "gatewayClassName: istio-east-west\nlisteners: [{name: mesh, port: 15008, protocol: TLS, tls: {mode: Terminate}}]",
	Good:   "gatewayClassName: istio-east-west\nlisteners: [{name: mesh, port: 15008, protocol: HBONE, tls: {mode: Terminate}}]",
}

// CheckListeners judges those of a gateway that istiod makes.
func CheckListeners(o *manifest.Object, class string, found *diag.List) {
	for i, l := range o.Root.ItemsAt("spec", "listeners") {
		port, protocol, mode := text(l.At("port")), l.StringAt("protocol"), l.StringAt("tls", "mode")
		want := "protocol TLS and tls mode Passthrough"
		good := protocol == "TLS" && mode == "Passthrough"
		switch {
		case class == "istio-east-west" && port == ambientPort:
			want, good = "protocol HBONE and tls mode Terminate", protocol == "HBONE" && mode == "Terminate"
		case class == "istio" && port != crossNetworkPort:
			continue
		}
		if !good {
			found.Add(o.At("spec", "listeners", strconv.Itoa(i), "port"), EastWestListener, "the listener at %s must have %s", port, want)
		}
	}
}

// Crosses reports whether a listener at port 15443 passes TLS on.
func Crosses(o *manifest.Object) bool { return crossing(o) != nil }

// PassesOn reports whether such a listener has the setting to pass connections on, without a label.
func PassesOn(o *manifest.Object) bool {
	l := crossing(o)
	return l != nil && l.StringAt("tls", "options", option) == auto
}

func crossing(o *manifest.Object) *document.Node {
	for _, l := range o.Root.ItemsAt("spec", "listeners") {
		if text(l.At("port")) == crossNetworkPort && l.StringAt("protocol") == "TLS" {
			return l
		}
	}
	return nil
}

// text is that of a scalar, whatever its type.
func text(n *document.Node) string {
	if n == nil || n.Kind == document.Map || n.Kind == document.List || n.Kind == document.Null {
		return ""
	}
	return n.Text
}
