package lint

import (
	"fmt"
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

var istiodRouteRules = []*diag.Rule{istiodRoute, istiodHost}

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
