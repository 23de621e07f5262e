// Package handed judges what a topology hands through to Istio, and to the Services of its gateways, by what that does
// to its other clusters.
package handed

import (
	"net/netip"
	"strconv"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/settings"
)

// Rules gives every rule that Check reports.
func Rules() []*diag.Rule {
	return []*diag.Rule{
		settings.AutoMTLSOff, settings.NothingShared, settings.ServicesNotExported, settings.AmbientFlagWithSidecars, settings.WebhookNotPatched,
		settings.WaitsForEveryCluster, settings.WatchesOneNamespace, settings.HostnameNotResolved, settings.SecretsNotRead, settings.CNIDiffers,
		settings.GatewayEndsTLS, settings.GatewayProxyProtocol, settings.NodePortForRemotes, settings.RemoteTakesIPv4, settings.HiddenFromDiscovery,
		settings.GatewayNotRead, outOfScope,
	}
}

// Check reports what breaks the mesh. What was reported already is not reported again.
func Check(t schema.Written, found *diag.List) {
	top := topology{t, t.RemotesByPrimary(), t.MultiNetwork()}
	top.checkEffects(found)
	top.checkCNI(found)
	top.checkGateways(found)
	top.checkScope(found)
	top.checkDiscovery(found)
}

// topology is one that may be partial: what was reported already is zero in it.
type topology struct {
	schema.Written
	remotes  map[string][]*schema.Cluster // by their primary
	networks bool                         // there are several
}

// primaries gives the clusters that run a control plane of their own.
func (t topology) primaries() []*schema.Cluster {
	var all []*schema.Cluster
	for _, c := range t.Clusters {
		if c.RunsControlPlane() && !t.Unsure(schema.ClusterPath(c, "primary")...) {
			all = append(all, c)
		}
	}
	return all
}

// planes gives all control planes of the primaries.
func (t topology) planes() []*schema.Cluster {
	var all []*schema.Cluster
	for _, p := range t.primaries() {
		all = append(all, p.ControlPlanes()...)
	}
	return all
}

// checkEffects judges what is handed through to the control planes by what it does to the other clusters. A setting of
// the mesh is found for each of them; the list keeps one finding.
func (t topology) checkEffects(found *diag.List) {
	all := t.mesh()
	for _, p := range t.planes() {
		given, around := t.installation(p), all
		around.Secrets = all.Secrets && p.Secrets.Remote == schema.LabelledSecrets
		around.Remotes, around.Namespace, around.Minor = len(t.remotes[p.Name]) > 0, p.Istio.Namespace, p.Istio.Version.Minor()
		if place := given.GatewayHost(); place != nil {
			around.Hostname = place
		}
		if described := t.Described(p); len(described) > 0 {
			around.Referred = &settings.Place{Pos: t.Pos(schema.ClusterPath(described[0], "eastWestGateway", "discovery")...), What: "what it is to find by a Gateway"}
		}
		settings.CheckEffects(given, around, found)
	}
}

// installation gives the nodes that say what a cluster's Istio is given: its own, before those of the mesh.
func (t topology) installation(c *schema.Cluster) settings.Installation {
	i := settings.Installation{Minor: c.Istio.Version.Minor()}
	for _, path := range [][]string{schema.ClusterPath(c, "istio"), {"spec", "istio"}} {
		n := t.Root().At(path...)
		for path, list := range map[string]*[]*document.Node{
			"meshConfig": &i.MeshConfig, "values": &i.Values, "values.pilot": &i.Pilot, "components": &i.Components,
		} {
			if part := n.At(document.ParsePath(path)...); part != nil && !part.Broken {
				*list = append(*list, part)
			}
		}
	}
	return i
}

// mesh gives what the topology says of the mesh as a whole.
func (t topology) mesh() settings.Mesh {
	m := settings.Mesh{Clusters: len(t.Clusters), Networks: 1, Secrets: len(t.Clusters) > 1}
	if t.networks {
		m.Networks = 2 // or more
		m.Sidecars = &settings.Place{What: "the gateways between networks are for sidecars"}
	}
	for _, c := range t.Clusters {
		for i, address := range c.EastWestGateway.Addresses {
			if _, err := netip.ParseAddr(address); address != "" && err != nil && m.Hostname == nil {
				m.Hostname = &settings.Place{Pos: t.Pos(schema.ClusterPath(c, "eastWestGateway", "addresses", strconv.Itoa(i))...), What: "a host name"}
			}
		}
	}
	return m
}

// checkCNI compares remotes with their primaries, which say what is injected there.
func (t topology) checkCNI(found *diag.List) {
	for _, c := range t.Clusters {
		p := t.PrimaryOf(c)
		if p == nil || t.Unsure(t.IstioPath(c, "components")...) || t.Unsure(t.IstioPath(p, "components")...) {
			continue
		}
		has, at, given := t.installation(p).CNI()
		if own, _, _ := t.installation(c).CNI(); !given || !has || own {
			continue
		}
		d := found.Add(at, settings.CNIDiffers, "cluster %q has Istio's CNI plugin, and its remote %q has none", p.Name, c.Name)
		d.Relate(t.Pos(schema.ClusterPath(c, "primary")...), "what is injected there follows from it")
	}
}
