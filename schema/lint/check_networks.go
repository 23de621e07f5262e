package lint

import (
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/fields"
)

var (
	networkMismatch = &diag.Rule{
		Code: "network-mismatch", Severity: diag.Error, Symptom: true,
		Title:  "a cluster whose manifests name two networks",
		Why:    "endpoints count as on another network than the gateway that leads to them: calls go to the wrong cluster, or to pod addresses that nobody routes",
		Fix:    "write one network in values.global.network, the label of the system namespace, the injection path, the gateway's label and ISTIO_META_REQUESTED_NETWORK_VIEW",
		Source: "pilot/pkg/serviceregistry/kube/controller/controller.go (Network)",
		Bad:    "label: {topology.istio.io/network: network1} # and values.global.network: network2",
		Good:   "label: {topology.istio.io/network: network2}",
	}
	namespaceWithoutNetwork = &diag.Rule{
		Code: "namespace-without-network", Severity: diag.Error, Symptom: true,
		Title:  "the namespace of the control plane without the label of its network, in a mesh of several networks",
		Why:    "istiod takes the network of a cluster from that label: without it, endpoints whose pods were not injected count as reachable directly, and the control plane as on no network",
		Fix:    "add the label topology.istio.io/network to the namespace; istioctl install labels only namespaces that it makes itself",
		Source: "pilot/pkg/serviceregistry/kube/controller/network.go; operator/pkg/util/k8s.go (CreateNamespace)",
		Bad:    "kind: Namespace\nmetadata: {name: istio-system}",
		Good:   "kind: Namespace\nmetadata: {name: istio-system, labels: {topology.istio.io/network: network1}}",
	}
	spacedClusters = &diag.Rule{
		Code: "spaced-control-planes", Severity: diag.Error, Symptom: true,
		Title:  "a list of control planes with a space in it",
		Why:    "istiod does not trim the names, so the one behind the space never matches: it writes no istio-ca-root-cert into the cluster, and pods wait for it in FailedMount",
		Fix:    "separate the names by commas only",
		Source: "pilot/pkg/serviceregistry/kube/controller/multicluster.go (checkShouldLead)",
		Bad:    "annotations: {topology.istio.io/controlPlaneClusters: \"east, west\"}",
		Good:   "annotations: {topology.istio.io/controlPlaneClusters: \"east,west\"}",
	}
)

var networkGroup = group{rules: []*diag.Rule{networkMismatch, namespaceWithoutNetwork, spacedClusters}, check: (*cluster).checkNetworkNames}

// checkNetworkNames compares the places at which the cluster's network is named.
func (c *cluster) checkNetworkNames(found *diag.List) {
	names := c.networkNames()
	usual := mostNamed(names)
	for _, n := range names {
		fields.CheckName(n.text, n.pos, "network", found)
		if n.text != usual.text {
			d := found.Add(n.pos, networkMismatch, "%s is %q, but %s is %q", n.what, n.text, usual.what, usual.text)
			d.Relate(usual.pos, usual.what)
		}
	}
	for _, ns := range c.namespaces {
		if hasSpace(ns.controlPlanes.text) {
			found.Add(ns.controlPlanes.pos, spacedClusters, "the annotation %s of namespace %s has a space in it", controlPlanes, ns.name)
		}
	}
	if !c.crossesNetworks() {
		return
	}
	for _, i := range c.installs {
		c.checkLabelElsewhere(i, found)
		if ns := c.namespaceOf(i); ns != nil && i.network.text != "" && !ns.network.given() {
			d := found.Add(ns.pos, namespaceWithoutNetwork, "namespace %s has no label %s", ns.name, networkLabel)
			d.Relate(i.network.pos, "its network")
		}
	}
}

// checkLabelElsewhere reports the label of a network on a namespace whose labels istiod does not read.
func (c *cluster) checkLabelElsewhere(i *install, found *diag.List) {
	if c.namespaceOf(i) != nil {
		return
	}
	for _, ns := range c.namespaces {
		if ns.network.given() {
			d := found.Add(ns.pos, namespaceWithoutNetwork, "the label %s is on namespace %s, but the control plane is in %s", networkLabel, ns.name, i.namespace)
			d.Fix = "write name: " + i.namespace
		}
	}
}

func hasSpace(text string) bool { return strings.ContainsAny(text, " \t") }
