package lint

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/kubeconfig"
	"meshtopo.dev/meshtopo/schema/placeholder"
	"meshtopo.dev/meshtopo/schema/rules"
)

var (
	missingRemoteSecret = &diag.Rule{
		Code: "missing-remote-secret", Severity: diag.Error, Symptom: true,
		Title:  "a control plane without a remote Secret for another cluster",
		Why:    "istiod does not see that cluster's Pods: calls go one way, or to local endpoints only",
		Fix:    "install a remote Secret for that cluster here: istioctl create-remote-secret, or meshtopo render",
		Source: "https://istio.io/latest/docs/setup/install/multicluster/before-you-begin/",
	}
	unknownRemoteCluster = &diag.Rule{
		Code: "unknown-remote-cluster", Severity: diag.Error, Symptom: true,
		Title:  "a remote Secret for a cluster that has another name",
		Why:    `istiod knows the cluster by the Secret's key, its sidecars by the cluster's own name: those of a remote get "client claims to be in cluster" and no certificates, and endpoints of any cluster count as another one's`,
		Fix:    "use the cluster's values.global.multiCluster.clusterName as the key, and as the names in the kubeconfig",
		Source: "security/pkg/server/ca/authenticate/kubeauth/kube_jwt.go",
	}
)

var meshSecretGroup = group{rules: []*diag.Rule{missingRemoteSecret, unknownRemoteCluster}}

// checkOwnSecrets reports remote Secrets for the cluster that they are in.
func (m *mesh) checkOwnSecrets() {
	for _, c := range m.primaries() {
		for _, r := range c.remoteSecrets {
			if own := c.clusterName(); own != "" && r.cluster.text == own {
				other := m.called(r.calls.text)
				lost := other != nil && other != c && !c.reads(other)
				r.reported = true
				d := m.found.Add(r.cluster.pos, remoteSecretOwn, "%s is for the cluster %q, in which it is", r.place.what, own)
				if lost {
					d.Append(", and its kubeconfig for %q", other.name)
					d.Severity = diag.Error
					d.Fix = "name the key " + other.clusterName()
				}
			}
		}
	}
}

// checkKubeconfigNames reports kubeconfigs whose name for the cluster differs from the key, unless another finding says
// that the key is wrong.
func (m *mesh) checkKubeconfigNames() {
	for _, c := range m.clusters {
		for _, r := range c.remoteSecrets {
			if r.misnamed() && !r.reported {
				m.found.Add(r.calls.pos, kubeconfig.Name, "the name of the cluster in the kubeconfig in %s differs from the key%s", r.place.what, r.where)
			}
		}
	}
}

// checkCapitals turns the warning about a key with capital letters into an error where the cluster has another name.
// Where it has that name, the key is the right one.
func (m *mesh) checkCapitals() {
	for _, c := range m.clusters {
		for _, r := range c.remoteSecrets {
			if r.capital == nil {
				continue
			}
			if m.called(r.cluster.text) != nil {
				r.reported = false
				continue
			}
			for _, name := range m.othersOf(c) {
				if name == r.calls.text || strings.EqualFold(name, r.cluster.text) {
					r.capital.Severity = diag.Error
					r.capital.Reword("%s is for a cluster %q, but the cluster is called %q", r.place.what, r.cluster.text, name)
					r.capital.Fix = "write " + name
				}
			}
		}
	}
}

// checkRemoteSecrets compares the remote Secrets with the clusters. Where no manifests have a remote Secret, or an
// attempt at one, they are installed in some other way.
func (m *mesh) checkRemoteSecrets() {
	if !slices.ContainsFunc(m.clusters, func(c *cluster) bool { return len(c.remoteSecrets) > 0 || c.joinsWrongly || m.expectsAny(c) }) {
		return
	}
	m.checkCapitals()
	expected := slices.DeleteFunc(slices.Clone(m.members()), func(c *cluster) bool { return c.install() == nil || m.joins(c) })
	for _, p := range m.primaries() {
		if p.otherRemotes {
			continue
		}
		missing := m.unreadBy(p, expected)
		unknown := m.unknownSecrets(p)
		// One may be for a cluster without a name, which has a finding of its own.
		for range slices.Clone(unknown) {
			if i := slices.IndexFunc(missing, func(c *cluster) bool { return c.clusterName() == "" }); i >= 0 {
				unknown, missing = unknown[1:], slices.Delete(missing, i, i+1)
			}
		}
		wrong := min(len(unknown), len(missing)) // the others may be for clusters without manifests
		for _, r := range unknown[:wrong] {
			r.reported = true
			d := m.found.Add(r.cluster.pos, unknownRemoteCluster, "the remote Secret is for a cluster %q, but the other clusters are called %s", r.cluster.text, strings.Join(diag.QuoteAll(m.othersOf(p)), ", "))
			if near := diag.Nearest(r.cluster.text, m.othersOf(p)); near != "" {
				d.Fix = "did you mean " + near + "?"
			}
		}
		if m.hasOtherRole(p) {
			continue
		}
		m.reportMissing(p, missing[wrong:])
	}
}

