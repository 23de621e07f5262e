package schema

import (
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"slices"
	"strings"
)

// Written is a topology as its user wrote it: what was given, what is broken, and where.
type Written struct{ *Topology }

// Root is the document of the topology.
func (t Written) Root() *document.Node { return t.positions.Root }

// Broken reports whether a problem of the field at path, or of what holds it, has been reported.
func (t Written) Broken(path ...string) bool { return t.positions.Broken(path) }

// Given reports whether the user wrote the field at path.
func (t Written) Given(path ...string) bool { return t.positions.Given(path) }

// HoldsBroken reports whether a problem of a field of the map at path has been reported.
func (t Written) HoldsBroken(path ...string) bool {
	n := t.positions.Root.At(path...)
	return n != nil && slices.ContainsFunc(n.Fields, func(e *document.Entry) bool { return e.Value.Broken })
}

// Unsure reports whether nothing certain can be said of the field at path: a problem of it was reported already,
// or it is missing and an unknown field with nearly its name, which was reported too, stands there instead.
func (t Written) Unsure(path ...string) bool {
	if t.Broken(path...) {
		return true
	}
	n := t.positions.Root
	for _, key := range path {
		next := n.Child(key)
		if next == nil || next.Defaulted {
			return misspells(n, key)
		}
		n = next
	}
	return false
}

// misspells reports whether a broken field of n has nearly the name that is looked for.
func misspells(n *document.Node, name string) bool {
	return slices.ContainsFunc(n.Fields, func(e *document.Entry) bool {
		return e.Value.Broken && diag.Nearest(e.Key, []string{name}) != ""
	})
}

// TrustsFiles reports whether it is certain that the files of a topology are what istiod signs with. Who wrote the
// settings of another provider and no provider has forgotten that.
func (t Written) TrustsFiles() bool {
	trust := []string{"spec", "trust"}
	return t.TrustFrom(Files) && !t.Unsure(append(trust, "provider")...) &&
		(t.Given(append(trust, "provider")...) || !t.Given(append(trust, "certManager")...) && !t.Given(append(trust, "istioCSR")...))
}

// ClusterPath gives the path of a field of a cluster.
func ClusterPath(c *Cluster, field ...string) []string {
	return slices.Concat([]string{"spec", "clusters", c.Name}, field)
}

// SecretsPath gives the path of the setting below secrets that is in force for a cluster: its own, or the mesh's.
func (t Written) SecretsPath(c *Cluster, field ...string) []string {
	own := ClusterPath(c, slices.Concat([]string{"secrets"}, field)...)
	if t.Given(own...) {
		return own
	}
	return slices.Concat([]string{"spec", "secrets"}, field)
}

// IstioPath gives the path of the setting below istio that is in force for a cluster: its own, or the mesh's.
func (t Written) IstioPath(c *Cluster, field ...string) []string {
	if c.Istio.Listed.Revisions != nil && len(field) == 1 && (field[0] == "version" || field[0] == "revision") {
		return c.Istio.Listed.path(field[0])
	}
	own := ClusterPath(c, slices.Concat([]string{"istio"}, field)...)
	if t.Given(own...) {
		return own
	}
	return slices.Concat([]string{"spec", "istio"}, field)
}

// PrivatePath gives the path of the place of the private part of a cluster's credential.
func PrivatePath(c *Cluster, field ...string) []string {
	path := []string{"credential", string(c.Credential.Way)}
	if c.Credential.Way == ByClientCertificate {
		path = append(path, "key")
	}
	return ClusterPath(c, append(path, field...)...)
}

// Take fills in a field of a cluster's apiServer that another file says, which stands there at a place.
func (t *Topology) Take(c *Cluster, field string, pos diag.Pos) {
	if t.taken == nil {
		t.taken = map[string]diag.Pos{}
	}
	t.taken[strings.Join(ClusterPath(c, "apiServer", field), "\x00")] = pos
}

// Taken reports whether another file says a field of a cluster's apiServer.
func (t *Topology) Taken(c *Cluster, field string) bool {
	_, taken := t.taken[strings.Join(ClusterPath(c, "apiServer", field), "\x00")]
	return taken
}

// UnsureRevisions reports whether nothing certain can be said of the control planes that a cluster has: of the lists or
// the versions that could be in force, one is missing or a problem of it was reported already.
func (t Written) UnsureRevisions(c *Cluster) bool {
	unsure := func(path []string) bool {
		n := t.positions.Root.At(path...)
		return t.Unsure(path...) || t.Given(path...) && (holdsBroken(n) || slices.ContainsFunc(n.Items, lacksName))
	}
	for _, path := range [][]string{istioPath("", "revisions"), istioPath(c.Name, "revisions"), c.Istio.Listed.At} {
		if len(path) > 0 && unsure(path) {
			return true
		}
	}
	return c.Istio.Version == "" || t.Unsure(t.IstioPath(c, "version")...) || t.Unsure(t.IstioPath(c, "revision")...)
}

// lacksName reports whether an entry of a list of revisions is not all there.
func lacksName(n *document.Node) bool { return n.At("name") == nil || n.At("version") == nil }

// holdsBroken reports whether a problem of a node, or of something in it, has been reported.
func holdsBroken(n *document.Node) bool {
	return n.Broken || slices.ContainsFunc(n.Items, holdsBroken) ||
		slices.ContainsFunc(n.Fields, func(e *document.Entry) bool { return holdsBroken(e.Value) })
}

// ListPaths gives the paths of all lists of revisions that are written.
func (t Written) ListPaths() [][]string {
	all := [][]string{istioPath("", "revisions")}
	for _, c := range t.Clusters {
		all = append(all, istioPath(c.Name, "revisions"))
	}
	return slices.DeleteFunc(all, func(path []string) bool { return !t.Given(path...) })
}

// istioPath gives the path of a setting below istio of a cluster, or of the mesh, whose name is "".
func istioPath(cluster string, field ...string) []string {
	if cluster == "" {
		return slices.Concat([]string{"spec", "istio"}, field)
	}
	return slices.Concat([]string{"spec", "clusters", cluster, "istio"}, field)
}
