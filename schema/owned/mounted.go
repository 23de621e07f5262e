package owned

import "meshtopo.dev/meshtopo/schema"

// wantKubeconfigPath is where istiod finds mounted kubeconfigs.
func wantKubeconfigPath(t *schema.Topology, c *schema.Cluster) any {
	if len(t.Mounted(c)) == 0 {
		return nil
	}
	return schema.KubeconfigDirectory
}

// wantNoVolume refuses a second volume like the one with the kubeconfigs.
func wantNoVolume(t *schema.Topology, c *schema.Cluster) any {
	if len(t.Mounted(c)) == 0 {
		return nil
	}
	return mustNotBeSet("that is the volume with the kubeconfigs of other clusters (secrets.remote)")
}
