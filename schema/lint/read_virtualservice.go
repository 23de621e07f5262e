package lint

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// namesOne reports whether one of the Gateways that a VirtualService names is such a one.
func (v *virtualService) namesOne(such func(*gateway) bool, among []*gateway) bool {
	return slices.ContainsFunc(among, func(g *gateway) bool { return v.boundTo(g) && such(g) })
}

// leadsFrom reports whether a VirtualService has a route for a port. One without a port is for every port.
func (v *virtualService) leadsFrom(port string, sure bool) bool {
	return slices.ContainsFunc(v.routes, func(r route) bool { return r.match.text == port || !sure && !r.match.given() })
}

// boundTo reports whether a VirtualService names a Gateway.
func (v *virtualService) boundTo(g *gateway) bool {
	return slices.ContainsFunc(v.gateways, func(name value) bool {
		namespace, short := v.gatewayName(name)
		return short == g.name && (namespace == "" || g.namespace == "" || namespace == g.namespace)
	})
}

// gatewayName gives the namespace and the name of a Gateway that a VirtualService names.
func (v *virtualService) gatewayName(name value) (namespace, short string) {
	namespace, short, ok := strings.Cut(name.text, "/")
	switch {
	case !ok:
		return v.namespace, name.text
	case namespace == ".":
		return v.namespace, short
	}
	return namespace, short
}

type virtualService struct {
	name, namespace string
	pos             diag.Pos
	gateways        []value
	routes          []route
}

// route says where a VirtualService leads one port.
type route struct {
	kind       string  // tls, tcp or http
	match      value   // the port that it is for
	names      []value // sniHosts, or none where the match has none
	host, port value   // the destination
}

// readRoutes gives each pair of a match and a destination. Without a match, a route is for every port.
func readRoutes(kind string, item *document.Node) []route {
	var all []route
	matches := item.ItemsAt("match")
	if len(matches) == 0 {
		matches = []*document.Node{nil}
	}
	for _, match := range matches {
		for _, to := range item.ItemsAt("route") {
			all = append(all, route{
				kind: kind, match: valueAt(match, "port"), names: texts(match, "sniHosts"),
				host: valueAt(to, "destination", "host"), port: valueAt(to, "destination", "port", "number"),
			})
		}
	}
	return all
}

func readVirtualService(o *object) *virtualService {
	v := &virtualService{name: o.Name, namespace: o.Namespace, pos: o.At("metadata", "name"), gateways: texts(o.Root, "spec", "gateways")}
	for _, kind := range []string{"tls", "tcp", "http"} {
		for _, item := range o.Root.ItemsAt("spec", kind) {
			v.routes = append(v.routes, readRoutes(kind, item)...)
		}
	}
	return v
}
