package handed

import (
	"fmt"
	"maps"
	"reflect"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/settings"
)

// Discovery is what the control planes of a mesh read by their discovery selectors.
type Discovery struct {
	topology  *schema.Topology
	networks  bool // there are several
	remotes   map[string][]*schema.Cluster
	selecting []*selection
}

// selection is the selectors of one or more control planes.
type selection struct {
	selectors any // as decoded from JSON
	clusters  []*schema.Cluster
}

// NewDiscovery gathers the selectors of a mesh.
func NewDiscovery(t *schema.Topology) *Discovery {
	d := &Discovery{topology: t, networks: t.MultiNetwork(), remotes: t.RemotesByPrimary()}
	for _, p := range t.Clusters {
		if s := selectors(p); s != nil && p.RunsControlPlane() {
			d.add(p, s)
		}
	}
	return d
}

func (d *Discovery) add(p *schema.Cluster, selectors any) {
	for _, s := range d.selecting {
		if reflect.DeepEqual(s.selectors, selectors) {
			s.clusters = append(s.clusters, p)
			return
		}
	}
	d.selecting = append(d.selecting, &selection{selectors, []*schema.Cluster{p}})
}

// Labels gives those that the namespaces of a cluster's control plane and gateway need so that every control plane
// finds the gateways there: the discovery selectors of each are for the namespaces of all clusters that it reads. The
// clusters whose selectors no label can be given for are hidden.
func (d *Discovery) Labels(c *schema.Cluster) (labels map[string]string, hidden []*schema.Cluster) {
	labels = map[string]string{}
	if !d.networks && !(c.RunsControlPlane() && len(d.remotes[c.Name]) > 0) {
		return labels, nil
	}
	namespaces := func() []settings.Namespace {
		own := maps.Clone(labels)
		own["app.kubernetes.io/managed-by"], own["meshtopo.dev/topology"] = "meshtopo", d.topology.Name
		system := maps.Clone(own)
		system["topology.istio.io/network"] = c.Network
		all := []settings.Namespace{{Name: c.Istio.Namespace, Labels: system}}
		if gateway := c.EastWestGateway; gateway.Enabled && gateway.Namespace != c.Istio.Namespace {
			all = append(all, settings.Namespace{Name: gateway.Namespace, Labels: own})
		}
		return all
	}
	for _, s := range d.selecting {
		for _, namespace := range namespaces() {
			missing, ok := settings.LabelsFor(s.selectors, namespace)
			if maps.Copy(labels, missing); !ok {
				hidden = append(hidden, s.clusters...)
				break
			}
		}
	}
	for _, s := range d.selecting {
		selected := func(n settings.Namespace) bool { return settings.Selected(s.selectors, n) }
		if all := namespaces(); len(hidden) == 0 && !selected(all[0]) || len(hidden) == 0 && !selected(all[len(all)-1]) {
			hidden = append(hidden, s.clusters...) // a label for another one is in the way
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
	d, reported := NewDiscovery(t.Topology), map[*schema.Cluster]bool{}
	for _, c := range t.Clusters {
		if c.Istio.Namespace == "" || c.Network == "" || mayLabel(c) {
			continue
		}
		_, hidden := d.Labels(c)
		for _, p := range hidden {
			if !reported[p] {
				t.reportHidden(c, p, found)
			}
			reported[p] = true
		}
	}
}

// reportHidden reports selectors of a control plane that leave out the namespace of a cluster.
func (t topology) reportHidden(c, p *schema.Cluster, found *diag.List) {
	for _, values := range [][]string{{"meshConfig"}, {"values", "meshConfig"}} {
		s, ok := t.Setting(p, append(values, "discoverySelectors"))
		if pos := t.Pos(s.Path...); ok && s.Short == "" && !found.ErrorAt(pos) {
			d := found.Add(pos, settings.HiddenFromDiscovery, "none of the selectors fits the namespace %q", c.Istio.Namespace)
			if own := c.EastWestGateway.Namespace; own != c.Istio.Namespace {
				d.Message = fmt.Sprintf("none of the selectors fits the namespaces %q and %q", c.Istio.Namespace, own)
			}
			d.About.Setting = "meshConfig.discoverySelectors"
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
