package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/rules"
)

var (
	gatewaySelectsNothing = &diag.Rule{
		Code: "gateway-selects-nothing", Severity: diag.Error, Symptom: true,
		Title:  "a Gateway between clusters whose selector matches no gateway of its cluster",
		Why:    "no proxy opens its ports: connection refused, as if the Gateway were not there",
		Fix:    "select by the labels of the gateway's pods",
		Source: "pilot/pkg/model/gateway.go",
		Bad:    "selector: {istio: ingressgateway}",
		Good:   "selector: {istio: eastwestgateway}",
	}
	notAutoPassthrough = &diag.Rule{
		Code: "not-auto-passthrough", Severity: diag.Error, Symptom: true,
		Title:  "a server at 15443 that does not pass connections on",
		Why:    "what comes from other networks is mutual TLS between workloads: a gateway that ends it, or that looks for a route, resets the connection",
		Fix:    "use protocol TLS and tls: {mode: AUTO_PASSTHROUGH}",
		Source: "samples/multicluster/expose-services.yaml",
		Bad:    "port: {number: 15443, name: tls, protocol: TLS}\ntls: {mode: PASSTHROUGH}",
		Good:   "port: {number: 15443, name: tls, protocol: TLS}\ntls: {mode: AUTO_PASSTHROUGH}",
	}
	serverWithoutTLS = &diag.Rule{
		Code: "server-without-tls", Severity: diag.Error, Symptom: true,
		Title:  "a server for TLS that does not say what to do with it",
		Why:    "istiod's webhook refuses the Gateway: \"server must have TLS settings for HTTPS/TLS protocols\"",
		Fix:    "add tls with a mode",
		Source: "pkg/config/validation/validation.go (validateServer)",
		Bad:    "port: {number: 15012, name: tls-istiod, protocol: TLS}",
		Good:   "port: {number: 15012, name: tls-istiod, protocol: TLS}\ntls: {mode: PASSTHROUGH}",
	}
	exposedTwice = &diag.Rule{
		Code: "hosts-exposed-twice", Severity: diag.Error, Symptom: true,
		Title:  "two Gateways that expose the same hosts on one port of one gateway",
		Why:    "Envoy refuses the listener, because two of its filter chains match the same names: nothing passes",
		Fix:    "keep one of them, or give them hosts that do not overlap",
		Source: "https://github.com/istio/istio/issues/42050",
		Bad:    "hosts: [\"*.local\"] # in two Gateways with one selector",
		Good:   "hosts: [\"*.local\"] # in one",
	}
	oldVersion = &diag.Rule{
		Code: "old-gateway-version", Severity: diag.Info,
		Title:  "a Gateway between clusters in an old version of the API",
		Why:    "it works, since all versions have the same schema, but v1 is the current one",
		Fix:    "write apiVersion: networking.istio.io/v1, which Istio serves since 1.22",
		Source: "istio.io/api kubernetes/customresourcedefinitions.gen.yaml",
		Bad:    "apiVersion: networking.istio.io/v1beta1\nkind: Gateway",
		Good:   "apiVersion: networking.istio.io/v1\nkind: Gateway",
	}
	unknownGateway = &diag.Rule{
		Code: "unknown-gateway", Severity: diag.Warning, Symptom: true,
		Title:  "a VirtualService of a Gateway that is not there",
		Why:    "its routes apply nowhere, and a Gateway without routes resets connections",
		Fix:    "name a Gateway, with its namespace if that is another",
		Source: "pkg/config/analysis/analyzers/virtualservice/gateways.go",
		Bad:    "gateways: [istiod-gatway]",
		Good:   "gateways: [istiod-gateway]",
	}
)

var gatewayGroup = group{rules: []*diag.Rule{gatewaySelectsNothing, notAutoPassthrough, serverWithoutTLS, exposedTwice, oldVersion, unknownGateway}, check: (*cluster).checkGateways}

