package lint

import (
	"fmt"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
)

var (
	istiodRoute = &diag.Rule{
		Code: "istiod-route", Severity: diag.Error,
		Title:  "a route to istiod that leads to the wrong port",
		Why:    "istiod answers 15012 at 15012, and its webhook at 443 of the Service, which is 15017 of the pods: anything else is connection refused, and remotes get neither certificates nor injection",
		Fix:    "lead 15012 to 15012, and 15017 to 443",
		Source: "samples/multicluster/expose-istiod.yaml",
		Bad:    "match: [{port: 15017, sniHosts: [\"*\"]}]\nroute: [{destination: {host: istiod.istio-system.svc.cluster.local, port: {number: 15017}}}]",
		Good:   "match: [{port: 15017, sniHosts: [\"*\"]}]\nroute: [{destination: {host: istiod.istio-system.svc.cluster.local, port: {number: 443}}}]",
	}
	istiodHost = &diag.Rule{
		Code: "istiod-host", Severity: diag.Error,
		Title:  "a route to an istiod that the cluster does not have",
		Why:    "the Service is called istiod, or istiod-REVISION, in the namespace of the control plane: another name is none, and the gateway resets the connections of remotes",
		Fix:    "name the control plane's Service in full",
		Source: "samples/multicluster/expose-istiod-rev.yaml.tmpl",
		Bad:    "host: istiod.istio-system.svc.cluster.local # and the control plane has revision 1-31-1",
		Good:   "host: istiod-1-31-1.istio-system.svc.cluster.local",
	}
)

var istiodUnrouted = &diag.Rule{
	Code: "istiod-unrouted", Severity: diag.Error,
	Title:  "a Gateway that opens the ports of istiod, and no route that leads there",
	Why:    "the gateway does not know where to pass on what comes in, and resets the connection: remotes get neither certificates nor injection",
	Fix:    "add the VirtualService of samples/multicluster/expose-istiod.yaml of Istio",
	Source: "samples/multicluster/expose-istiod.yaml",
	Bad:    "kind: Gateway\nmetadata: {name: istiod-gateway} # and no VirtualService",
	Good:   "kind: VirtualService\nspec: {gateways: [istiod-gateway], tls: [{match: [{port: 15012, sniHosts: [\"*\"]}], route: [{destination: {host: istiod.istio-system.svc.cluster.local, port: {number: 15012}}}]}]}",
}

var istiodRouteRules = []*diag.Rule{istiodRoute, istiodHost, istiodUnrouted}

// istiodPorts are the ports of istiod's Service, by those of a gateway that exposes it.
var istiodPorts = map[string]string{istiodPort: istiodPort, webhookPort: "443"}

// checkIstiodRoutes checks the routes by which a gateway leads to istiod.
func (c *cluster) checkIstiodRoutes(found *diag.List) {
	for _, v := range c.virtualServices {
		for _, r := range v.routes {
			want, exposes := istiodPorts[r.match.text]
			name, _, _ := strings.Cut(r.host.text, ".")
			if !exposes || name != "istiod" && !strings.HasPrefix(name, "istiod-") {
				continue
			}
			if r.port.text != want {
				d := found.Add(first(r.port, r.host).pos, istiodRoute, "what comes in at %s must go to port %s of istiod", r.match.text, want)
				d.Fix = fmt.Sprintf("write port: {number: %s}", want)
			}
			c.checkIstiodHost(v, r.host, found)
		}
	}
	for _, g := range c.gateways {
		c.checkUnrouted(g, found)
	}
}

// checkUnrouted looks for the routes of a Gateway that opens ports of istiod.
func (c *cluster) checkUnrouted(g *gateway, found *diag.List) {
	var ports []value
	for _, s := range g.servers {
		if istiodPorts[s.port.number.text] != "" && !s.autoPassthrough() && !c.routed(g, s.port.number.text) {
			ports = append(ports, s.port.number)
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

// routed reports whether a VirtualService has a route for a port of a Gateway. One without ports is for all, and one with that port
// that names another Gateway is a mistake of its own.
func (c *cluster) routed(g *gateway, port string) bool {
	return slices.ContainsFunc(c.virtualServices, func(v *virtualService) bool {
		return slices.ContainsFunc(v.routes, func(r route) bool { return r.match.text == port || !r.match.given() && v.boundTo(g) })
	})
}

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

// checkIstiodHost looks for the control plane that a route leads to.
func (c *cluster) checkIstiodHost(v *virtualService, host value, found *diag.List) {
	full := host.text
	if i := c.install(); i != nil && !strings.Contains(full, ".") && v.namespace != "" {
		full += "." + v.namespace + ".svc." + i.domain()
	}
	if !c.primary() || !strings.Contains(full, ".") || c.isIstiod(full) {
		return
	}
	i := c.install()
	d := found.Add(host.pos, istiodHost, "the control plane of cluster %q is %s, not %s", c.name, i.istiod(), full)
	d.Fix = "write host: " + i.istiod()
	relate(d, first(i.revision, value{pos: i.pos}).pos, "the control plane")
}
