package lint

import (
	"fmt"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

var (
	noClusterName = &diag.Rule{
		Code: "no-cluster-name", Severity: diag.Error,
		Title:  "a control plane of a multicluster mesh without a cluster name",
		Why:    `it calls its cluster "Kubernetes", as every other one without a name does: remote Secrets for it match nothing, and of two such clusters one is ignored`,
		Fix:    "add values.global.multiCluster.clusterName, the name by which the other clusters' remote Secrets call it",
		Source: "pilot/pkg/features/pilot.go (CLUSTER_ID)",
		Bad:    "values: {global: {network: network1}}",
		Good:   "values: {global: {network: network1, multiCluster: {clusterName: east}}}",
	}
	noNetworkName = &diag.Rule{
		Code: "no-network-name", Severity: diag.Error,
		Title:  "a control plane without a network, in a mesh of several networks",
		Why:    "its sidecars are told no network, and whether an endpoint is reached directly or through a gateway is decided wrongly: calls time out",
		Fix:    "add values.global.network, the network that the namespace and the gateway are labelled with",
		Source: "pilot/pkg/xds/endpoints/ep_filters.go",
		Bad:    "values: {global: {multiCluster: {clusterName: east}}}",
		Good:   "values: {global: {multiCluster: {clusterName: east}, network: network1}}",
	}
	noMeshID = &diag.Rule{
		Code: "no-mesh-id", Severity: diag.Warning,
		Title:  "a control plane of a multicluster mesh without a mesh ID",
		Why:    "the trust domain stands in for it, so that telemetry cannot tell this mesh from others of the same trust domain",
		Fix:    "add values.global.meshID, the same in all clusters",
		Source: "manifests/charts/istio-control/istio-discovery/values.yaml",
		Bad:    "values: {global: {multiCluster: {clusterName: east}}}",
		Good:   "values: {global: {multiCluster: {clusterName: east}, meshID: mesh1}}",
	}
)

var controlPlaneRules = []*diag.Rule{noClusterName, noNetworkName, noMeshID}

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
		if len(c.installs) == 1 && c.crossesNetworks() && i.lacks(i.network, networkPath...) && !i.injection().network.given() {
			found.Add(i.pos, noNetworkName, "%s has no values.global.network", i.object)
		}
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
			case c.joined(i) && i.lacks(i.meshID, meshIDPath...):
				m.found.Add(i.pos, noMeshID, "%s has no values.global.meshID", i.object)
			}
		}
	}
}

// checkClusterName looks for the name that tells the cluster from others.
func (i *install) checkClusterName(found *diag.List) {
	switch {
	case i.clusterName.text == "" && !within(i.misspelt, clusterNamePath...):
		found.Add(i.pos, noClusterName, "%s has no values.global.multiCluster.clusterName", i.object)
	case i.clusterName.text == "Kubernetes":
		d := found.Add(i.clusterName.pos, schema.ReservedClusterName, "the cluster has the name that Istio uses for clusters without one")
		d.Severity = diag.Error
	}
}

// checkNames checks the form of what Kubernetes and Istio read as names.
func (i *install) checkNames(found *diag.List) {
	if i.clusterName.text != "Kubernetes" {
		checkName(i.clusterName, "cluster", found)
	}
	for _, domain := range append([]value{i.trustDomain, i.clusterDomain}, i.aliases...) {
		checkDomain(domain, found)
	}
	i.checkRevision(found)
}

func (i *install) checkRevision(found *diag.List) {
	switch v := i.revision; {
	case v.text == "":
	case v.text == "default":
		found.Add(v.pos, schema.ReservedRevision, "%q is Istio's word for no revision", v.text)
	case !isLabel(v.text):
		d := found.Add(v.pos, schema.InvalidValue, "the revision %q is not a DNS label", v.text)
		d.Why = `istioctl refuses it: "invalid revision specified"`
		d.Fix = "use lower-case letters, digits and dashes, such as 1-31-1"
	case len("istiod-"+v.text) > 63:
		found.Add(v.pos, schema.LongRevision, "the revision gives istiod's Service a name of %d characters; Kubernetes allows 63", len("istiod-"+v.text))
	}
}

var (
	valueText  = diag.OnceRegexp(`^[A-Za-z0-9]([-_.A-Za-z0-9]*[A-Za-z0-9])?$`)
	domainText = diag.OnceRegexp(`^[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?(\.[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?)*\.?$`)
)

// checkName checks the name of a cluster, a label of RFC 1123, or of a network, the value of a label.
func checkName(v value, what string, found *diag.List) {
	good, form := isLabel(v.text), "lower-case letters, digits and dashes, at most 63"
	if what == "network" {
		good, form = isNetworkName(v.text), "letters, digits, dashes, underscores and dots, at most 63"
	}
	if v.text == "" || !v.given() || good {
		return
	}
	d := found.Add(v.pos, schema.InvalidName, "the name %q of a %s is not one that Kubernetes takes", v.text, what)
	d.Fix = "use " + form
}

func isNetworkName(text string) bool { return len(text) <= 63 && valueText().MatchString(text) }

// checkDomain checks what ValidateTrustDomain checks (pkg/config/validation/agent/validation.go).
func checkDomain(v value, found *diag.List) {
	if v.text == "" || domainText().MatchString(v.text) {
		return
	}
	d := found.Add(v.pos, schema.InvalidValue, "%q is not a domain", v.text)
	d.Fix = "use labels of letters, digits and dashes with dots between them, such as cluster.local"
}

// hasSpace reports whether a text has a space or a tab in it.
func hasSpace(text string) bool { return strings.ContainsAny(text, " \t") }

// domain gives the suffix of the names of the cluster's Services.
func (i *install) domain() string {
	if i.clusterDomain.text != "" {
		return i.clusterDomain.text
	}
	return "cluster.local"
}

// istiod gives the name of the installation's control plane, as a Service.
func (i *install) istiod() string {
	name := "istiod"
	if i.revision.text != "" {
		name += "-" + i.revision.text
	}
	return fmt.Sprintf("%s.%s.svc.%s", name, i.namespace, i.domain())
}

// isIstiod reports whether a host is one that a control plane of the cluster has.
func (c *cluster) isIstiod(host string) bool {
	host = strings.TrimSuffix(host, ".")
	return slices.ContainsFunc(c.installs, func(i *install) bool {
		return i.istiod() == host || i.anyRevision && strings.HasSuffix(host, "."+i.namespace+".svc."+i.domain())
	})
}
