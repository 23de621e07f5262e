package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/networkgateway"
)

var eastWestGroup = group{rules: networkgateway.WorkloadRules, check: (*cluster).checkEastWest}

// checkEastWest compares each gateway between clusters with what such a gateway needs.
func (c *cluster) checkEastWest(found *diag.List) {
	crosses := c.crossesNetworks()
	for _, d := range c.deployments {
		d.checkCA(found)
		if d.chart && crosses && !d.unsure && d.eastWest() {
			d.checkChart(found)
		}
		if !d.eastWest() || d.written == nil || d.unsure {
			continue
		}
		unlabelled := c.unlabelled(d)
		if unlabelled {
			d.reportUnlabelled(crosses, found)
		}
		if crosses {
			d.checkNetwork(!unlabelled, found)
		}
		c.checkCluster(d, found)
	}
}

// checkGatewayRevisions compares the gateways with their control planes. A gateway of a remote that has the revision of
// the primary is right where the remote has another, which is a finding of its own.
func (m *mesh) checkGatewayRevisions() {
	for _, c := range m.clusters {
		if c.install() == nil {
			continue
		}
		for _, d := range c.deployments {
			named := d.eastWest() && (d.written != nil || d.ofVersion()) && !c.install().partial
			if named && !(c.install().remote() && m.servedAs(c, d.revision.text)) {
				c.checkRevision(d, m.found)
			}
		}
	}
}

// ofVersion reports whether values of the gateway chart name a revision that is called after a version, and so is no
// tag.
func (d *deployment) ofVersion() bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(d.revision.text, "v"), "-")
	return d.chart && !d.unsure && first == "1"
}

// servedAs reports whether the primary of a remote, or the topology, has a revision.
func (m *mesh) servedAs(r *cluster, revision string) bool {
	if m.topology != nil {
		t := m.topology.Cluster(r.clusterName())
		return t != nil && t.Named(cmp.Or(revision, "default")) != nil
	}
	return slices.ContainsFunc(r.controlPlanes(), func(name string) bool {
		p := m.called(name)
		return p != nil && p.primary() && p.install().revision.text == revision
	})
}

// reportUnlabelled reports all missing labels in one finding: one line adds them all.
func (d *deployment) reportUnlabelled(crosses bool, found *diag.List) {
	problem := found.Add(d.pos, networkgateway.Unlabelled, "the gateway %q has no label istio, and so that of the ingress gateway", d.name)
	if crosses && !d.labels[networkLabel].given() {
		problem.Reword("the gateway %q has neither a label istio nor %s", d.name, networkLabel)
		problem.Fix = fmt.Sprintf("add label: {istio: eastwestgateway, app: istio-eastwestgateway, %s: NETWORK} to the gateway, with the name of the cluster's network", networkLabel)
	}
}

// checkNetwork looks for the network of a gateway in its two places: a label, unless that was checked before, and a
// variable.
func (d *deployment) checkNetwork(label bool, found *diag.List) {
	if label && !d.labels[networkLabel].given() {
		found.Add(d.pos, networkgateway.WithoutNetwork, "the gateway %q has no label %s", d.name, networkLabel)
	}
	if !d.view.given() {
		found.Add(d.pos, networkgateway.WithoutView, "the gateway %q has no %s", d.name, networkView)
	}
}

// checkChart looks for the network of a gateway in values of the gateway chart. Where the values may be more than are
// here, it wants what goes with the part that is.
func (d *deployment) checkChart(found *diag.List) {
	switch label := d.labels[networkLabel]; {
	case label.given() && !d.view.given():
		problem := found.Add(label.pos, networkgateway.WithoutView, "the gateway %q has the label of a network, but no %s", d.name, networkView)
		problem.Fix = "write networkGateway: " + label.text + " instead of the label, which sets both, and the ports; or add " + networkView + " to env"
	case !label.given() && (d.whole || d.view.given()):
		problem := found.Add(first(d.view, value{pos: d.pos}).pos, networkgateway.WithoutNetwork, "the gateway %q has no label %s", d.name, networkLabel)
		problem.Fix = "write networkGateway, the name of the cluster's network, which sets the label, " + networkView + " and the ports"
	}
}

// checkCluster looks for the cluster's name in a gateway that is not injected.
func (c *cluster) checkCluster(d *deployment, found *diag.List) {
	name := c.clusterName()
	if name == "" || name == "Kubernetes" || d.template.text != "" || d.clusterName.given() {
		return
	}
	found.Add(d.pos, networkgateway.Claims, "the gateway %q is not injected, and would say that it is in cluster \"Kubernetes\", not %q", d.name, name)
}

func (c *cluster) checkRevision(d *deployment, found *diag.List) {
	i := c.install()
	if len(c.installs) != 1 || i.revision.text == d.revision.text || c.offers(d.revision.text) || c.lacks(d.revision.text) {
		return
	}
	pos := d.pos
	if d.revision.given() {
		pos = d.revision.pos
	}
	routed := c.routesTo(d)
	if routed {
		pos = first(i.revision, value{pos: i.pos}).pos
	}
	problem := found.Add(pos, networkgateway.Revision, "the gateway %q has the revision %q, but the control plane has %q", d.name, d.revision.text, i.revision.text)
	if d.otherRevision = problem; routed {
		problem.Append("; the routes to istiod lead to the gateway's")
		problem.Severity = diag.Error
		problem.Why = "no istiod has that name: the gateway resets the connections of remotes, which get neither certificates nor injection"
		problem.Fix = "give the control plane, its gateways and the routes one revision"
	}
	if i.revision.given() {
		problem.Relate(i.revision.pos, "the control plane's")
	}
}

// checkCA looks for the mesh's CA among what a gateway mounts.
func (d *deployment) checkCA(found *diag.List) {
	if d.written == nil {
		return
	}
	for _, secret := range secretNames(d.written.At("k8s")) {
		if secret.text == "cacerts" {
			found.Add(secret.pos, networkgateway.MountedCA, "the gateway %q mounts the Secret cacerts", d.name)
		}
	}
}
