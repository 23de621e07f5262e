// Package mounted gives the volume from which istiod reads the kubeconfigs of other clusters.
package mounted

import (
	"bytes"

	"meshtopo.dev/meshtopo/schema"
)

// Values gives the values of istiod's chart with the volume before those of the user. Secrets that are not there yet do
// not keep istiod from starting.
func Values(values map[string]any, c *schema.Cluster, read []*schema.Cluster) map[string]any {
	if len(read) == 0 {
		return values
	}
	var sources []any
	for _, of := range read {
		sources = append(sources, map[string]any{"secret": map[string]any{"name": c.Secrets.RemoteName(of.Name), "optional": true}})
	}
	pilot, _ := values["pilot"].(map[string]any)
	before := func(field string, ours map[string]any) []any {
		users, _ := pilot[field].([]any)
		return append([]any{ours}, users...)
	}
	return schema.Merge(values, map[string]any{"pilot": map[string]any{
		"env":          map[string]any{schema.KubeconfigPath: schema.KubeconfigDirectory},
		"volumes":      before("volumes", map[string]any{"name": schema.KubeconfigVolume, "projected": map[string]any{"sources": sources}}),
		"volumeMounts": before("volumeMounts", map[string]any{"name": schema.KubeconfigVolume, "mountPath": schema.KubeconfigDirectory, "readOnly": true}),
	}})
}

// WithoutNames takes what names the Secrets of the volume out of a text, as it was rendered: they are not in it.
func WithoutNames(text []byte) []byte {
	return bytes.ReplaceAll(text, []byte("- secret:\n              name: "+schema.MountedName), nil)
}

// Restart says in the README of a cluster when its istiod restarts.
func Restart(c *schema.Cluster) string {
	if c.Secrets.Remote != schema.MountedSecrets {
		return ""
	}
	return "\n\nistiod takes the kubeconfigs as files of a volume, which the next section gives it. A cluster that is new in the\n" +
		"topology changes the volume, and so restarts istiod; what changes in a Secret reaches it within two minutes."
}

// Label selects the Secrets of one way to give istiod kubeconfigs.
type Label struct {
	Selector string
	mounted  bool
}

// For reports whether a cluster with these settings has such Secrets.
func (l Label) For(s schema.Secrets) bool { return l.mounted == (s.Remote == schema.MountedSecrets) }

// Labels gives those of all ways that a topology knows: whoever changes from one to the other has Secrets of the
// former.
func Labels(t *schema.Topology) []Label {
	all := []Label{{"istio/multiCluster=true", false}}
	for _, c := range t.Clusters {
		if c.Secrets.Remote != schema.LabelledSecrets {
			return append(all, Label{schema.MountedLabel + "=mounted", true})
		}
	}
	return all
}

// Template names the template of a Secret with a kubeconfig, which may have a proxy.
func Template(s schema.Secrets, proxyURL string) string {
	name := "remote-secret"
	if s.Remote == schema.MountedSecrets {
		name = "kubeconfig-secret"
	}
	if proxyURL != "" {
		name += "-proxy-url"
	}
	return name + ".yaml"
}
