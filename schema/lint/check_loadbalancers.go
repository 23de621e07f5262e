package lint

import (
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/settings"
)

var loadBalancerGroup = group{check: (*cluster).checkLoadBalancers}

// checkLoadBalancers reports annotations of gateways between clusters that make load balancers spoil what passes them.
func (c *cluster) checkLoadBalancers(found *diag.List) {
	for _, d := range c.deployments {
		if d.eastWest() {
			c.checkLoadBalancer(d.name, d.annotations, d.ports, found)
		}
	}
	for _, s := range c.services {
		if s.labels[networkLabel].given() {
			c.checkLoadBalancer(s.name, s.annotations, s.ports, found)
		}
	}
}

func (c *cluster) checkLoadBalancer(name string, given map[string]value, open []port, found *diag.List) {
	annotations := plain(given)
	ports := []settings.Port{{Number: crossNetworkPort, Name: "tls"}}
	for _, p := range open {
		if p.number.text == crossNetworkPort || c.offersIstiod() && (p.number.text == istiodPort || p.number.text == webhookPort) {
			ports = append(ports, settings.Port{Number: p.number.text, Name: p.name.text})
		}
	}
	for _, key := range settings.EndsTLS(annotations, ports) {
		found.Add(given[key].pos, settings.GatewayEndsTLS, "the load balancer of gateway %q does not pass TLS through: %s", name, key)
	}
	for _, i := range c.installs {
		if i.given.TakesProxyHeader() {
			return
		}
	}
	for _, key := range settings.SendsProxyHeader(annotations) {
		found.Add(given[key].pos, settings.GatewayProxyProtocol, "the load balancer of gateway %q puts a PROXY header before TLS: %s", name, key)
	}
}
