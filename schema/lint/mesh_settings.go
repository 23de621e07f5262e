package lint

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/rules"
	"meshtopo.dev/meshtopo/schema/settings"
)

var settingGroup = group{rules: []*diag.Rule{settings.NamespaceWithoutMTLS}}

// checkSettings judges the settings of Istio by what they do to the other clusters.
func (m *mesh) checkSettings() {
	all := m.settings()
	for _, c := range m.members() {
		i := c.install()
		if i == nil {
			continue
		}
		if i.remote() {
			m.checkRemoteSettings(c)
			continue
		}
		settings.CheckEffects(i.given, m.around(c, all), m.found)
		settings.CheckDiscovery(i.given, func() []settings.Namespace { return m.namespaces(c) }, m.found)
		if m.serves(c) && c.offersIstiod() {
			m.checkNodePorts(c)
		}
	}
}

// settings gives what the manifests say of the mesh as a whole.
func (m *mesh) settings() settings.Mesh {
	all := settings.Mesh{Clusters: len(m.members()), Networks: len(m.gateways())}
	for _, c := range m.members() {
		for _, ns := range c.namespaces {
			if v := ns.injected(); v.given() && all.Sidecars == nil {
				all.Sidecars = &settings.Place{Pos: v.pos, What: fmt.Sprintf("pods of namespace %s get sidecars", ns.name)}
			}
		}
		if place := c.hostname(); place != nil {
			all.Hostname = place
		}
	}
	return all
}

// around adds what they say of it around one control plane.
func (m *mesh) around(c *cluster, around settings.Mesh) settings.Mesh {
	i := c.install()
	around.Remotes, around.Namespace, around.Ambient = m.serves(c), i.namespace, i.ambient()
	if n := slices.IndexFunc(c.remoteSecrets, func(r *remoteSecret) bool { return !r.mounted }); n >= 0 {
		around.Secrets = true
		if len(c.installs) == 1 {
			around.Labelled = &settings.Place{Pos: c.remoteSecrets[n].namePos, What: c.remoteSecrets[n].place.what}
		}
	}
	around.Minor, _ = i.minor()
	if i.rendered {
		around.Sidecars = &settings.Place{What: "the gateways that meshtopo renders are for sidecars"}
	}
	for _, l := range c.listeners {
		if l.remote != nil && l.network.given() {
			around.Referred = &settings.Place{Pos: l.network.pos, What: "the Gateway of class " + l.class}
		}
	}
	return around
}

// hostname gives what says that a gateway has a host name: its address in meshNetworks, or a load balancer of AWS.
func (c *cluster) hostname() *settings.Place {
	for _, i := range c.installs {
		if place := i.given.GatewayHost(); place != nil {
			return place
		}
	}
	for _, d := range c.deployments {
		for _, key := range slices.Sorted(maps.Keys(d.annotations)) {
			if d.crosses() && strings.HasPrefix(key, "service.beta.kubernetes.io/aws-load-balancer-") {
				return &settings.Place{Pos: d.annotations[key].pos, What: "a load balancer of AWS, which has a host name only"}
			}
		}
	}
	return nil
}

// namespaces gives those of control planes and gateways that the control plane of a cluster reads, as far as the
// manifests have them.
func (m *mesh) namespaces(c *cluster) []settings.Namespace {
	var all []settings.Namespace
	for _, other := range m.members() {
		if other.install() == nil || other != c && !c.reads(other) && !c.expects(other) || !other.crossesNetworks() && !(other == c && m.serves(c)) {
			continue
		}
		if ns := other.namespaceOf(other.install()); ns != nil {
			n := settings.Namespace{Name: ns.name, Labels: plain(ns.labels), Cluster: other.name}
			if all = append(all, n); other == c { // the first to be judged
				n.Cluster = ""
				all = append([]settings.Namespace{n}, all[:len(all)-1]...)
			}
		}
	}
	return all
}

// checkNodePorts reports gateways by whose nodes remotes are to reach their control plane.
func (m *mesh) checkNodePorts(c *cluster) {
	for _, d := range c.deployments {
		if !d.eastWest() || d.serviceType.text != "NodePort" || d.external || m.describing(m.networkOf(c).text) != nil {
			continue // or nobody knows what stands before the nodes
		}
		if other := m.specific(d.serviceType.pos, rules.UndiscoverableGateway); other != nil {
			other.Append("; and cluster %q has remotes, which find nobody at ports 15012 and 15017 of its nodes", c.name)
			other.Fix = "write type: LoadBalancer"
			continue
		}
		m.found.Add(d.serviceType.pos, settings.NodePortForRemotes, "nobody listens at ports 15012 and 15017 of the nodes of cluster %q, which has remotes", c.name)
	}
}

// checkRemoteSettings compares a remote with what its primary makes of it.
func (m *mesh) checkRemoteSettings(c *cluster) {
	i := c.install()
	if minor, known := i.minor(); known && minor < 30 && !m.found.ErrorAt(i.remotePilotAddress.pos) {
		if address, err := netip.ParseAddr(i.remotePilotAddress.text); err == nil && address.Is6() {
			m.found.Add(i.remotePilotAddress.pos, settings.RemoteTakesIPv4, "the address of istiod is IPv6, and the remote %q has Istio %s", c.name, i.tag.text)
		}
	}
	if i.chart || c.cni || c.unread || i.ambient() || slices.ContainsFunc(c.workloads, func(d *deployment) bool { return d.name == "istio-cni-node" }) {
		return
	}
	for _, name := range c.controlPlanes() {
		p := m.controlPlane(name)
		if p == nil || !p.primary() {
			continue
		}
		if enabled, at, _ := p.install().given.CNI(); enabled {
			m.found.Add(at, settings.CNIDiffers, "cluster %q has Istio's CNI plugin, and its remote %q has none", p.name, c.name).Relate(i.pos, "the remote")
		}
	}
}
