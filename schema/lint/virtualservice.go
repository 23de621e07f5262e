package lint

import (
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// virtualService is a VirtualService.
type virtualService struct {
	name, namespace string
	pos             diag.Pos
	gateways        []value
	routes          []route
}

// route is what one route of a VirtualService does with a port.
type route struct {
	match      value   // the port that it is for
	names      []value // sniHosts, or none where the match has none
	host, port value   // where it leads
}

func (c *cluster) addVirtualService(o *object, _ *diag.List) {
	v := &virtualService{name: o.Name, namespace: o.Namespace, pos: o.At("metadata", "name")}
	for _, item := range items(o.Root, "spec", "gateways") {
		v.gateways = append(v.gateways, value{item.Text, item.Pos})
	}
	for _, kind := range []string{"tls", "tcp", "http"} {
		for _, item := range items(o.Root, "spec", kind) {
			v.routes = append(v.routes, readRoutes(item)...)
		}
	}
	c.virtualServices = append(c.virtualServices, v)
}

// readRoutes gives each pair of a match and a destination. Without a match, a route is for every port.
func readRoutes(item *document.Node) []route {
	var all []route
	if len(items(item, "match")) == 0 {
		for _, to := range items(item, "route") {
			all = append(all, route{host: valueAt(to, "destination", "host"), port: valueAt(to, "destination", "port", "number")})
		}
	}
	for _, match := range items(item, "match") {
		for _, to := range items(item, "route") {
			all = append(all, route{
				match: valueAt(match, "port"), names: texts(match, "sniHosts"),
				host: valueAt(to, "destination", "host"), port: valueAt(to, "destination", "port", "number"),
			})
		}
	}
	return all
}

// texts gives the items of a list of strings.
func texts(n *document.Node, path ...string) []value {
	var all []value
	for _, item := range items(n, path...) {
		all = append(all, value{item.Text, item.Pos})
	}
	return all
}
