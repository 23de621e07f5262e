package lint

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/placeholder"
)

// compareSecrets compares the remote Secrets of a control plane with the clusters that it should read. Where its
// manifests have no remote Secret, they are installed in some other way.
func (m *mesh) compareSecrets(t *schema.Topology, want *schema.Cluster, c *cluster) {
	if len(c.remoteSecrets) == 0 {
		return
	}
	have := map[string]bool{}
	for _, r := range c.remoteSecrets {
		other := t.Cluster(r.cluster.text)
		have[r.cluster.text] = true
		switch {
		case !want.RunsControlPlane():
			m.deviate(r.cluster.pos, nil, "the topology makes it a remote: no control plane there would read it", "cluster %q has a remote Secret", want.Name)
		case other == nil:
			m.deviate(r.cluster.pos, nil, "the topology has no cluster of that name", "the remote Secret is for a cluster %q", r.cluster.text)
		case other.ServerKnown():
			m.compareServer(other, r)
			if m.topology.Public.OtherToken(other.Name, r.token.text) {
				m.deviate(r.token.pos, nil, "the topology names another", "the token for cluster %q is not the one that belongs to it", other.Name)
			}
		}
	}
	var missing []string
	for _, other := range t.Clusters {
		if want.RunsControlPlane() && want.Secrets.WritesRemote() && !c.otherRemotes && other != want && other.State == schema.Active && !have[other.Name] && m.called(other.Name) == nil {
			missing = append(missing, other.Name)
		}
	}
	if len(missing) > 0 {
		m.found.Add(c.pos(), missingRemoteSecret, "cluster %q has no remote Secret for %s", c.name, diag.Few(diag.QuoteAll(missing)))
	}
}

// compareServer compares how a remote Secret reaches a cluster with what the topology says. All of it is about one
// server: the first difference says enough.
func (m *mesh) compareServer(other *schema.Cluster, r *remoteSecret) {
	want, bare := other.APIServer, func(url string) string { return strings.TrimRight(url, "/") }
	switch {
	case !r.server.given():
	case bare(r.server.text) != bare(want.URL):
		m.deviate(r.server.pos, nil, says(want.URL), "the server of cluster %q is another", other.Name)
	case m.topology.Public.OtherCA(other.Name, r.roots):
		m.deviate(r.caPos, nil, says(other.CAPlace()), "the CA for the API server of cluster %q is another", other.Name)
	case r.serverName.text != want.TLSServerName:
		m.deviate(first(r.serverName, r.server).pos, nil, says(want.TLSServerName), "the tls-server-name of cluster %q is another", other.Name)
	case bare(r.proxy.text) == bare(want.ProxyURL) || placeholder.In(r.proxy.text):
	case r.proxy.given():
		m.deviate(r.proxy.pos, nil, says(want.ProxyURL), "the proxy before the API server of cluster %q is another", other.Name)
	default:
		m.deviate(r.server.pos, noRule, says(want.ProxyURL), "the kubeconfig of cluster %q has no proxy-url", other.Name)
	}
}

// compareReader compares the account by which other clusters read this one, and the Secret with its token. One of
// Istio's own chart may be beside it.
func (m *mesh) compareReader(want *schema.Cluster, c *cluster) {
	reader := want.Istio.Reader
	if a := c.renderedAccount(); a != nil && c.rights.Account(reader.ServiceAccount, want.Istio.Namespace) == nil {
		m.deviate(a.Pos, nil, says(want.Istio.Namespace+"/"+reader.ServiceAccount), "the account by which other clusters read %q is %s/%s", want.Name, a.Namespace, a.Name)
		return // the names of the others follow from it
	}
	for _, s := range c.tokenSecrets {
		if !s.rendered || s.account.text == schema.TokenReader {
			continue
		}
		if s.account.text != reader.ServiceAccount && s.account.given() {
			m.deviate(s.account.pos, nil, says(reader.ServiceAccount), "the token is that of ServiceAccount %q", s.account.text)
		}
		if !slices.Contains(want.TokenSecrets(), s.name.text) {
			m.deviate(s.name.pos, nil, says(reader.Secret()), "the Secret with the token is %q", s.name.text)
		}
	}
}

// compareHosts compares the hosts that the rendered Gateway exposes to other networks.
func (m *mesh) compareHosts(t *schema.Topology, c *cluster) {
	for _, g := range c.gateways {
		for _, s := range g.servers {
			if !g.rendered || !s.autoPassthrough() || len(s.hosts) == 0 {
				continue
			}
			var texts []string
			at := s.hosts[0].pos
			for _, h := range slices.Backward(s.hosts) {
				if texts = append(texts, h.text); !slices.Contains(t.Mesh.ExposedHosts, h.text) {
					at = h.pos
				}
			}
			slices.Reverse(texts)
			if !slices.Equal(slices.Sorted(slices.Values(texts)), slices.Sorted(slices.Values(t.Mesh.ExposedHosts))) {
				m.deviate(at, nil, says(strings.Join(t.Mesh.ExposedHosts, ", ")), "Gateway %s exposes %s", g.name, strings.Join(texts, ", "))
			}
		}
	}
}
