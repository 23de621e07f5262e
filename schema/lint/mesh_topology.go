package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/owned"
)

var (
	notInTopology = &diag.Rule{
		Code: "not-in-topology", Severity: diag.Error,
		Title:  "manifests of a cluster that the topology does not have",
		Why:    "the other clusters are rendered without it and do not know it",
		Fix:    "give the directory, or clusterName, the name of the cluster in the topology; or name the cluster with --cluster NAME=PATH, or with cluster in a LintManifests",
		Source: "the topology that --topology names",
	}
	withoutManifests = &diag.Rule{
		Code: "cluster-without-manifests", Severity: diag.Warning,
		Title:  "a cluster of the topology of which no manifests were given",
		Why:    "what is wrong with its manifests, and between it and the others, is not found",
		Fix:    "give its directory as well",
		Source: "the topology that --topology names",
	}
)

var topologyGroup = group{rules: []*diag.Rule{deviates, notInTopology, withoutManifests}}

// setting is a value of an installation that follows from the topology.
type setting struct {
	what   string // values.global.meshID
	said   func(*install) value
	preset string     // the value where none is set
	absent *diag.Rule // the rule that reports that none is set
	// owned is its path in package owned, where that is not what.
	owned string
}

// comparedSettings are what matters to other clusters.
var comparedSettings = []setting{
	// The proxies of a remote get the mesh ID from their primary.
	{"values.global.meshID", func(i *install) value { return i.meshID }, "", noMeshID, "meshConfig.defaultConfig.meshId"},
	{"values.global.multiCluster.clusterName", func(i *install) value { return i.clusterName }, "Kubernetes", noClusterName, ""},
	{"values.global.network", func(i *install) value { return i.network }, "", noNetworkName, ""},
	{"values.global.proxy.clusterDomain", func(i *install) value { return i.clusterDomain }, "cluster.local", ofPrimary, ""},
	{"meshConfig.trustDomain", func(i *install) value { return i.trustDomain }, "cluster.local", noRule, ""},
	{"meshConfig.trustDomainAliases", (*install).aliasList, "", noRule, ""},
	{"values.global.externalIstiod", (*install).externalOfPrimary, "false", primaryNotExternal, ""},
	{"values.global.remotePilotAddress", func(i *install) value { return i.remotePilotAddress }, "", remoteWithoutAddress, ""},
	{"values.istiodRemote.injectionPath", func(i *install) value { return i.injectionPath }, "", vagueInjection, ""},
	{"revision", func(i *install) value { return i.revision }, "", noRule, "values.revision"},
}

// compareTopology compares the manifests with what the topology says, where it matters to other clusters.
func (m *mesh) compareTopology() {
	t := m.topology
	seen := map[string]bool{}
	for _, c := range m.clusters {
		want := m.wanted(c)
		if want == nil {
			m.found.Add(c.pos(), notInTopology, "the topology has no cluster %q", c.name)
			continue
		}
		seen[want.Name] = true
		m.compareInstall(t, want, c)
		m.compareNamespace(want, c)
		m.compareGateways(want, c)
		m.compareDescribed(t, want, c)
		m.compareTrust(want, c)
		m.compareReader(want, c)
		m.compareSecrets(t, want, c)
		m.compareHosts(t, c)
		m.compareObjects(t, want, c)
	}
	for _, c := range t.Clusters {
		if !m.part && !seen[c.Name] {
			m.found.Add(t.Pos("spec", "clusters", c.Name), withoutManifests, "there are no manifests of cluster %q", c.Name)
		}
	}
}

func (m *mesh) compareInstall(t *schema.Topology, want *schema.Cluster, c *cluster) {
	i := c.install()
	if i == nil {
		return
	}
	if m.hasOtherRole(c) {
		is, should := "a control plane of its own", "a remote of "+strconv.Quote(want.Primary)
		if i.remote() {
			is, should = "a remote", "a primary"
		}
		pos, absent := i.pos, noRule
		if i.profile.given() {
			pos, absent = i.profile.pos, nil
		}
		m.deviate(pos, absent, "the topology makes it "+should, "cluster %q is installed as %s", want.Name, is)
		return
	}
	for _, p := range want.ControlPlanes() {
		has := func(i *install) bool { return i.revision.text == p.Istio.Revision }
		if has(i) {
			want = p
		}
		if len(want.Istio.Listed.Revisions) > 1 && !slices.ContainsFunc(c.installs, has) && !c.unread {
			m.deviate(i.pos, noRule, "the topology lists it", "the revision %q of cluster %q is not installed", p.Istio.RevisionName(), want.Name)
		}
	}
	for _, s := range comparedSettings {
		said, wanted := s.said(i), owned.Text(t, want, cmp.Or(s.owned, s.what))
		switch {
		case wanted == "" || said.text == wanted:
		case i.misspelt.Have("spec." + s.what):
		case s.absent == ofPrimary && i.remote() && !said.given():
		case said.given():
			m.deviate(said.pos, nil, says(wanted), "%s is %q", s.what, said.text)
		case wanted != s.preset:
			m.deviate(i.pos, s.absent, says(wanted), "%s of cluster %q is not set", s.what, want.Name).Fix = fmt.Sprintf("add %s: %q", s.what, wanted)
		}
	}
	if i.namespace != want.Istio.Namespace {
		m.deviate(i.pos, noRule, says(want.Istio.Namespace), "cluster %q is installed in the namespace %q", want.Name, i.namespace)
	}
}

func (m *mesh) compareNamespace(want *schema.Cluster, c *cluster) {
	for _, ns := range c.namespaces {
		if ns.name != want.Istio.Namespace {
			continue
		}
		m.compareValue(ns.network, ns.pos, namespaceWithoutNetwork, "the label "+networkLabel, want.Network)
		m.compareValue(ns.controlPlanes, ns.pos, remoteUnclaimed, "the annotation "+controlPlanes, want.Primary)
	}
}

func (m *mesh) compareGateways(want *schema.Cluster, c *cluster) {
	for _, d := range c.deployments {
		if !d.eastWest() {
			continue
		}
		if label := d.labels[networkLabel]; label.given() {
			m.compareValue(label, d.pos, nil, "the label "+networkLabel+" of the gateway", want.Network)
		}
		if d.view.given() {
			m.compareValue(d.view, d.pos, nil, "the network view of the gateway", want.Network)
		}
	}
}
