package render

import (
	"fmt"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/render/installer"
	"meshtopo.dev/meshtopo/render/patch"
)

const (
	lostRoute  = "remotes reach istiod by this route: without it they get no configuration and no certificates"
	takenPort  = "Envoy would get two listeners, or filter chains that match the same, for the port, and refuse them: nothing answers there any more"
	takenRoute = "the first route that fits counts: connections of remotes to istiod would end somewhere else"
)

// ownedExposure are the parts of a Gateway of 5-expose. No other server may have a port that one of them has, since all
// are on the same pods.
func (d *directory) ownedExposure() []patch.Owned {
	return []patch.Owned{
		patch.Own("spec.selector", installer.LostSelector, "leave it"),
		patch.Own("spec.servers", installer.LostPort, "add a server beside it, or change mesh.exposedHosts").Keeping("port.name"),
		patch.Own("spec.servers", takenPort, "use another port").Refusing(func(server any) string {
			if slices.Contains(d.exposedPorts(), fmt.Sprint(lookUp(server, "port", "number"))) {
				return takenPort
			}
			return ""
		}),
	}
}

// exposedPorts are those that Gateways open in this cluster.
func (d *directory) exposedPorts() []string {
	var ports []string
	if d.opensNetwork() {
		ports = append(ports, "15443")
	}
	if d.topology.ServesRemotes(d.c) {
		ports = append(ports, "15012", "15017")
	}
	return ports
}

// ownedRoutes are the parts of the VirtualService that leads remotes to istiod.
func (d *directory) ownedRoutes() []patch.Owned {
	first := patch.Own("spec.tls", takenRoute, "add it behind what was rendered, or for another port").Refusing(func(route any) string {
		for _, p := range d.c.ControlPlanes() {
			if catches(route, d.istiodHosts(p)) {
				return takenRoute
			}
		}
		return ""
	})
	first.Ahead = true
	return []patch.Owned{
		patch.Own("spec.hosts", lostRoute, "leave it"), patch.Own("spec.gateways", lostRoute, "leave it"),
		patch.Own("spec.exportTo", lostRoute, "leave it").Allowing([]string{"."}),
		patch.Own("spec.tls", lostRoute, "add a route beside it").Keeping(), first,
	}
}

// catches reports whether a route would take connections to istiod: at its ports, for one of the names that remotes ask
// for. A match that says nothing of a port is for all of them.
func catches(route any, hosts []string) bool {
	matches, _ := lookUp(route, "match").([]any)
	return len(matches) == 0 || slices.ContainsFunc(matches, func(match any) bool {
		if port := lookUp(match, "port"); port != nil && !slices.Contains([]string{"15012", "15017"}, fmt.Sprint(port)) {
			return false
		}
		asked, _ := lookUp(match, "sniHosts").([]any)
		return len(asked) == 0 || slices.ContainsFunc(asked, func(pattern any) bool {
			return slices.ContainsFunc(hosts, func(host string) bool { return overlap(fmt.Sprint(pattern), host) })
		})
	})
}

// overlap reports whether a name fits two patterns, of which each is a name or begins with "*".
func overlap(a, b string) bool {
	endOfA, wildA := strings.CutPrefix(a, "*")
	endOfB, wildB := strings.CutPrefix(b, "*")
	switch {
	case wildA && wildB:
		return strings.HasSuffix(endOfA, endOfB) || strings.HasSuffix(endOfB, endOfA)
	case wildA:
		return strings.HasSuffix(b, endOfA)
	case wildB:
		return strings.HasSuffix(a, endOfB)
	}
	return a == b
}

// lookUp gives the value at a path of keys in what JSON decodes to, or nil.
func lookUp(v any, path ...string) any {
	for _, key := range path {
		m, _ := v.(map[string]any)
		v = m[key]
	}
	return v
}
