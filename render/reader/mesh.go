// Package reader says what the account may do with which the control planes of other clusters read a cluster: what they
// ask of its API server, and nothing else.
package reader

import (
	"slices"

	"meshtopo.dev/meshtopo/schema"
)

// Mesh is what the control planes of a topology ask of each other's clusters.
type Mesh struct {
	topology *schema.Topology
	public   func(path string) ([]byte, error)
	operator map[string]bool // whether a patch for that kind may be about an IstioOperator

	asked rights                     // each once: most control planes ask for the same
	count map[right]int              // how many control planes ask for it
	own   map[*schema.Cluster]rights // what that of a cluster asks for
	known map[*schema.Cluster]Rights
}

// New looks at the control planes of a valid topology. It is given what reads the files of patches.
func New(t *schema.Topology, public func(path string) ([]byte, error)) *Mesh {
	m := &Mesh{
		topology: t, public: public, operator: map[string]bool{},
		count: map[right]int{}, own: map[*schema.Cluster]rights{}, known: map[*schema.Cluster]Rights{},
	}
	for _, c := range t.Clusters {
		if !c.RunsControlPlane() {
			continue
		}
		var asked rights
		for _, p := range c.ControlPlanes() {
			asked = append(asked, m.istiod(p).reads()...)
		}
		m.own[c] = asked.needed()
		for _, r := range m.own[c] {
			if m.count[r]++; m.count[r] == 1 {
				m.asked = append(m.asked, r)
			}
		}
	}
	return m
}

// Rights are those of the account in one cluster.
type Rights struct {
	Everywhere []Rule // in all namespaces
	InSystem   []Rule // in the namespace of the control plane
}

// Rights gives what the control planes that read a cluster ask of it, and its primary if it is a remote.
func (m *Mesh) Rights(c *schema.Cluster) Rights {
	if known, ok := m.known[c]; ok {
		return known
	}
	own := map[right]int{}
	for _, r := range m.own[c] {
		own[r]++
	}
	var all rights
	for _, r := range m.asked {
		if m.count[r] > own[r] {
			all = append(all, r)
		}
	}
	if primary := m.topology.PrimaryOf(c); primary != nil {
		for _, p := range primary.ControlPlanes() {
			all = append(all, m.istiod(p).runs(c, m.settings(c))...)
		}
	}
	all = all.within(c.Istio.Namespace).needed()
	m.known[c] = Rights{all.rules(""), all.rules(c.Istio.Namespace)}
	return m.known[c]
}

// Grants reports whether something is granted of any object of a kind, and whether of all.
func (r Rights) Grants(group, resource, verb string) (some, all bool) {
	for _, rule := range slices.Concat(r.Everywhere, r.InSystem) {
		if rule.Group == group && slices.Contains(rule.Resources, resource) && slices.Contains(rule.Verbs, verb) {
			some, all = true, all || len(rule.Names) == 0
		}
	}
	return some, all
}
