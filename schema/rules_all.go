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

// checkRules applies them all. The topology may be partial: what the loader already reported is zero here, and
// no rule reports it, or what follows from it, again.
func (t *Topology) checkRules(found *diag.List) {
	for _, check := range []func(*diag.List){
		t.checkPrimaries, t.checkNetworks, t.checkGateways, t.checkGatewayAddresses, t.checkAPIServers, t.checkReaders,
		t.checkLifecycle, t.checkNames, t.checkWindowsNames, t.checkPodCIDRs, t.checkTrust, t.checkSecrets, t.checkExposedHosts,
		t.checkRemotes, t.checkVersions, t.checkTags, t.checkNamespaces, t.checkSettings, t.checkOwned, t.checkIstioFields,
		t.checkGatewayFamilies, t.checkDNSCapture, t.checkMeshConfig, t.checkMeshNetworks,
		t.checkPatches,
	} {
		check(found)
	}
}

// clusterPath gives the path of a field of a cluster.
func clusterPath(c *Cluster, field ...string) []string {
	return slices.Concat([]string{"spec", "clusters", c.Name}, field)
}

// istioPath gives the path of the setting below istio that is in force for a cluster: its own, or the mesh's.
func (t *Topology) istioPath(c *Cluster, field ...string) []string {
	own := clusterPath(c, slices.Concat([]string{"istio"}, field)...)
	if t.given(own...) {
		return own
	}
	return slices.Concat([]string{"spec", "istio"}, field)
}

// istioNode is what the user wrote as istio, for the mesh or for one cluster.
type istioNode struct {
	path  []string
	node  *document.Node
	known bool // package istio knows the version of each cluster that it is for
}

// istioNodes gives each place where the user wrote settings of Istio, the mesh's first.
func (t *Topology) istioNodes() []istioNode {
	places := []istioNode{{path: []string{"spec", "istio"}, known: t.allKnownVersions()}}
	for _, c := range t.Clusters {
		places = append(places, istioNode{path: clusterPath(c, "istio"), known: t.hasKnownVersion(c)})
	}
	for i := range places {
		places[i].node = t.positions.Root.At(places[i].path...)
	}
	return places
}

// unsure reports whether nothing certain can be said of the field at path: a problem of it was reported already,
// or it is missing and an unknown field with nearly its name, which was reported too, stands there instead.
func (t *Topology) unsure(path ...string) bool {
	if t.broken(path...) {
		return true
	}
	n := t.positions.Root
	for _, key := range path {
		next := n.Child(key)
		if next == nil || next.Defaulted {
			return misspells(n, key)
		}
		n = next
	}
	return false
}

// misspells reports whether a broken field of n has nearly the name that is looked for.
func misspells(n *document.Node, name string) bool {
	return slices.ContainsFunc(n.Fields, func(e *document.Entry) bool {
		return e.Value.Broken && diag.Nearest(e.Key, []string{name}) != ""
	})
}

// holdsBroken reports whether a problem of a field of n has been reported.
func holdsBroken(n *document.Node) bool {
	return n != nil && slices.ContainsFunc(n.Fields, func(e *document.Entry) bool { return e.Value.Broken })
}

// primaries gives the clusters that run a control plane of their own.
func (t *Topology) primaries() []*Cluster {
	var primaries []*Cluster
	for _, c := range t.Clusters {
		if !c.Remote() && !t.unsure(clusterPath(c, "primary")...) {
			primaries = append(primaries, c)
		}
	}
	return primaries
}

// primaryOf gives the primary of a remote, or nil where it names none that is one.
func (t *Topology) primaryOf(c *Cluster) *Cluster {
	if p := t.Cluster(c.Primary); p != nil && !p.Remote() {
		return p
	}
	return nil
}

// onKnownNetwork reports whether a cluster's network is one that is declared.
func (t *Topology) onKnownNetwork(c *Cluster) bool {
	return c.Network != "" && !t.unsure(clusterPath(c, "network")...) && t.given("spec", "networks", c.Network)
}

// members gives the clusters on each declared network that has any. It reports false where a cluster's network
// is not known, so that nothing certain can be said of a network as a whole.
func (t *Topology) members() (members map[string][]*Cluster, certain bool) {
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
