package schema

import "slices"

// KubeconfigOptions is the variable by which istiod allows ways to log in that it refuses otherwise
// (pilot/pkg/features/pilot.go): names with commas between them.
const KubeconfigOptions = "PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS"

// KubeconfigOptions gives what istiod of a cluster has to be allowed for those that it reads.
func (t *Topology) KubeconfigOptions(c *Cluster) []string {
	var all []string
	if !c.RunsControlPlane() || !c.Secrets.WritesRemote() {
		return nil
	}
	for _, other := range t.Clusters {
		if other.HasKubeconfig() && slices.Contains(t.ReadBy(other), c) {
			all = append(all, other.Credential.InsecureOptions...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
