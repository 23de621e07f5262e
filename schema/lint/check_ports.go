package lint

import (
	"strconv"

	"meshtopo.dev/meshtopo/schema/diag"
)

var (
	noGatewayPort = &diag.Rule{
		Code: "no-gateway-port", Severity: diag.Error, Symptom: true,
		Title:  "a gateway of a network that does not listen at 15443",
		Why:    "istiod takes no notice of it (\"is labeled as gateway, but does not listen\"), and calls to the network time out",
		Fix:    "add the port 15443, or name another in the label networking.istio.io/gatewayPort",
		Source: "pilot/pkg/serviceregistry/kube/controller/network.go",
		Bad:    "service: {ports: [{name: tls, port: 443, targetPort: 8443}]}",
		Good:   "service: {ports: [{name: tls, port: 15443, targetPort: 15443}]}",
	}
	privilegedPort = &diag.Rule{
		Code: "privileged-port", Severity: diag.Error,
		Title:  "a port of a gateway that only root may open",
		Why:    "istioctl refuses the file: the gateway's pods do not run as root",
		Fix:    "give the port a targetPort of 1024 or more",
		Source: "operator/pkg/apis/validation/validation.go (checkServicePorts)",
		Bad:    "ports: [{name: tls, port: 443}]",
		Good:   "ports: [{name: tls, port: 443, targetPort: 8443}]",
	}
	portTwice = &diag.Rule{
		Code: "port-twice", Severity: diag.Error,
		Title:  "two ports of a gateway with one number or one name",
		Why:    "the API server refuses the Service, and the gateway gets no address",
		Fix:    "give each port a number and a name of its own",
		Source: "pkg/apis/core/validation/validation.go in kubernetes/kubernetes (ValidateService)",
		Bad:    "ports: [{name: tls, port: 15443}, {name: tls, port: 15012}]",
		Good:   "ports: [{name: tls, port: 15443}, {name: tls-istiod, port: 15012}]",
	}
	portNotOpen = &diag.Rule{
		Code: "port-not-open", Severity: diag.Error, Symptom: true,
		Title:  "a Gateway with a port that the Service of its gateway does not have",
		Why:    "the proxy listens, but nothing leads there: other clusters cannot connect",
		Fix:    "add the port to k8s.service.ports of the gateway",
		Source: eastWestSource,
		Bad:    "ports: [{name: tls, port: 15443, targetPort: 15443}] # and a Gateway with a server at 15012",
		Good:   "ports: [{name: tls, port: 15443, targetPort: 15443}, {name: tls-istiod, port: 15012, targetPort: 15012}]",
	}
)

var portGroup = group{rules: []*diag.Rule{noGatewayPort, privilegedPort, portTwice, portNotOpen}, check: (*cluster).checkPorts}

func (c *cluster) checkPorts(found *diag.List) {
	crosses := c.crossesNetworks()
	for _, d := range c.deployments {
		if d.chart && d.labels[networkLabel].given() && !d.unsure && !listens(d.ports, d.labels) {
			problem := found.Add(d.labels[networkLabel].pos, noGatewayPort, "the gateway %q has no port %s", d.name, crossingPort(d.labels))
			if d.network.text != "" {
				continue
			}
			problem.Fix = "write networkGateway: " + d.labels[networkLabel].text + " instead of the label, or add the port to service.ports"
		}
		if d.written == nil {
			continue
		}
		d.checkPrivileged(found)
		checkTwice(d.ports, found)
		if crosses && d.eastWest() && !d.unsure && !listens(d.ports, d.labels) {
			found.Add(d.pos, noGatewayPort, "the gateway %q has no port %s", d.name, crossingPort(d.labels))
		}
	}
	for _, s := range c.services {
		if !s.labels[networkLabel].given() {
			continue
		}
		checkTwice(s.ports, found)
		if !listens(s.ports, s.labels) {
			found.Add(s.pos, noGatewayPort, "Service %s has the label %s, but no port %s or %s", s.name, networkLabel, crossingPort(s.labels), ambientPort)
		}
	}
	c.checkOpen(found)
}

func (d *deployment) checkPrivileged(found *diag.List) {
	if d.root {
		return
	}
	for _, p := range d.ports {
		number, err := strconv.Atoi(p.number.text)
		target, bad := strconv.Atoi(p.target.text)
		switch {
		case err != nil, p.target.given() && bad != nil:
		case !p.target.given() && number <= 1024, p.target.given() && target < 1024:
			found.Add(first(p.target, p.number).pos, privilegedPort, "port %d of the gateway %q needs a targetPort of 1024 or more", number, d.name)
		}
	}
}

// checkTwice looks for two ports that are the same to the API server.
func checkTwice(ports []port, found *diag.List) {
	numbers, names := map[string]value{}, map[string]value{}
	for _, p := range ports {
		number := p.number
		if p.protocol.text != "" && p.protocol.text != "TCP" {
			number.text += "/" + p.protocol.text
		}
		for _, one := range []struct {
			seen map[string]value
			v    value
			what string
		}{{numbers, number, "number"}, {names, p.name, "name"}} {
			earlier, ok := one.seen[one.v.text]
			if ok && one.v.given() {
				found.Add(one.v.pos, portTwice, "two ports have the %s %s", one.what, one.v.text).Relate(earlier.pos, "the first one")
				continue
			}
			one.seen[one.v.text] = one.v
		}
	}
}

// checkOpen compares the ports that Gateways open for other clusters with those of the Services of their gateways.
func (c *cluster) checkOpen(found *diag.List) {
	crosses := c.crossesNetworks() // where a gateway without ports has been reported
	for _, g := range c.gateways {
		for _, s := range g.servers {
			number := s.port.number.text
			if number == crossNetworkPort || !s.autoPassthrough() && number != istiodPort && number != webhookPort {
				continue // the missing 15443 has been reported
			}
			for _, d := range c.deployments {
				if len(g.selector) > 0 && g.selects(d) && d.eastWest() && !opens(d, number) && !(crosses && len(d.ports) == 0) {
					found.Add(s.port.number.pos, portNotOpen, "the gateway %q, which Gateway %s selects, has no port %s", d.name, g.name, number).Relate(d.pos, "the gateway")
				}
			}
		}
	}
}
