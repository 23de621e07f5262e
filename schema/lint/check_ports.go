package lint

import (
	"strconv"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/networkgateway"
)

var portGroup = group{rules: networkgateway.PortRules, check: (*cluster).checkPorts}

func (c *cluster) checkPorts(found *diag.List) {
	crosses := c.crossesNetworks()
	for _, d := range c.deployments {
		if d.chart && d.labels[networkLabel].given() && !d.unsure && !listens(d.ports, d.labels) {
			problem := found.Add(d.labels[networkLabel].pos, networkgateway.NoPort, "the gateway %q has no port %s", d.name, crossingPort(d.labels))
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
			found.Add(d.pos, networkgateway.NoPort, "the gateway %q has no port %s", d.name, crossingPort(d.labels))
		}
	}
	for _, s := range c.services {
		if !s.labels[networkLabel].given() {
			continue
		}
		checkTwice(s.ports, found)
		if !listens(s.ports, s.labels) {
			found.Add(s.pos, networkgateway.NoPort, "Service %s has the label %s, but no port %s or %s", s.name, networkLabel, crossingPort(s.labels), ambientPort)
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
			found.Add(first(p.target, p.number).pos, networkgateway.PrivilegedPort, "port %d of the gateway %q needs a targetPort of 1024 or more", number, d.name)
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
				found.Add(one.v.pos, networkgateway.PortTwice, "two ports have the %s %s", one.what, one.v.text).Relate(earlier.pos, "the first one")
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
					found.Add(s.port.number.pos, networkgateway.PortNotOpen, "the gateway %q, which Gateway %s selects, has no port %s", d.name, g.name, number).Relate(d.pos, "the gateway")
				}
			}
		}
	}
}
