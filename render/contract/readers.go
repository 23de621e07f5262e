package contract

import (
	"slices"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// Served gives those of some control planes whose kubeconfigs somebody else makes.
func Served(readers []*schema.Cluster) []*schema.Cluster {
	return slices.DeleteFunc(slices.Clone(readers), func(c *schema.Cluster) bool { return c.Secrets.WritesRemote() || !c.RunsControlPlane() })
}

// Names gives the names of clusters, as code in Markdown.
func Names(clusters []*schema.Cluster) string {
	var all []string
	for _, c := range clusters {
		all = append(all, "`"+c.Name+"`")
	}
	return diag.Few(all)
}
