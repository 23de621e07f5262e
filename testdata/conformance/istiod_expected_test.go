package conformance

import (
	"fmt"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema"
)

// expected gives what the topology means to be seen in its mesh, as observe says it. It looks at no rendered file.
func (w *world) expected() []string {
	v := &view{world: w}
	for _, p := range w.places {
		if p.RunsControlPlane() {
			for _, plane := range p.planes {
				v.expectIstiod(plane)
			}
		}
		if !p.installable() {
			v.see("echo of %s: nobody injects it", p.Name)
			continue
		}
		v.see("echo of %s: is spiffe://%s/ns/shop/sa/echo in mesh %s", p.Name, p.mesh.Mesh.TrustDomain, p.mesh.Mesh.ID)
		v.see("echo of %s: istiod of %s configures it", p.Name, w.place(p.controlledBy()).title())
		if p.mesh.Mesh.DNSCapture {
			v.see("echo of %s: its proxy answers DNS", p.Name)
		}
		if file, ok := w.place(p.controlledBy()).Istio.MeshConfig["accessLogFile"]; ok {
			v.see("echo of %s: its proxy logs to %v", p.Name, file)
		}
		for _, other := range w.places {
			if other != p && other.installable() {
				v.see("echo of %s calls echo of %s: is believed", p.Name, other.Name)
			}
		}
		v.expectSidecar(p)
		if p.EastWestGateway.Enabled {
			v.expectGateway(p)
		}
	}
	slices.Sort(v.lines)
	return slices.Compact(v.lines)
}

func (v *view) expectIstiod(p *place) {
	for _, other := range v.world.places {
		if other.Name == p.Name || other.State != schema.Active {
			continue
		}
		v.see("istiod of %s: %s is synced", p.title(), other.Name)
		if other.Primary == p.Name {
			v.see("istiod of %s: writes its root into %s", p.title(), other.Name)
			v.see("istiod of %s: writes its CA into the webhook of %s", p.title(), other.Name)
		}
	}
}

// known gives the clusters whose endpoints a cluster's control plane knows.
func (w *world) known(p *place) []*place {
	var some []*place
	for _, other := range w.places {
		if other.Name == p.controlledBy() || other.State == schema.Active {
			some = append(some, other)
		}
	}
	return some
}

func (p *place) controlledBy() string {
	if p.RunsControlPlane() {
		return p.Name
	}
	return p.Primary
}

// expectSidecar: pods of the own network are called directly, those of others through the gateways there: that of their
// cluster, or without one those of the network.
func (v *view) expectSidecar(p *place) {
	for _, other := range v.world.known(p) {
		if other.Network == p.Network {
			v.see("echo of %s: calls echo at %s", p.Name, other.address(1))
			v.see("echo of %s: calls plain at %s in plain text", p.Name, other.address(2))
			continue
		}
		for _, gateway := range v.world.known(p) {
			if gateway.EastWestGateway.Enabled && gateway.Network == other.Network && (gateway == other || !other.EastWestGateway.Enabled) {
				for _, address := range gateway.crossNetworkAddresses() {
					v.see("echo of %s: calls echo at %s", p.Name, address)
				}
			}
		}
	}
}

// address is that of the first pod of a cluster, which is echo, or the second, which is plain.
func (p *place) address(pod int) string { return fmt.Sprintf("10.%d.0.%d:7070", p.number, pod) }

// crossNetworkAddresses are those at which other networks reach the cluster's gateway.
func (p *place) crossNetworkAddresses() []string {
	if p.EastWestGateway.ServiceType == "NodePort" && p.EastWestGateway.Discovery != schema.ByAddresses {
		return []string{fmt.Sprintf("%s:%d", p.nodeAddress(), p.nodePort(int32(p.EastWestGateway.Port)))}
	}
	var all []string
	for _, address := range append(p.gatewayAddresses(), p.externalIPs()...) {
		all = append(all, fmt.Sprintf("%s:%d", address, p.EastWestGateway.Port))
	}
	return all
}

// externalIPs are addresses of the gateway that its Service names.
func (p *place) externalIPs() []string {
	var all []string
	list, _ := p.EastWestGateway.Service["externalIPs"].([]any)
	for _, address := range list {
		all = append(all, address.(string))
	}
	return all
}

// listens gives the port of the gateway's pods for calls from other networks.
func (p *place) listens() int64 {
	if p.EastWestGateway.Kind == schema.GatewayAPI {
		return p.EastWestGateway.Port
	}
	return schema.GatewayPort
}

// expectGateway: a gateway knows the pods of its own network only, passes on what the exposed hosts cover, and leads
// to istiod where that serves remotes.
func (v *view) expectGateway(p *place) {
	who, domain := eastWest+" of "+p.Name, p.mesh.Mesh.ClusterDomain
	if p.mesh.MultiNetwork() {
		for _, other := range v.world.known(p) {
			if other.Network == p.Network {
				v.see("%s: calls echo at %s", who, other.address(1))
			}
		}
		for _, service := range []string{"echo", "plain"} {
			name := "outbound_.7070_._." + service + ".shop.svc." + domain
			v.see("%s: %d passes %s to %s", who, p.listens(), name, name)
		}
	}
	if control := v.world.place(p.controlledBy()); control.serves() {
		for _, plane := range control.planes {
			v.expectWays(who, plane)
		}
	}
}

// expectWays: the names of an istiod lead to it.
func (v *view) expectWays(who string, plane *place) {
	service, domain := plane.istiodHost(), plane.mesh.Mesh.ClusterDomain
	names := []string{"all"}
	if plane.Istio.Revision != "" { // several control planes may share the gateway
		names = []string{service, service + "." + domain}
	}
	for port, to := range map[int]int{15012: 15012, 15017: 443} {
		for _, name := range names {
			v.see("%s: %d passes %s to outbound|%d||%s.%s", who, port, name, to, service, domain)
		}
	}
}

// ofIstio reports whether a line says that a gateway passes on calls of Istio's own Services, which the exposed hosts
// cover as well.
func (w *world) ofIstio(line string) bool {
	_, name, ok := strings.Cut(line, " passes outbound_.")
	first := w.places[0]
	return ok && (strings.Contains(name, "."+first.Istio.Namespace+".svc.") || strings.Contains(name, "."+first.EastWestGateway.Namespace+".svc."))
}