// reportMissing reports all clusters that a control plane should read and does not: in a large mesh they may be many.
func (m *mesh) reportMissing(p *cluster, missing []*cluster) {
	var names, oneWay []string
	for _, other := range missing {
		names = append(names, other.name)
		if other.primary() && other.reads(p) {
			oneWay = append(oneWay, other.name)
		}
	}
	if len(names) == 0 {
		return
	}
	d := m.found.Add(p.install().pos, missingRemoteSecret, "cluster %q has no remote Secret for %s", p.name, diag.Few(diag.QuoteAll(names)))
	switch {
	case len(oneWay) > 0 && len(names) == 1:
		d.Append(", which has one for it: traffic would go one way")
	case len(oneWay) == 1:
		d.Append("; %q has one for it: traffic would go one way", oneWay[0])
	case len(oneWay) > 1:
		d.Append("; %s have one for it: traffic would go one way", diag.Few(diag.QuoteAll(oneWay)))
	}
}

// unreadBy gives those of some clusters that a control plane should read and cannot. An external one reads its config
// cluster through another Secret, and may find the remote Secrets for others there.
func (m *mesh) unreadBy(p *cluster, expected []*cluster) []*cluster {
	if p.unread {
		return nil
	}
	configs := slices.DeleteFunc(slices.Clone(m.clusters), func(c *cluster) bool { return !c.configures(p) })
	readers := append(slices.Clone(configs), p)
	return slices.DeleteFunc(slices.Clone(expected), func(other *cluster) bool {
		return other == p || slices.Contains(configs, other) || slices.ContainsFunc(readers, func(c *cluster) bool { return c.reads(other) })
	})
}

// joins reports whether a cluster is joining a mesh that meshtopo rendered: before its token is there, no cluster has a
// remote Secret for it. If a kustomization names the file of the Secret, it has to be there.
func (m *mesh) joins(c *cluster) bool {
	if m.topology != nil {
		t := m.topology.Cluster(c.clusterName())
		return t != nil && t.State == schema.Joining
	}
	return c.install().rendered && !slices.ContainsFunc(m.clusters, func(p *cluster) bool { return p.reads(c) || p.expects(c) })
}

func (m *mesh) expectsAny(c *cluster) bool { return slices.ContainsFunc(m.clusters, c.expects) }

// unknownSecrets gives the remote Secrets of a cluster that are for clusters which do not exist.
func (m *mesh) unknownSecrets(c *cluster) []*remoteSecret {
	if slices.ContainsFunc(m.names(), placeholder.In) {
		return nil
	}
	var unknown []*remoteSecret
	for _, r := range c.remoteSecrets {
		if m.called(r.cluster.text) == nil && !slices.ContainsFunc(m.clusters, func(o *cluster) bool { return o.clusterName() == "" && o.name == r.cluster.text }) {
			unknown = append(unknown, r)
		}
	}
	return unknown
}

func (m *mesh) othersOf(c *cluster) []string {
	return slices.DeleteFunc(m.names(), func(name string) bool { return name == c.clusterName() })
}

// checkPrivateServers reports API servers at private addresses that a control plane on another network reads. The
// address is a value of a Secret, so messages do not show it.
func (m *mesh) checkPrivateServers() {
	for _, p := range m.primaries() {
		for _, r := range p.remoteSecrets {
			other := m.called(r.cluster.text)
			if other == nil || r.proxy.given() || !rules.IsPrivateAPIURL(r.server.text) {
				continue
			}
			mine, its := p.network(), other.network()
			if mine.text == "" || its.text == "" || mine.text == its.text {
				continue
			}
			d := m.found.Add(r.server.pos, rules.APIURLPrivate, "the server of cluster %q is at a private address, but cluster %q, which reads it, is on network %q",
				r.cluster.text, p.name, mine.text)
			d.Relate(its.pos, "cluster "+other.name+" is on another network")
		}
	}
}
