// Package reader says what the account may do with which the control planes of other clusters read a cluster: what they
// ask of its API server, and nothing else.
package reader

import "meshtopo.dev/meshtopo/schema"

// Mesh is the control planes of a topology, each kind of them once: most ask for the same.
type Mesh struct {
	topology *schema.Topology
	public   func(path string) ([]byte, error)

	asked []rights                // by kind
	count []int                   // how many control planes are of a kind
	kind  map[*schema.Cluster]int // of those that have a control plane
}

// New looks at the control planes of a valid topology. It is given what reads the files of patches.
func New(t *schema.Topology, public func(path string) ([]byte, error)) *Mesh {
	m := &Mesh{topology: t, public: public, kind: map[*schema.Cluster]int{}}
	known := map[string]int{}
	for _, c := range t.Clusters {
		if !c.RunsControlPlane() {
			continue
		}
		asked := m.istiod(c).reads()
		kind, ok := known[asked.key()]
		if !ok {
			kind = len(m.asked)
			known[asked.key()] = kind
			m.asked, m.count = append(m.asked, asked), append(m.count, 0)
		}
		m.kind[c] = kind
		m.count[kind]++
	}
	return m
}

// Rights are those of the account in one cluster.
type Rights struct {
	namespace string
	rights    rights
}

// Rights gives what the control planes that read a cluster ask of it, and its primary if it is a remote.
func (m *Mesh) Rights(c *schema.Cluster) Rights {
	var all rights
	own, reads := m.kind[c]
	for kind, asked := range m.asked {
		if !reads || kind != own || m.count[kind] > 1 {
			all = append(all, asked...)
		}
	}
	if primary := m.topology.PrimaryOf(c); primary != nil {
		all = append(all, m.istiod(primary).runs(c, m.settings(c))...)
	}
	return Rights{c.Istio.Namespace, all.within(c.Istio.Namespace).needed()}
}

// Everywhere gives the rules of the role that counts in all namespaces.
func (r Rights) Everywhere() []Rule { return r.rights.rules("") }

// InSystem gives the rules of the role that counts in the namespace of the control plane.
func (r Rights) InSystem() []Rule { return r.rights.rules(r.namespace) }

// Grants reports whether something is granted of any object of a kind, and whether of all.
func (r Rights) Grants(group, resource, verb string) (some, all bool) {
	for _, right := range r.rights {
		if right.group == group && right.resource == resource && right.verb == verb {
			some, all = true, all || right.name == ""
		}
	}
	return some, all
}
