package handed

import (
	"fmt"
	"net/netip"
	"strconv"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/settings"
)

// checkGateways judges the Services of the gateways between clusters.
func (t topology) checkGateways(found *diag.List) {
	for _, c := range t.Clusters {
		if !t.gatewayOff(c) && (c.EastWestGateway.Enabled || t.networks || len(t.remotes[c.Name]) > 0) {
			t.checkAnnotations(c, found)
		}
	}
	for _, p := range t.primaries() {
		if remotes := t.remotes[p.Name]; len(remotes) > 0 && !t.gatewayOff(p) {
			t.checkNodePort(p, remotes[0], found)
			t.checkFamily(p, remotes, found)
		}
	}
}

// gatewayOff reports whether the user turned a cluster's gateway off.
func (t topology) gatewayOff(c *schema.Cluster) bool {
	return !c.EastWestGateway.Enabled && t.Given(schema.ClusterPath(c, "eastWestGateway", "enabled")...)
}

// gatewayPorts are the ports of a cluster's gateway that take TLS (templates/istioctl/eastwest-gateway.yaml).
func (t topology) gatewayPorts(c *schema.Cluster) []settings.Port {
	ports := []settings.Port{{Number: strconv.FormatInt(c.EastWestGateway.Port, 10), Name: "tls"}}
	if len(t.remotes[c.Name]) > 0 {
		ports = append(ports, settings.Port{Number: "15012", Name: "tls-istiod"}, settings.Port{Number: "15017", Name: "tls-webhook"})
	}
	return ports
}

// checkAnnotations reports annotations that make a load balancer spoil what passes it.
func (t topology) checkAnnotations(c *schema.Cluster, found *diag.List) {
	path := func(key string) []string { return schema.ClusterPath(c, "eastWestGateway", "serviceAnnotations", key) }
	annotations := c.EastWestGateway.ServiceAnnotations
	for _, key := range settings.EndsTLS(annotations, t.gatewayPorts(c)) {
		found.Add(t.Pos(path(key)...), settings.GatewayEndsTLS, "the load balancer of cluster %q does not pass TLS through: %s", c.Name, key)
	}
	if t.installation(c).TakesProxyHeader() || len(c.Istio.Patches) > 0 {
		return // a patch may say it to the gateway alone
	}
	for _, key := range settings.SendsProxyHeader(annotations) {
		found.Add(t.Pos(path(key)...), settings.GatewayProxyProtocol, "the load balancer of cluster %q puts a PROXY header before TLS: %s", c.Name, key)
	}
}

// checkNodePort reports a gateway by whose nodes remotes are to reach their control plane. Before the nodes of one that
// is found by its addresses something else may stand.
func (t topology) checkNodePort(p, remote *schema.Cluster, found *diag.List) {
	at := func(field ...string) diag.Pos {
		return t.Pos(schema.ClusterPath(p, append([]string{"eastWestGateway"}, field...)...)...)
	}
	pos := at("serviceType")
	if p.EastWestGateway.ServiceType != "NodePort" || p.EastWestGateway.Discovery == schema.ByAddresses ||
		t.Unsure(schema.ClusterPath(p, "eastWestGateway", "discovery")...) || t.Broken(schema.ClusterPath(p, "eastWestGateway", "serviceType")...) ||
		found.ErrorAt(pos, at("serviceAnnotations", "traffic.istio.io/nodeSelector")) {
		return
	}
	d := found.Add(pos, settings.NodePortForRemotes, "nobody listens at ports 15012 and 15017 of the nodes of cluster %q, which has remotes", p.Name)
	d.Relate(t.Pos(schema.ClusterPath(remote, "primary")...), fmt.Sprintf("cluster %q is a remote of it", remote.Name))
}

// checkFamily reports an address that the charts of older remotes do not take.
func (t topology) checkFamily(p *schema.Cluster, remotes []*schema.Cluster, found *diag.List) {
	if len(p.EastWestGateway.Addresses) == 0 {
		return
	}
	pos := t.Pos(schema.ClusterPath(p, "eastWestGateway", "addresses", "0")...)
	if address, err := netip.ParseAddr(p.EastWestGateway.Addresses[0]); err != nil || !address.Is6() || found.ErrorAt(pos) {
		return
	}
	for _, r := range remotes {
		version := t.IstioPath(r, "version")
		if minor := r.Oldest().Minor(); r.Istio.Version != "" && !t.Unsure(version...) && minor < 30 {
			d := found.Add(pos, settings.RemoteTakesIPv4, "the address of cluster %q is IPv6, and its remote %q has Istio %s", p.Name, r.Name, r.Oldest())
			d.Relate(t.Pos(version...), fmt.Sprintf("the version of cluster %q", r.Name))
			return
		}
	}
}
