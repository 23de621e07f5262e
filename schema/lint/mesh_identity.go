package lint

import (
	"fmt"
	"slices"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/rules"
)

var (
	differentTrustDomains = &diag.Rule{
		Code: "different-trust-domains", Severity: diag.Error, Symptom: true,
		Title:  "clusters with different trust domains, without aliases both ways",
		Why:    "proxies refuse each other's certificates: CERTIFICATE_VERIFY_FAILED, and only local endpoints answer",
		Fix:    "give all clusters one meshConfig.trustDomain",
		Source: "https://github.com/istio/istio/issues/39204",
	}
	differentMeshIDs = &diag.Rule{
		Code: "different-mesh-ids", Severity: diag.Error, Symptom: true,
		Title:  "clusters with different mesh IDs",
		Why:    "telemetry sees two meshes, and counts traffic between them as coming from outside",
		Fix:    "give all clusters one values.global.meshID",
		Source: "manifests/charts/istio-control/istio-discovery/values.yaml",
	}
	differentClusterDomains = &diag.Rule{
		Code: "different-cluster-domains", Severity: diag.Error, Symptom: true,
		Title:  "clusters with different cluster domains",
		Why:    "sidecars send names of Services under their own domain, and the other cluster's gateway expects its own: connections are reset",
		Fix:    "give all clusters one values.global.proxy.clusterDomain",
		Source: "pilot/pkg/model/service.go (BuildDNSSrvSubsetKey)",
	}
	servicesNotExposed = &diag.Rule{
		Code: "services-not-exposed", Severity: diag.Error, Symptom: true,
		Title:  "a gateway between networks that no Gateway opens",
		Why:    "its Service has port 15443 and no proxy listens behind it: calls from other networks are refused, and only local endpoints answer",
		Fix:    "apply samples/multicluster/expose-services.yaml of Istio in the cluster",
		Source: "samples/multicluster/expose-services.yaml",
	}
	clusterNameTwice = &diag.Rule{
		Code: "cluster-name-twice", Severity: diag.Error, Symptom: true,
		Title:  "two clusters with one name",
		Why:    `istiod ignores the second ("cluster has already been registered"), or takes it for its own: that cluster's endpoints never appear`,
		Fix:    "give each cluster a values.global.multiCluster.clusterName of its own",
		Source: "pkg/kube/multicluster/secretcontroller.go",
	}
)

var identityGroup = group{rules: []*diag.Rule{differentTrustDomains, differentMeshIDs, differentClusterDomains, clusterNameTwice, servicesNotExposed}}

// checkIdentity compares what has to be the same in all clusters of a mesh, and what has to differ.
func (m *mesh) checkIdentity() {
	m.checkTrustDomains()
	m.same(differentMeshIDs, "the mesh ID", func(i *install) value { return i.meshID })
	m.checkClusterDomains()
	m.checkNames()
	m.checkNamespaces()
}

// checkTrustDomains compares the trust domains of the control planes. They may differ where each has the other's as an
// alias, but not with ztunnel.
func (m *mesh) checkTrustDomains() {
	primaries := slices.DeleteFunc(m.primaries(), func(c *cluster) bool { return c.install().misspelt.Have("spec.meshConfig.trustDomain") })
	first := majority(primaries, func(i *install) value { return value{i.trust(), i.pos} })
	if first == nil {
		return
	}
	for _, c := range primaries {
		a, b := first.install(), c.install()
		ambient := a.ambient() || b.ambient()
		if a.trust() == b.trust() || !ambient && a.accepts(b.trust()) && b.accepts(a.trust()) {
			continue
		}
		pos := b.trustDomain.pos
		if !b.trustDomain.given() {
			pos = b.pos
		}
		d := m.found.Add(pos, differentTrustDomains, "the trust domain of cluster %q is %q, but that of %q is %q", c.name, b.trust(), first.name, a.trust())
		if ambient {
			d.Why = "ztunnel has no aliases of trust domains: the two refuse each other's certificates (https://github.com/istio/istio/issues/61608)"
		}
		if a.trustDomain.given() {
			d.Relate(a.trustDomain.pos, "that of "+first.name)
		}
	}
}

func (m *mesh) checkClusterDomains() {
	m.same(differentClusterDomains, "the cluster domain", (*install).saidDomain)
}

