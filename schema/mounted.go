package schema

// How istiod is told to read kubeconfigs from a volume, from Istio 1.30 on
// (pkg/kube/multicluster/kubeconfig_files.go).
const (
	KubeconfigPath      = "PILOT_MULTICLUSTER_KUBECONFIG_PATH" // its variable for the directory
	KubeconfigDirectory = "/etc/istio/remote-kubeconfigs"
	KubeconfigVolume    = "istio-remote-kubeconfigs"
	MountedSince        = 30 // the minor version
)

// RemoteAnnotation is that of a rendered control plane whose remote Secrets are not in its directory.
const RemoteAnnotation = "meshtopo.dev/remote-secrets"

// What the names of Secrets with kubeconfigs begin with: of those with the label of remote Secrets, as istioctl names
// them, and of those that are mounted. Both may be there until istiod has restarted.
const (
	LabelledName = "istio-remote-secret-"
	MountedName  = "istio-remote-kubeconfig-"
)

// MountedLabel is that of Secrets which are mounted.
const MountedLabel = "meshtopo.dev/kubeconfig"

// RemoteName names the Secret from which istiod of a directory with these settings reads a cluster.
func (s Secrets) RemoteName(cluster string) string {
	if s.Remote == MountedSecrets {
		return MountedName + cluster
	}
	return LabelledName + cluster
}

// RemoteKey is the key of the kubeconfig in it: the name of the cluster, or that of a file.
func (s Secrets) RemoteKey(cluster string) string {
	if s.Remote == MountedSecrets {
		return cluster + ".yaml"
	}
	return cluster
}

// Mounted gives the clusters whose kubeconfigs istiod of c reads from its volume, now or once they have joined: the
// volume is the same before and after, so istiod need not restart then.
func (t *Topology) Mounted(c *Cluster) []*Cluster {
	if c.Secrets.Remote != MountedSecrets || !c.RunsControlPlane() {
		return nil
	}
	var all []*Cluster
	for _, other := range t.Clusters {
		if other.Name != c.Name {
			all = append(all, other)
		}
	}
	return all
}
