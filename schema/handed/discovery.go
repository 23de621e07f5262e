package handed

import (
	"maps"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/settings"
)

// Labels gives those that the namespace of a cluster's control plane needs so that every control plane finds the
// gateways there: the discovery selectors of each are for the namespaces of all clusters that it reads. The clusters
// whose selectors no label can be given for are hidden.
func Labels(t *schema.Topology, c *schema.Cluster) (labels map[string]string, hidden []*schema.Cluster) {
	labels = map[string]string{}
	if !t.MultiNetwork() && !t.ServesRemotes(c) {
		return labels, nil
	}
	namespace := func() settings.Namespace {
		all := maps.Clone(labels)
		all["topology.istio.io/network"], all["app.kubernetes.io/managed-by"], all["meshtopo.dev/topology"] = c.Network, "meshtopo", t.Name
		return settings.Namespace{Name: c.Istio.Namespace, Labels: all}
	}
	var selecting []*schema.Cluster
	for _, p := range t.Clusters {
		if p.RunsControlPlane() && selectors(p) != nil {
			selecting = append(selecting, p)
		}
	}
	for _, p := range selecting {
		missing, ok := settings.LabelsFor(selectors(p), namespace())
		if maps.Copy(labels, missing); !ok {
			hidden = append(hidden, p)
		}
	}
	for _, p := range selecting {
		if !settings.Selected(selectors(p), namespace()) && len(hidden) == 0 {
			hidden = append(hidden, p) // a label for another one is in the way
		}
	}
	return labels, hidden
}

// selectors gives the discovery selectors of a control plane, as decoded from JSON.
func selectors(c *schema.Cluster) any {
	values, _ := c.Istio.Values["meshConfig"].(map[string]any)
	for _, config := range []map[string]any{c.Istio.MeshConfig, values} {
		for _, key := range []string{"discoverySelectors", "discovery_selectors"} {
			if v, ok := config[key]; ok {
				return v
			}
		}
	}
	return nil
}

// checkDiscovery reports selectors that leave out a namespace that their control plane has to read. A patch may give it
// the label.
func (t topology) checkDiscovery(found *diag.List) {
	for _, c := range t.Clusters {
		if c.Istio.Namespace == "" || c.Network == "" || mayLabel(c) {
			continue
		}
		_, hidden := Labels(t.Topology, c)
		for _, p := range hidden {
			for _, values := range [][]string{{"meshConfig"}, {"values", "meshConfig"}} {
				s, ok := t.Setting(p, append(values, "discoverySelectors"))
				if pos := t.Pos(s.Path...); ok && s.Short == "" && !found.ErrorAt(pos) {
					d := found.Add(pos, settings.HiddenFromDiscovery, "none of the selectors fits the namespace %q", c.Istio.Namespace)
					d.About.Setting = "meshConfig.discoverySelectors"
				}
			}
		}
	}
}

// mayLabel reports whether a patch of a cluster may be about its namespace.
func mayLabel(c *schema.Cluster) bool {
	for _, p := range c.Istio.Patches {
		if p.Path != "" || p.Target == nil && strings.Contains(p.Text, "Namespace") || p.Target != nil && (p.Target.Kind == "" || p.Target.Kind == "Namespace") {
			return true
		}
	}
	return false
}
