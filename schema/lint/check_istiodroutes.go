package lint

import (
	"fmt"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
)

var (
	istiodRoute = &diag.Rule{
		Code: "istiod-route", Severity: diag.Error, Symptom: true,
		Title:  "a route to istiod that leads to the wrong port",
		Why:    "istiod answers 15012 at 15012, and its webhook at 443 of the Service, which is 15017 of the pods: at any other port the connection is refused, and remotes get neither certificates nor injection",
		Fix:    "lead 15012 to 15012, and 15017 to 443",
		Source: "samples/multicluster/expose-istiod.yaml",
		Bad:    "match: [{port: 15017, sniHosts: [\"*\"]}]\nroute: [{destination: {host: istiod.istio-system.svc.cluster.local, port: {number: 15017}}}]",
		Good:   "match: [{port: 15017, sniHosts: [\"*\"]}]\nroute: [{destination: {host: istiod.istio-system.svc.cluster.local, port: {number: 443}}}]",
	}
	istiodHost = &diag.Rule{
		Code: "istiod-host", Severity: diag.Error, Symptom: true,
		Title:  "a route to an istiod that the cluster does not have",
		Why:    "the Service is called istiod, or istiod-REVISION, in the namespace of the control plane: at any other name there is no Service, and the gateway resets the connections of remotes",
		Fix:    "name the control plane's Service in full",
		Source: "samples/multicluster/expose-istiod-rev.yaml.tmpl",
		Bad:    "host: istiod.istio-system.svc.cluster.local # and the control plane has revision 1-31-1",
		Good:   "host: istiod-1-31-1.istio-system.svc.cluster.local",
	}
)

var istiodUnrouted = &diag.Rule{
	Code: "istiod-unrouted", Severity: diag.Error, Symptom: true,
	Title:  "a Gateway that opens the ports of istiod, and no route that leads there",
	Why:    "the gateway does not know where to pass on what comes in, and resets the connection: remotes get neither certificates nor injection",
	Fix:    "add the VirtualService of samples/multicluster/expose-istiod.yaml of Istio",
	Source: "samples/multicluster/expose-istiod.yaml",
	Bad:    "kind: Gateway\nmetadata: {name: istiod-gateway} # and no VirtualService",
	Good:   "kind: VirtualService\nspec: {gateways: [istiod-gateway], tls: [{match: [{port: 15012, sniHosts: [\"*\"]}], route: [{destination: {host: istiod.istio-system.svc.cluster.local, port: {number: 15012}}}]}]}",
}

var istiodMode = &diag.Rule{
	Code: "istiod-server-mode", Severity: diag.Error, Symptom: true,
	Title:  "a server for istiod that does not pass on what remotes send",
	Why:    "sidecars that have no certificate yet, and the API server that calls the webhook, cannot show one, and istiod has its own: remotes get neither certificates nor injection",
	Fix:    "write mode: PASSTHROUGH",
	Source: "samples/multicluster/expose-istiod.yaml",
	Bad:    "port: {number: 15012, name: tls-istiod, protocol: TLS}\ntls: {mode: ISTIO_MUTUAL}",
	Good:   "port: {number: 15012, name: tls-istiod, protocol: TLS}\ntls: {mode: PASSTHROUGH}",
}

var istiodRouteGroup = group{rules: []*diag.Rule{istiodRoute, istiodHost, istiodUnrouted, istiodMode}, check: (*cluster).checkIstiodRoutes}

// istiodPorts are the ports of istiod's Service, by those of a gateway that exposes it.
var istiodPorts = map[string]string{istiodPort: istiodPort, webhookPort: "443"}

// checkIstiodRoutes checks the routes by which a gateway leads to istiod.
func (c *cluster) checkIstiodRoutes(found *diag.List) {
	for _, v := range c.virtualServices {
		for _, r := range v.routes {
			want, exposes := istiodPorts[r.match.text]
			name, _, _ := strings.Cut(r.host.text, ".")
			if !exposes || name != "istiod" && !strings.HasPrefix(name, "istiod-") || c.lacks(strings.TrimPrefix(name, "istiod-")) {
				continue
			}
			if r.port.text != want {
				d := found.Add(first(r.port, r.host).pos, istiodRoute, "what comes in at %s must go to port %s of istiod", r.match.text, want)
				d.Fix = fmt.Sprintf("write port: {number: %s}", want)
			}
			if astray := c.checkIstiodHost(v, r.host, found); !astray || !covered(r.names, r.host.text) {
				c.checkNames(r.names, "VirtualService "+v.name, found)
			}
		}
	}
	for _, g := range c.gateways {
		for _, s := range g.servers {
			if _, exposes := istiodPorts[s.port.number.text]; exposes && s.mode.text == "PASSTHROUGH" {
				c.checkNames(s.hosts, "Gateway "+g.name, found)
			}
			c.checkMode(g, s, found)
		}
		c.checkUnrouted(g, found)
	}
}