// checkGateways checks the Gateways of a cluster, and compares them with the gateways that it has.
func (c *cluster) checkGateways(found *diag.List) {
	for i, g := range c.gateways {
		for _, s := range g.servers {
			s.check(found)
		}
		c.checkSelector(g, found)
		c.checkOverlaps(g, c.gateways[:i], found)
		if g.eastWest() && (strings.HasSuffix(g.version.text, "/v1beta1") || strings.HasSuffix(g.version.text, "/v1alpha3")) {
			found.Add(g.version.pos, oldVersion, "Gateway %s is in the version %s", g.name, g.version.text)
		}
	}
	c.checkBindings(found)
}

func (s server) check(found *diag.List) {
	protocol := strings.ToUpper(s.port.protocol.text)
	switch {
	case s.unsure || found.ErrorAt(s.mode.pos):
	case s.port.number.text == crossNetworkPort && !s.foreign() && (!s.autoPassthrough() || protocol != "TLS"):
		at := first(s.mode, s.port.number)
		if s.autoPassthrough() {
			at = first(s.port.protocol, s.port.number)
		}
		found.Add(at.pos, notAutoPassthrough, "the server at %s has not protocol TLS and mode AUTO_PASSTHROUGH", crossNetworkPort)
	case !s.tls && (protocol == "TLS" || protocol == "HTTPS"):
		found.Add(s.pos, serverWithoutTLS, "the server at %s is for %s and has no tls", s.port.number.text, protocol)
	}
}

// checkExposed looks for a Service that the Gateway exposes to other networks, in one of the domains. Where the
// cluster's own domain is not known, it may be any.
func (c *cluster) checkExposed(g *gateway, domains []string, found *diag.List) {
	var hosts []value
	for _, s := range g.servers {
		if s.autoPassthrough() {
			hosts = append(hosts, s.hosts...)
		}
		if s.autoPassthrough() && len(s.hosts) == 0 && !s.unsure {
			found.Add(s.pos, rules.UncoveredClusterDomain, "the server at %s of Gateway %s has no hosts", s.port.number.text, g.name)
		}
	}
	if c.install() == nil || len(hosts) == 0 {
		return
	}
	exposes := func(domain string) bool {
		return slices.ContainsFunc(hosts, func(h value) bool { return rules.Exposes(pattern(h.text), domain) })
	}
	if slices.ContainsFunc(domains, exposes) {
		return
	}
	domain := c.install().domain()
	d := found.Add(hosts[0].pos, rules.UncoveredClusterDomain, "no Service matches a host of Gateway %s: their names end in %q", g.name, ".svc."+domain)
	d.Fix = fmt.Sprintf("write hosts: [%q]", "*."+domain)
}

// checkSelector looks for the gateway that a Gateway between clusters is for.
func (c *cluster) checkSelector(g *gateway, found *diag.List) {
	if len(g.selector) == 0 || !g.eastWest() {
		return
	}
	if !c.installsGateways() && !c.alone() {
		return // the gateways are installed elsewhere
	}
	crosses := slices.ContainsFunc(g.servers, server.autoPassthrough)
	uses := func(d *deployment) bool {
		return d.unsure || g.selects(d) && (!crosses || d.eastWest() || d.servesOneOf(g.servers))
	}
	if slices.ContainsFunc(c.deployments, uses) || slices.ContainsFunc(c.workloads, g.selects) {
		return
	}
	if labelled := (&deployment{labels: eastWestLabels}); g.selects(labelled) && slices.ContainsFunc(c.deployments, c.unlabelled) {
		return // the gateway lacks its labels, which is reported there
	}
	for _, d := range c.deployments {
		if g.selects(d) {
			problem := found.Add(g.selectorPos, gatewaySelectsNothing, "Gateway %s selects the gateway %q of cluster %q, whose Service has none of its ports", g.name, d.name, c.name)
			problem.Relate(d.pos, "the gateway")
			return
		}
	}
	found.Add(g.selectorPos, gatewaySelectsNothing, "Gateway %s selects no gateway of cluster %q", g.name, c.name)
}

