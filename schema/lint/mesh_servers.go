package lint

import (
	"crypto/sha256"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/material"
)

var serverTwice = &diag.Rule{
	Code: "server-of-two-clusters", Severity: diag.Error, Symptom: true,
	Title:  "one API server under the names of two clusters",
	Why:    "istiod asks the wrong API server, which refuses the token: the cluster's endpoints never appear, or, if the token is that server's as well, the other one's appear twice",
	Fix:    "write each cluster's own server into its kubeconfig",
	Source: "pkg/kube/multicluster/secretcontroller.go",
}

var serverGroup = group{rules: []*diag.Rule{serverTwice}}

// claim is a kubeconfig, and the cluster whose manifests have it.
type claim struct {
	*remoteSecret
	reader *cluster
}

// checkServers reports the same server in the kubeconfigs of two clusters, if one control plane reads both, or both
// have one CA.
func (m *mesh) checkServers() {
	address := func(r *remoteSecret) string {
		if r.server.text == "" {
			return ""
		}
		return strings.ToLower(strings.TrimRight(r.server.text, "/") + " " + strings.TrimRight(r.proxy.text, "/"))
	}
	m.checkShared(serverTwice, "server", address, (*remoteSecret).serverOf, func(a, b claim) bool {
		return a.ca == b.ca || slices.Contains(a.reader.remoteSecrets, b.remoteSecret) && a.serverName.text == b.serverName.text
	})
}

// checkTokens reports the same token in the kubeconfigs of two clusters with different CAs: only one of them accepts
// it. That of a ServiceAccount is certainly good in one cluster only.
func (m *mesh) checkTokens() {
	token := func(r *remoteSecret) string { return r.token.text }
	for _, d := range m.checkShared(material.SharedToken, "token", token, (*remoteSecret).tokenOf, func(a, b claim) bool { return a.ca != b.ca }) {
		if d.secret.ofAccount {
			d.Severity = diag.Error
		}
	}
}

// sharing is a finding about a kubeconfig.
type sharing struct {
	*diag.Diagnostic
	secret *remoteSecret
}

// checkShared reports what the kubeconfigs of two clusters have in common and should not, as wrong decides, once for
// each that is wrong.
func (m *mesh) checkShared(rule *diag.Rule, what string, key func(*remoteSecret) string, of func(*remoteSecret) value, wrong func(a, b claim) bool) (all []sharing) {
	owners, reported := map[string]claim{}, map[*remoteSecret]bool{}
	for _, c := range m.clusters {
		for _, r := range c.remoteSecrets {
			if key(r) == "" || r.misnamed() {
				continue
			}
			bad := claim{r, c}
			good, taken := owners[key(r)]
			if !taken {
				owners[key(r)] = bad
			}
			if !taken || good.cluster.text == r.cluster.text || !wrong(bad, good) {
				continue
			}
			if m.doubts(good, bad, of) {
				bad, good = good, bad
				owners[key(r)] = good
			}
			if reported[bad.remoteSecret] {
				continue
			}
			reported[bad.remoteSecret] = true
			d := m.found.Add(of(bad.remoteSecret).pos, rule, "the %s of cluster %q is that of cluster %q as well", what, bad.cluster.text, good.cluster.text)
			d.Relate(of(good.remoteSecret).pos, "the "+what+" of "+good.cluster.text)
			all = append(all, sharing{d, bad.remoteSecret})
		}
	}
	return all
}

// doubts reports whether the first of two kubeconfigs with the same server or token is the wrong one, rather than the
// second: another control plane has something else for its cluster, it leads to the cluster that it is in, or the
// server is called as the other cluster is. What the topology says counts most.
func (m *mesh) doubts(a, b claim, of func(*remoteSecret) value) bool {
	home := func(a, b claim) bool { return a.reader.clusterName() == b.cluster.text }
	called := func(r claim) bool {
		return strings.Contains(strings.ToLower(r.server.text), strings.ToLower(r.cluster.text))
	}
	for _, evidence := range [][2]bool{
		{m.denies(a.remoteSecret), m.denies(b.remoteSecret)}, {m.hasOther(a.remoteSecret, of), m.hasOther(b.remoteSecret, of)}, {home(a, b), home(b, a)}, {!called(a), !called(b)},
	} {
		if evidence[0] != evidence[1] {
			return evidence[0]
		}
	}
	return false
}

// denies reports whether the topology has another server or token for the cluster of a remote Secret.
func (m *mesh) denies(r *remoteSecret) bool {
	if m.topology == nil {
		return false
	}
	c := m.topology.Cluster(r.cluster.text)
	return c != nil && (m.topology.Public.OtherToken(c.Name, r.token.text) || c.ServerKnown() && !sameURL(r.server.text, c.APIServer.URL))
}

// sameURL compares the URLs of API servers.
func sameURL(a, b string) bool { return strings.TrimRight(a, "/") == strings.TrimRight(b, "/") }

// hasOther reports whether another cluster's remote Secret has something else for the same cluster.
func (m *mesh) hasOther(r *remoteSecret, of func(*remoteSecret) value) bool {
	return slices.ContainsFunc(m.clusters, func(c *cluster) bool {
		return slices.ContainsFunc(c.remoteSecrets, func(o *remoteSecret) bool {
			return o.cluster.text == r.cluster.text && of(o).given() && of(o).text != of(r).text
		})
	})
}

// checkAuthorities reports a kubeconfig with the CA of another cluster, where that of another control plane has a CA of
// its own for the same server. Clusters may share a CA, so one kubeconfig alone does not tell.
func (m *mesh) checkAuthorities() {
	type authority = [sha256.Size]byte
	none := sha256.Sum256(nil)
	users := map[authority][]*remoteSecret{} // one for each cluster
	servers := map[string][]*remoteSecret{}  // one for each CA
	m.eachSecret(func(r *remoteSecret) {
		if r.ca == none || r.server.text == "" || r.misnamed() {
			return
		}
		if !slices.ContainsFunc(users[r.ca], func(o *remoteSecret) bool { return o.cluster.text == r.cluster.text }) {
			users[r.ca] = append(users[r.ca], r)
		}
		key := r.cluster.text + " " + r.server.text
		if !slices.ContainsFunc(servers[key], func(o *remoteSecret) bool { return o.ca == r.ca }) {
			servers[key] = append(servers[key], r)
		}
	})
	foreign := func(r *remoteSecret) *remoteSecret {
		for _, o := range users[r.ca] {
			if o.cluster.text != r.cluster.text && o.server.text != r.server.text {
				return o
			}
		}
		return nil
	}
	m.eachSecret(func(r *remoteSecret) {
		other := foreign(r)
		if other == nil || r.ca == none || r.misnamed() {
			return
		}
		i := slices.IndexFunc(servers[r.cluster.text+" "+r.server.text], func(o *remoteSecret) bool { return o.ca != r.ca && foreign(o) == nil })
		if i < 0 {
			return
		}
		d := m.found.Add(r.caPos, material.ForeignCA, "the CA of the server of cluster %q is that of cluster %q", r.cluster.text, other.cluster.text)
		d.Relate(servers[r.cluster.text+" "+r.server.text][i].caPos, "the CA that another control plane has for it")
	})
}

func (m *mesh) eachSecret(visit func(*remoteSecret)) {
	for _, c := range m.clusters {
		for _, r := range c.remoteSecrets {
			visit(r)
		}
	}
}