// checkNames looks for the name that remotes call istiod by, among those that a server or a route takes. Remotes with
// an injectionURL use another name.
func (c *cluster) checkNames(names []value, whose string, found *diag.List) {
	i := c.install()
	if i == nil || !c.primary() || len(names) == 0 {
		return
	}
	called := strings.TrimSuffix(i.istiod(), "."+i.domain())
	for _, name := range names {
		first, _, _ := strings.Cut(pattern(name.text), ".")
		calls := func(i *install) bool {
			return covers(pattern(name.text), strings.TrimSuffix(i.istiod(), "."+i.domain()))
		}
		if slices.ContainsFunc(c.installs, calls) || c.isGatewaysIstiod(name.text+"."+i.domain()) || !strings.HasPrefix(first, "istiod") && !strings.HasPrefix(first, "*") {
			return
		}
	}
	d := found.Add(names[0].pos, istiodHost, "%s takes no connection for %s, as remotes call the control plane of cluster %q", whose, called, c.name)
	d.Fix = "add " + called + " and " + i.istiod()
}

// covered reports whether one of the names of a route is the host that it leads to, which is wrong then like the host.
func covered(names []value, host string) bool {
	name, _, _ := strings.Cut(host, ".")
	return slices.ContainsFunc(names, func(n value) bool { return strings.HasPrefix(n.text+".", name+".") })
}

// checkUnrouted looks for the routes of a Gateway that opens ports of istiod. Where a VirtualService names another
// Gateway, the mistake is there.
func (c *cluster) checkUnrouted(g *gateway, found *diag.List) {
	var ports []value
	for _, s := range g.servers {
		port := s.port.number
		if istiodPorts[port.text] == "" || s.autoPassthrough() || c.routed(g, port.text) || c.unread {
			continue // a file that could not be read may have the routes
		}
		if v := c.astray(port.text); v == nil {
			ports = append(ports, port)
		} else if len(v.gateways) > 0 && !found.ErrorAt(v.gateways[0].pos) && (v.gateways[0].text == "mesh" || c.there(v, v.gateways[0])) {
			d := found.Add(v.gateways[0].pos, istiodUnrouted, "VirtualService %s names the Gateway %q, which does not open port %s", v.name, v.gateways[0].text, port.text)
			if v.gateways[0].text == "mesh" {
				d.Reword("VirtualService %s names no Gateway that opens port %s: it is for sidecars only", v.name, port.text)
			}
			d.Fix = "write gateways: [" + g.name + "]"
			d.Relate(port.pos, "the Gateway that opens it")
		}
	}
	switch len(ports) {
	case 0:
	case 1:
		found.Add(ports[0].pos, istiodUnrouted, "no VirtualService leads anywhere from port %s of Gateway %s", ports[0].text, g.name)
	default:
		found.Add(ports[0].pos, istiodUnrouted, "no VirtualService leads anywhere from the ports %s and %s of Gateway %s", ports[0].text, ports[1].text, g.name)
	}
}

// checkMode compares what a server at a port of istiod does with TLS with what remotes need, and with its routes.
func (c *cluster) checkMode(g *gateway, s server, found *diag.List) {
	port, mode := s.port.number.text, s.mode.text
	if _, exposes := istiodPorts[port]; !exposes || s.unsure || !s.mode.given() {
		return
	}
	switch mode {
	case "AUTO_PASSTHROUGH":
		d := found.Add(s.mode.pos, istiodMode, "the server at %s of Gateway %s passes connections on by their names, and knows none of istiod", port, g.name)
		d.Fix = "write mode: PASSTHROUGH, with a VirtualService that leads to istiod"
		return
	case "MUTUAL", "ISTIO_MUTUAL":
		found.Add(s.mode.pos, istiodMode, "the server at %s of Gateway %s asks for a client certificate", port, g.name)
		return
	}
	kinds, given := []string{"tls"}, ""
	if mode != "PASSTHROUGH" {
		kinds = []string{"tcp", "http"}
	}
	for _, v := range c.virtualServices {
		for _, r := range v.routes {
			if !v.boundTo(g) || r.match.text != port {
				continue
			}
			if given = r.kind; slices.Contains(kinds, r.kind) {
				return
			}
		}
	}
	if given != "" {
		d := found.Add(s.mode.pos, istiodMode, "the server at %s of Gateway %s has mode %s, and its routes are below %s", port, g.name, mode, given)
		d.Why = "a server that passes TLS on takes its routes from tls, one that ends it from tcp or http: without a route the gateway resets the connection, and remotes get neither certificates nor injection"
	}
}

// leaves reports whether the routes to istiod lead to other control planes of the cluster and not to that one.
func (c *cluster) leaves(i *install) bool {
	leads := func(to func(host string) bool) bool {
		return slices.ContainsFunc(c.virtualServices, func(v *virtualService) bool {
			return slices.ContainsFunc(v.routes, func(r route) bool { return istiodPorts[r.match.text] != "" && to(strings.TrimSuffix(r.host.text, ".")) })
		})
	}
	return leads(c.isIstiod) && !leads(func(host string) bool { return host == i.istiod() }) && !c.unread
}

// checkIstiodHost looks for the control plane that a route leads to. It reports whether there is none.
func (c *cluster) checkIstiodHost(v *virtualService, host value, found *diag.List) (astray bool) {
	full := host.text
	if i := c.install(); i != nil && !strings.Contains(full, ".") && v.namespace != "" {
		full += "." + v.namespace + ".svc." + i.domain()
	}
	if !c.primary() || !strings.Contains(full, ".") || c.isIstiod(full) || c.isGatewaysIstiod(full) {
		return false
	}
	i := c.install()
	d := found.Add(host.pos, istiodHost, "the control plane of cluster %q is %s, not %s", c.name, i.istiod(), full)
	d.Fix = "write host: " + i.istiod()
	d.Relate(first(i.revision, value{pos: i.pos}).pos, "the control plane")
	return true
}
