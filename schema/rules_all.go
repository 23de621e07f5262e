package schema

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// topologyRules are the rules of a topology as a whole: what one entry says about another, and what Istio and
// Kubernetes make of names, addresses and versions. The shape of each entry is topology.cue's business.
var topologyRules = []*diag.Rule{
	noClusters, unknownPrimary, ownPrimary, remotePrimary, noPrimary,
	unknownNetwork, unusedNetwork,
	networkWithoutGateway, primaryWithoutGateway, idleGateway, undiscoverableGateway,
	noGatewayAddress, gatewayHostname, severalGatewayAddresses, badGatewayAddress, duplicateGatewayAddress, privateGatewayAddress,
	gatewayFamily,
	apiURLNotHTTPS, apiURLInvalid, apiURLUnreachable, apiURLDuplicate, apiURLPrivate,
	missingAPIServer, missingCredential,
	awaitingGatewayAddress, joiningUnread,
	reservedClusterName, escapedSlash, reservedNamespace, reservedRevision, longRevision, reservedReader, longReader, windowsName,
	overlappingPodCIDRs,
	missingTrust, noRoots, missingIntermediate,
	unprotectedSecrets, privatePlace,
	uncoveredClusterDomain, dnsCaptureOff, autoMTLSOff, nothingShared,
	meshNetworksForm, meshNetworksRegistry, meshNetworksOverlap,
	remoteNamespace, remoteRevision, remoteNewer, remoteOlder, primariesApart, foreignTag, severalNamespaces,
	unusedOnRemote, earlyGateway, laterSetting, ownedSetting,
	unknownIstioField, ignoredIstioField, wrongIstioValue, unreadVariable,
	patchSource,
	unknownRule, ruleNotAdjustable,
}

// mesh is what the rules look at.
type mesh struct{ Written }

// checkRules applies them all. The topology may be partial: what the loader already reported is zero here, and
// no rule reports it, or what follows from it, again.
func checkRules(topology *Topology, found *diag.List) {
	t := mesh{Written{topology}}
	for _, check := range []func(*diag.List){
		t.checkPrimaries, t.checkNetworks, t.checkGateways, t.checkGatewayAddresses, t.checkAPIServers, t.checkReaders,
		t.checkLifecycle, t.checkNames, t.checkWindowsNames, t.checkPodCIDRs, t.checkTrust, t.checkSecrets, t.checkExposedHosts,
		t.checkRemotes, t.checkVersions, t.checkTags, t.checkNamespaces, t.checkLaterSettings, func(found *diag.List) { checkOwned(t.Written, found) }, t.checkIstioFields,
		t.checkGatewayFamilies, t.checkDNSCapture, t.checkMeshConfig, t.checkMeshNetworks,
		t.checkPatches,
	} {
		check(found)
	}
}

// holdsBroken reports whether a problem of a field of n has been reported.
func holdsBroken(n *document.Node) bool {
	return n != nil && slices.ContainsFunc(n.Fields, func(e *document.Entry) bool { return e.Value.Broken })
}

// primaries gives the clusters that run a control plane of their own.
func (t mesh) primaries() []*Cluster {
	var primaries []*Cluster
	for _, c := range t.Clusters {
		if !c.Remote() && !t.Unsure(ClusterPath(c, "primary")...) {
			primaries = append(primaries, c)
		}
	}
	return primaries
}

// onKnownNetwork reports whether a cluster's network is one that is declared.
func (t mesh) onKnownNetwork(c *Cluster) bool {
	return c.Network != "" && !t.Unsure(ClusterPath(c, "network")...) && t.Given("spec", "networks", c.Network)
}

// members gives the clusters on each declared network that has any. It reports false where a cluster's network
// is not known, so that nothing certain can be said of a network as a whole.
func (t mesh) members() (members map[string][]*Cluster, certain bool) {
	members, certain = map[string][]*Cluster{}, true
	for _, c := range t.Clusters {
		if t.onKnownNetwork(c) {
			members[c.Network] = append(members[c.Network], c)
		} else {
			certain = false
		}
	}
	return members, certain
}
