package render

import (
	"slices"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/schema"
)

// readerObjects is what the templates of the reader account hold.
type readerObjects struct {
	object
	ServiceAccount string
	ClusterRole    string
	TokenSecret    string
}

// remoteReader is the account with which other control planes read this cluster. No installer owns its name and it
// needs nothing of Istio, so its token can be fetched before Istio is installed anywhere.
func (d *directory) remoteReader() {
	readers := d.readers(d.c)
	if len(readers) == 0 {
		return
	}
	data := readerObjects{
		object:         d.object(),
		ServiceAccount: d.c.Istio.Reader.ServiceAccount,
		ClusterRole:    readerRoleName(d.c),
		TokenSecret:    tokenSecret(d.c),
	}
	d.add(layout.Prepare+"/remote-reader.yaml",
		d.text("remote-reader-service-account.yaml", data),
		d.text(readerRole(d.c, readers), data),
		d.text("remote-reader-cluster-role-binding.yaml", data),
		d.text("remote-reader-token.yaml", data))
}

// tokenSecret names the Secret of a reader's token as istioctl would (istioctl/pkg/multicluster/remote_secret.go).
func tokenSecret(c *schema.Cluster) string {
	return c.Istio.Reader.ServiceAccount + "-istio-remote-secret-token"
}

// readsConfigMaps reports whether istiod of a version reads ConfigMaps of other clusters: all of them in 1.26, whose
// sync waits for that (pilot/pkg/credentials/kube/secrets.go), and the mesh config with its trust domain from 1.29 on.
func readsConfigMaps(v schema.Version) bool { return v.Minor() == 26 || v.Minor() >= 29 }

// readerRole chooses the least that istiod gets along with. The control plane of a remote also writes there: root
// certificates, its leader's lock and the webhook's caBundle. Others only read, and their versions set what.
func readerRole(c *schema.Cluster, readers []*schema.Cluster) string {
	if c.ServedByPrimary() {
		return "remote-reader-cluster-role-remote.yaml"
	}
	if slices.ContainsFunc(readers, func(r *schema.Cluster) bool { return readsConfigMaps(r.Istio.Version) }) {
		return "remote-reader-cluster-role-configmaps.yaml"
	}
	return "remote-reader-cluster-role.yaml"
}

// readerRoleName names the reader's ClusterRole and its binding.
func readerRoleName(c *schema.Cluster) string { return "istio-remote-reader-" + c.Istio.Namespace }