// eastWestLabels are those that an east-west gateway has in Istio's documentation.
var eastWestLabels = map[string]value{"istio": {text: "eastwestgateway"}, "app": {text: eastWestGateway}}

// checkOverlaps compares what a Gateway exposes to other networks with what earlier ones do.
func (c *cluster) checkOverlaps(g *gateway, earlier []*gateway, found *diag.List) {
	for _, other := range earlier {
		if !sameSelector(g, other) {
			continue
		}
		for _, s := range g.servers {
			for _, t := range other.servers {
				if !s.autoPassthrough() || !t.autoPassthrough() || s.port.number.text != t.port.number.text {
					continue
				}
				if mine, its, ok := overlap(s.hosts, t.hosts); ok {
					d := found.Add(mine.pos, exposedTwice, "Gateway %s exposes %q, and Gateway %s exposes %q on the same port", g.name, mine.text, other.name, its.text)
					d.Relate(its.pos, "the other")
				}
			}
		}
	}
}

// checkBindings looks for the Gateways that VirtualServices name. Where the manifests have no Gateway of a namespace,
// its Gateways are assumed to be elsewhere.
func (c *cluster) checkBindings(found *diag.List) {
	for _, v := range c.virtualServices {
		if len(v.gateways) == 0 && leadsToIstiod(v) && len(c.gateways) > 0 {
			d := found.Add(v.pos, unknownGateway, "VirtualService %s names no Gateway: it is for sidecars only", v.name)
			if c.offersIstiod() {
				d.Severity = diag.Error
			}
		}
		for _, name := range v.gateways {
			if isShort(name) {
				c.checkBinding(v, name, found)
			}
		}
	}
}

func (c *cluster) checkBinding(v *virtualService, name value, found *diag.List) {
	if c.there(v, name) {
		return
	}
	d := found.Add(name.pos, unknownGateway, "VirtualService %s names the Gateway %q, and there is none", v.name, name.text)
	if leadsToIstiod(v) {
		d.Severity = diag.Error
	}
	_, short := v.gatewayName(name)
	there, elsewhere := c.gatewaysBeside(v, name)
	if near := diag.Nearest(short, append(there, elsewhere)); near != "" || elsewhere != "" {
		d.Fix = fmt.Sprintf("did you mean %q?", cmp.Or(elsewhere, near))
	}
}

// leadsToIstiod reports whether a VirtualService has a route from a port of istiod.
func leadsToIstiod(v *virtualService) bool {
	return slices.ContainsFunc(v.routes, func(r route) bool { return istiodPorts[r.match.text] != "" })
}

// losesGateway reports whether a VirtualService that leads to istiod names a Gateway that is not there.
func (c *cluster) losesGateway() bool {
	return slices.ContainsFunc(c.virtualServices, func(v *virtualService) bool {
		return leadsToIstiod(v) && slices.ContainsFunc(v.gateways, func(name value) bool { return isShort(name) && !c.there(v, name) })
	})
}

// isShort reports whether a name in a VirtualService is that of a Gateway, and in full.
func isShort(name value) bool { return name.text != "mesh" && !strings.Contains(name.text, ".") }

// there reports whether a Gateway that a VirtualService names is there, or may be.
func (c *cluster) there(v *virtualService, name value) bool {
	_, short := v.gatewayName(name)
	there, elsewhere := c.gatewaysBeside(v, name)
	return slices.Contains(there, short) || len(there) == 0 && elsewhere == ""
}

// gatewaysBeside gives the Gateways of the namespace that a name is in, and one of that name elsewhere.
func (c *cluster) gatewaysBeside(v *virtualService, name value) (there []string, elsewhere string) {
	namespace, short := v.gatewayName(name)
	for _, g := range c.gateways {
		if g.namespace == namespace || g.namespace == "" || namespace == "" {
			there = append(there, g.name)
		} else if g.name == short {
			elsewhere = g.namespace + "/" + g.name
		}
	}
	return there, elsewhere
}
