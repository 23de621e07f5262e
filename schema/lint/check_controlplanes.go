package lint

import (
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/fields"
	"meshtopo.dev/meshtopo/schema/grammar"
	"meshtopo.dev/meshtopo/schema/rules"
)

var (
	noClusterName = &diag.Rule{
		Code: "no-cluster-name", Severity: diag.Error, Symptom: true,
		Title:  "a control plane of a multicluster mesh without a cluster name",
		Why:    `a cluster without a name is called "Kubernetes": what names it otherwise does not mean it, so that its remotes get no istio-ca-root-cert, and of two such clusters istiod ignores one`,
		Fix:    "add values.global.multiCluster.clusterName, the name that the other clusters' remote Secrets have for it",
		Source: "pilot/pkg/features/pilot.go (CLUSTER_ID)",
		Bad:    "values: {global: {network: network1}}",
		Good:   "values: {global: {network: network1, multiCluster: {clusterName: east}}}",
	}
	noNetworkName = &diag.Rule{
		Code: "no-network-name", Severity: diag.Error, Symptom: true,
		Title:  "a control plane without a network, in a mesh of several networks",
		Why:    "istiod does not know the network of its sidecars: before 1.30 it sends them to pod addresses that they cannot reach, and since then through a gateway even to the pods beside them",
		Fix:    "add values.global.network, the network that the namespace and the gateway are labelled with",
		Source: "pilot/pkg/xds/endpoints/ep_filters.go",
		Bad:    "values: {global: {multiCluster: {clusterName: east}}}",
		Good:   "values: {global: {multiCluster: {clusterName: east}, network: network1}}",
	}
	noMeshID = &diag.Rule{
		Code: "no-mesh-id", Severity: diag.Warning, Symptom: true,
		Title:  "a control plane of a multicluster mesh without a mesh ID",
		Why:    "Istio uses the trust domain instead, and telemetry cannot tell this mesh from others with the same trust domain",
		Fix:    "add values.global.meshID, the same in all clusters",
		Source: "manifests/charts/istio-control/istio-discovery/values.yaml",
		Bad:    "values: {global: {multiCluster: {clusterName: east}}}",
		Good:   "values: {global: {multiCluster: {clusterName: east}, meshID: mesh1}}",
	}
)

var controlPlaneGroup = group{rules: []*diag.Rule{noClusterName, noNetworkName, noMeshID}, check: (*cluster).checkInstalls}

// checkInstalls checks what each installation says about its cluster.
func (c *cluster) checkInstalls(found *diag.List) {
	for _, i := range c.installs {
		i.checkNames(found)
		if i.contradictory() {
			d := found.Add(i.profile.pos, remoteWithoutAddress, "%s has the profile of a remote, but a mesh config and neither an address nor an injection path", i.object)
			d.Fix = "write profile: default, or give what makes a remote: values.global.remotePilotAddress and values.istiodRemote.injectionPath"
		}
		if i.remote() {
			c.checkRemote(i, found)
		} else if c.joined(i) {
			i.checkClusterName(found)
		}
		if len(c.installs) == 1 && c.crossesNetworks() && i.lacks(i.network, "spec.values.global.network") && !i.injection().network.given() {
			found.Add(i.pos, noNetworkName, "%s has no values.global.network", i.object)
		}
	}
}

func (i *install) checkClusterName(found *diag.List) {
	switch {
	case i.clusterName.text == "" && !i.misspelt.Have("spec.values.global.multiCluster.clusterName"):
		found.Add(i.pos, noClusterName, "%s has no values.global.multiCluster.clusterName", i.object)
	case i.clusterName.text == "Kubernetes":
		d := found.Add(i.clusterName.pos, rules.ReservedClusterName, "the cluster has the name that Istio uses for clusters without one")
		d.Severity = diag.Error
	}
}

// checkNames checks the form of what Kubernetes and Istio read as names.
func (i *install) checkNames(found *diag.List) {
	if i.clusterName.text != "Kubernetes" {
		fields.CheckName(i.clusterName.text, i.clusterName.pos, "cluster", found)
	}
	for _, domain := range append([]value{i.trustDomain, i.clusterDomain}, i.aliases...) {
		fields.CheckDomain(domain.text, domain.pos, found)
	}
	i.checkRevision(found)
}

func (i *install) checkRevision(found *diag.List) {
	switch v := i.revision; {
	case v.text == "":
	case v.text == "default":
		found.Add(v.pos, rules.ReservedRevision, "%q is Istio's word for no revision", v.text)
	case !fields.IsLabel(v.text):
		d := found.Add(v.pos, grammar.InvalidValue, "the revision %q is not a DNS label", v.text)
		d.Why = `istioctl refuses it: "invalid revision specified"`
		d.Fix = "use lower-case letters, digits and dashes, such as 1-31-1"
	case len("istiod-"+v.text) > 63:
		found.Add(v.pos, rules.LongRevision, "the revision gives istiod's Service a name of %d characters; Kubernetes allows 63", len("istiod-"+v.text))
	}
}

// checkLacking looks for what an installation needs for its role in the mesh.
func (m *mesh) checkLacking() {
	for _, c := range m.clusters {
		for _, i := range c.installs {
			switch {
			case i == c.install() && m.hasOtherRole(c):
			case i.remote():
				i.checkReach(m.found)
			case c.joined(i) && i.lacks(i.meshID, "spec.values.global.meshID"):
				m.found.Add(i.pos, noMeshID, "%s has no values.global.meshID", i.object)
			}
		}
	}
}