// checkExposed looks for Services that the Gateways expose to other networks. Hosts with the domain of another cluster
// or of the topology are accepted: that domains differ is another finding.
func (m *mesh) checkExposed() {
	var domains []string
	if m.topology != nil {
		domains = append(domains, m.topology.Mesh.ClusterDomain)
	}
	for _, c := range m.clusters {
		if i := c.install(); i != nil {
			domains = append(domains, i.domain())
		}
	}
	for _, c := range m.clusters {
		for _, g := range c.gateways {
			c.checkExposed(g, domains, m.found)
		}
	}
}

func (m *mesh) checkNames() {
	owners := map[string]*cluster{}
	for _, c := range m.members() {
		i := c.install()
		if i == nil || !i.name().given() {
			continue
		}
		name := i.name()
		if first := owners[name.text]; first != nil {
			d := m.found.Add(name.pos, clusterNameTwice, "the manifests of %q call their cluster %q, as those of %q do", c.name, name.text, first.name)
			d.Relate(first.install().name().pos, "the name in "+first.name)
			continue
		}
		owners[name.text] = c
	}
}

// checkNetworks reports networks of several without a gateway. Where no cluster's manifests have one, the gateways are
// assumed to be made elsewhere.
func (m *mesh) checkNetworks() {
	type network struct {
		pos     value
		owner   *cluster
		gateway bool
	}
	networks := map[string]*network{}
	var order []*network
	any := false
	astray := m.astray()
	reported := astray != nil && !astray.network.given() // it may be for any of them
	uninstalled := map[string]bool{}                     // networks of gateways that have no control plane beside them
	for _, c := range m.members() {
		if want := m.wanted(c); want != nil && c.install() == nil && c.hasGateway() {
			uninstalled[want.Network] = true
		}
	}
	for _, c := range m.members() {
		name := m.networkOf(c)
		if !name.given() {
			continue
		}
		n := networks[name.text]
		if n == nil {
			n = &network{pos: name, owner: c, gateway: m.states(name.text) || reported || uninstalled[name.text]}
			networks[name.text] = n
			order = append(order, n)
		}
		want := m.wanted(c) // with which what others know of it is compared
		n.gateway = n.gateway || c.hasGateway() || want != nil && want.EastWestGateway.Discovery == schema.ByAddresses
		any = any || n.gateway
	}
	for _, n := range order {
		if len(order) > 1 && any && !n.gateway {
			d := m.found.Add(n.pos.pos, rules.NetworkWithoutGateway, "network %q has no gateway: none of its clusters' manifests has an east-west gateway", n.pos.text)
			d.Fix = fmt.Sprintf("install an east-west gateway in cluster %q, with the label %s: %s", n.owner.name, networkLabel, n.pos.text)
		}
	}
}

// checkUnnetworked reports primaries that have neither a network nor a gateway beside one whose gateway takes calls
// from other networks: no other network could call them.
func (m *mesh) checkUnnetworked() {
	if !slices.ContainsFunc(m.clusters, (*cluster).passesThrough) {
		return
	}
	for _, c := range m.primaries() {
		if i := c.install(); !m.networkOf(c).given() && !c.hasGateway() && !c.runsExternal() {
			d := m.found.Add(i.pos, rules.NetworkWithoutGateway, "cluster %q has no east-west gateway and says no network, while another cluster takes calls from other networks", c.name)
			d.Fix = "set values.global.network, and install an east-west gateway if it is a network of its own"
		}
	}
}

// checkUnexposed reports gateways through which other networks can call nothing, because no Gateway opens port 15443 on
// them. It looks only where other clusters have such a Gateway, or meshtopo rendered the manifests: people may apply
// the Gateway of Istio's samples.
func (m *mesh) checkUnexposed() {
	networks := map[string]bool{}
	for _, c := range m.clusters {
		networks[c.usualNetwork().text] = true
	}
	if delete(networks, ""); len(networks) < 2 {
		return
	}
	others := slices.ContainsFunc(m.clusters, (*cluster).passesThrough)
	for _, c := range m.primaries() {
		if c.unread || c.opensCrossing() || !others && !c.install().rendered {
			continue
		}
		for _, d := range c.deployments {
			if d.crosses() && d.written != nil && !d.unsure {
				m.found.Add(d.pos, servicesNotExposed, "no Gateway of cluster %q has a server at port %s for the gateway %q", c.name, crossNetworkPort, d.name)
			}
		}
	}
}
