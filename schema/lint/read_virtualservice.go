package lint

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// boundTo reports whether a VirtualService names a Gateway.
func (v *virtualService) boundTo(g *gateway) bool {
	return slices.ContainsFunc(v.gateways, func(name value) bool {
		namespace, short, ok := strings.Cut(name.text, "/")
		if !ok {
			namespace, short = v.namespace, name.text
		}
		return short == g.name && (namespace == "" || namespace == "." || g.namespace == "" || namespace == g.namespace)
	})
}

type virtualService struct {
	name, namespace string
	pos             diag.Pos
	gateways        []value
	routes          []route
}

// route says where a VirtualService leads one port.
type route struct {
	match      value   // the port that it is for
	names      []value // sniHosts, or none where the match has none
	host, port value   // the destination
}

// readRoutes gives each pair of a match and a destination. Without a match, a route is for every port.
func readRoutes(item *document.Node) []route {
	var all []route
	matches := items(item, "match")
	if len(matches) == 0 {
		matches = []*document.Node{nil}
	}
	for _, match := range matches {
		for _, to := range items(item, "route") {
			all = append(all, route{
				match: valueAt(match, "port"), names: texts(match, "sniHosts"),
				host: valueAt(to, "destination", "host"), port: valueAt(to, "destination", "port", "number"),
			})
		}
	}
	return all
}

func readVirtualService(o *object) *virtualService {
	v := &virtualService{name: o.Name, namespace: o.Namespace, pos: o.At("metadata", "name"), gateways: texts(o.Root, "spec", "gateways")}
	for _, kind := range []string{"tls", "tcp", "http"} {
		for _, item := range items(o.Root, "spec", kind) {
			v.routes = append(v.routes, readRoutes(item)...)
		}
	}
	return v
}
