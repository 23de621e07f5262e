package rules

import (
	"fmt"
	"slices"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

var readerRules = group{[]*diag.Rule{missingAPIServer, missingCredential}, mesh.checkReaders}

var missingAPIServer = &diag.Rule{
	Code: "missing-api-server", Severity: diag.Error, Fixed: true, Symptom: true,
	Title:  "a cluster without apiServer that other control planes must read",
	Why:    "a control plane that cannot read a cluster does not know its endpoints: calls stay in the other clusters, or find no healthy upstream",
	Fix:    "add apiServer with url and ca",
	Source: "https://istio.io/latest/docs/setup/install/multicluster/before-you-begin/#api-server-access",
	Bad:    `clusters: {cluster-b: {apiServer: null}}`,
	Good:   `clusters: {cluster-b: {apiServer: {url: "https://198.51.100.1:6443", ca: certs/cluster-b/api.pem}}}`,
}

var missingCredential = &diag.Rule{
	Code: "missing-credential", Severity: diag.Error, Fixed: true, Symptom: true,
	Title:  "an active cluster without credential that other control planes must read",
	Why:    "no remote Secret can be written for the cluster, so the other control planes never see its endpoints",
	Fix:    "fetch the reader's token and say where it is in credential.token, or write state: joining until it is known",
	Source: "istioctl/pkg/multicluster/remote_secret.go",
	Bad:    `clusters: {cluster-b: {credential: null}}`,
	Good:   `clusters: {cluster-b: {credential: null, state: joining}}`,
}

// checkReaders reports clusters that other control planes need to read and cannot. A cluster that nobody reads may have
// a credential: the next control plane that joins needs it.
func (t mesh) checkReaders(found *diag.List) {
	primaries := t.primaries()
	writers, holders := schema.Writing(primaries), schema.HoldingTokens(primaries)
	for _, c := range t.Clusters {
		if t.Unsure(schema.ClusterPath(c, "state")...) || t.Unsure(schema.ClusterPath(c, "primary")...) || c.State == schema.Joining {
			continue
		}
		if i := slices.IndexFunc(writers, func(p *schema.Cluster) bool { return p != c }); i >= 0 {
			t.checkReadable(c, writers[i], holders, found)
		}
	}
}

// checkReadable checks that a cluster can be read, and that its token is known where holders write it into their tree.
func (t mesh) checkReadable(c, reader *schema.Cluster, holders []*schema.Cluster, found *diag.List) {
	api, credential := schema.ClusterPath(c, "apiServer"), schema.ClusterPath(c, "credential")
	if c.APIServer == nil && !c.HasKubeconfig() && !t.Given(api...) && !t.Unsure(api...) {
		d := found.Add(t.Pos(api...), missingAPIServer, "cluster %q has no apiServer, but the control plane of %q reads it", c.Name, reader.Name)
		d.Fix = fmt.Sprintf("add apiServer: {url: https://HOST:6443, ca: certs/%s/api.pem}", c.Name)
	}
	if i := slices.IndexFunc(holders, func(p *schema.Cluster) bool { return p != c }); i >= 0 && c.Credential == nil && !t.credentialKept(c) {
		d := found.Add(t.Pos(credential...), missingCredential, "cluster %q is active and has no credential, but the control plane of %q reads it", c.Name, holders[i].Name)
		d.Fix = fmt.Sprintf("add credential: {token: {file: tokens/%s}}, or state: joining until the token is known", c.Name)
	}
}

// credentialKept reports whether a cluster that has no credential may have been meant to have one.
func (t mesh) credentialKept(c *schema.Cluster) bool {
	path := schema.ClusterPath(c, "credential")
	return t.Unsure(path...) || t.HoldsBroken(path...) || t.Given(path...) && !t.Given(append(path, "rotating")...)
}
