package lint

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/manifest"
)

// An external control plane runs in one cluster and serves others. It reads its configuration from one of them, the config cluster,
// and goes by that cluster's name; where it runs is no part of the mesh
// (https://istio.io/latest/docs/setup/install/external-controlplane/).

// readsElsewhere reports whether an installation is set up to take its configuration from another cluster than its own.
func readsElsewhere(o *manifest.Object) bool {
	return chartValue(o, "global", "operatorManageWebhooks").text == "true" ||
		istiodVariable(o, "LOCAL_CLUSTER_SECRET_WATCHER").text == "true" || istiodVariable(o, "SHARED_MESH_CONFIG").text != ""
}

// external reports whether an installation of the cluster is an external control plane: by its settings, or by the kubeconfig
// through which it reads the config cluster.
func (c *cluster) external(i *install) bool {
	return !i.remote() && (i.readsElsewhere || slices.ContainsFunc(c.kubeconfigs, func(r *remoteSecret) bool { return r.namespace == i.namespace }))
}

// hosts reports whether the cluster has no control plane but an external one, and those for its gateways: it is no part of the mesh.
func (c *cluster) hosts() bool {
	i := c.install()
	return i != nil && c.external(i)
}

// configures reports whether the cluster is the config cluster of another's external control plane.
func (c *cluster) configures(host *cluster) bool {
	return host.hosts() && c != host && c.clusterName() == host.clusterName()
}

// needsNoClaim reports whether an external control plane goes by the name of a remote, and so manages it without being told. The
// setting alone does not say so: Istio's documentation gives it to all remotes that Helm installs.
func (m *mesh) needsNoClaim(r *cluster) bool {
	i := r.install()
	if i == nil {
		return false
	}
	elsewhere := !slices.ContainsFunc(m.members(), (*cluster).primary)
	return i.remote() && i.configCluster.text == "true" && (elsewhere || slices.ContainsFunc(m.clusters, r.configures))
}

// members gives the clusters that are part of the mesh.
func (m *mesh) members() []*cluster {
	if m.inMesh == nil {
		m.inMesh = slices.DeleteFunc(slices.Clone(m.clusters), (*cluster).hosts)
	}
	return m.inMesh
}

// controlPlane gives the cluster in which the istiod of that name runs, or else the cluster of that name, or nil.
func (m *mesh) controlPlane(name string) *cluster {
	for _, p := range m.primaries() {
		if name != "" && p.clusterName() == name {
			return p
		}
	}
	return m.called(name)
}
