package rules

import (
	"fmt"
	"slices"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

var primaryRules = group{[]*diag.Rule{noClusters, UnknownPrimary, ownPrimary, remotePrimary, noPrimary}, mesh.checkPrimaries}

var noClusters = &diag.Rule{
	Code: "no-clusters", Severity: diag.Error, Fixed: true,
	Title: "a topology without clusters",
	Why:   "there is nothing to render; an empty tree would prune every cluster of the mesh",
	Fix:   "add an entry under clusters",
	Bad:   `clusters: {cluster-a: null, cluster-b: null}`,
	Good:  `clusters: {cluster-b: null}`,
}

var UnknownPrimary = &diag.Rule{
	Code: "unknown-primary", Severity: diag.Error, Fixed: true, Symptom: true,
	Title:  "a remote whose primary is not a cluster of the topology",
	Why:    "no control plane would serve or manage the cluster: its webhook has no istiod to call or no CA for it, pods get no istio-ca-root-cert, and start without a sidecar or not at all",
	Fix:    "name a cluster of clusters, or delete primary to make the cluster a primary",
	Source: "manifests/charts/istio-control/istio-discovery/templates/remote-istiod-service.yaml",
	Bad:    `clusters: {cluster-b: {primary: cluster-x}}`,
	Good:   `clusters: {cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}}, cluster-b: {primary: cluster-a}}`,
}

var ownPrimary = &diag.Rule{
	Code: "own-primary", Severity: diag.Error, Fixed: true, Symptom: true,
	Title:  "a cluster that names itself as its primary",
	Why:    "a primary is a cluster that names no other; a remote of itself would install no istiod and wait for one",
	Fix:    "delete primary",
	Source: "https://istio.io/latest/docs/ops/deployment/deployment-models/#control-plane-models",
	Bad:    `clusters: {cluster-b: {primary: cluster-b}}`,
	Good:   `clusters: {cluster-b: {primary: null}}`,
}

var remotePrimary = &diag.Rule{
	Code: "remote-primary", Severity: diag.Error, Fixed: true, Symptom: true,
	Title:  "a remote whose primary is a remote itself",
	Why:    "a remote runs no istiod, so nothing would answer at the address that this cluster's webhook and sidecars call",
	Fix:    "name the cluster that runs the control plane",
	Source: "manifests/helm-profiles/remote.yaml",
	Bad: `clusters:
  cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}}
  cluster-b: {primary: cluster-a}
  cluster-c: {network: network2, primary: cluster-b, state: joining}`,
	Good: `clusters:
  cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}}
  cluster-b: {primary: cluster-a}
  cluster-c: {network: network2, primary: cluster-a, state: joining}`,
}

var noPrimary = &diag.Rule{
	Code: "no-primary", Severity: diag.Error, Fixed: true, Symptom: true,
	Title:  "a mesh in which every cluster is a remote",
	Why:    "no cluster would run istiod: nothing injects sidecars, signs certificates or sends configuration",
	Fix:    "delete primary from the cluster that runs the control plane",
	Source: "https://istio.io/latest/docs/ops/deployment/deployment-models/#control-plane-models",
	Bad:    `clusters: {cluster-a: {primary: cluster-b}, cluster-b: {primary: cluster-a}}`,
	Good:   `clusters: {cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}}, cluster-b: {primary: cluster-a}}`,
}

// checkPrimaries reports remotes that no control plane runs.
func (t mesh) checkPrimaries(found *diag.List) {
	if len(t.Clusters) == 0 {
		if t.Given("spec", "clusters") && !t.Unsure("spec", "clusters") {
			found.Add(t.Pos("spec", "clusters"), noClusters, "the topology has no clusters")
		}
		return
	}
	hasPrimary := slices.ContainsFunc(t.Clusters, (*schema.Cluster).RunsControlPlane)
	if !hasPrimary {
		t.reportNoPrimary(found)
	}
	for _, c := range t.Clusters {
		if c.ServedByPrimary() && !t.Unsure(schema.ClusterPath(c, "primary")...) {
			t.checkPrimary(c, hasPrimary, found)
		}
	}
}

func (t mesh) reportNoPrimary(found *diag.List) {
	d := found.Add(t.Pos("spec", "clusters"), noPrimary, "no cluster runs a control plane: each names a primary")
	for _, c := range t.Clusters {
		d.Relate(t.Pos(schema.ClusterPath(c, "primary")...), fmt.Sprintf("cluster %q is a remote", c.Name))
	}
}

// checkPrimary checks what one remote calls its primary. That the primary is a remote is not reported in a mesh that
// has only remotes: another rule says so.
func (t mesh) checkPrimary(c *schema.Cluster, hasPrimary bool, found *diag.List) {
	pos := t.Pos(schema.ClusterPath(c, "primary")...)
	p := t.Cluster(c.Primary)
	switch {
	case c.Primary == c.Name:
		found.Add(pos, ownPrimary, "cluster %q names itself as its primary", c.Name)
	case p == nil && !t.Given("spec", "clusters", c.Primary):
		d := found.Add(pos, UnknownPrimary, "cluster %q has the primary %q, which is not a cluster", c.Name, c.Primary)
		others := slices.DeleteFunc(schema.Names(t.Clusters), func(name string) bool { return name == c.Name })
		if near := diag.Nearest(c.Primary, others); near != "" {
			d.Fix = fmt.Sprintf("use %q, or add %q under clusters", near, c.Primary)
		}
	case p != nil && !p.RunsControlPlane() && hasPrimary:
		d := found.Add(pos, remotePrimary, "cluster %q has the primary %q, which is a remote of %q", c.Name, p.Name, p.Primary)
		d.Relate(t.Pos(schema.ClusterPath(p, "primary")...), fmt.Sprintf("cluster %q is a remote", p.Name))
		if t.PrimaryOf(p) != nil {
			d.Fix = fmt.Sprintf("use %q, or delete primary from cluster %q", p.Primary, p.Name)
		}
	}
}
