package lint

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
)

var separateMeshes = &diag.Rule{
	Code: "separate-meshes", Severity: diag.Info,
	Title: "clusters with another mesh ID, which nothing joins with the others",
	Why:   "they are taken for a mesh of their own: what differs between the two is not reported",
	Fix:   "if all are one mesh, give them one values.global.meshID",
	Bad:   "values: {global: {meshID: staging}} # beside clusters of the mesh prod, and no remote Secret for them",
	Good:  "values: {global: {meshID: prod}}",
}

var partGroup = group{rules: []*diag.Rule{separateMeshes}}

// partition is the clusters of a run, while those of one mesh are joined.
type partition struct {
	clusters []*cluster
	parent   []int
	named    map[string][]int // by the names of clusters, and of their directories
}

// parts gives the clusters of each mesh, in their order. Clusters are in one mesh if they have one mesh ID, or if one
// has a remote Secret for the other, names it as its control plane or puts it on a network.
func parts(clusters []*cluster) [][]*cluster {
	p := &partition{clusters: clusters, named: map[string][]int{}}
	for n, c := range clusters {
		p.parent = append(p.parent, n)
		p.named[c.name] = append(p.named[c.name], n)
		if name := c.clusterName(); name != c.name && name != "" {
			p.named[name] = append(p.named[name], n)
		}
	}
	ids := map[string]int{}
	for n, c := range clusters {
		if id := c.meshID(); id != "" {
			if first, ok := ids[id]; ok {
				p.join(first, n)
			}
			ids[id] = n
		}
	}
	if len(ids) < 2 {
		return [][]*cluster{clusters}
	}
	for n, c := range clusters {
		for _, name := range c.refersTo() {
			p.joinNamed(n, name)
		}
	}
	return p.groups()
}

// meshID gives the mesh ID of a cluster, or "".
func (c *cluster) meshID() string {
	if i := c.install(); i != nil {
		return i.meshID.text
	}
	return ""
}

// refersTo gives the names by which the manifests of a cluster name others of its mesh.
func (c *cluster) refersTo() []string {
	names := c.controlPlanes()
	for _, r := range c.remoteSecrets {
		names = append(names, r.cluster.text, r.calls.text)
	}
	for _, k := range c.kustomizations {
		for _, r := range k.Resources {
			if name, ok := strings.CutPrefix(r.Text, "remote-secrets/"); ok {
				names = append(names, strings.TrimSuffix(name, ".yaml"))
			}
		}
	}
	if i := c.install(); i != nil {
		i.eachRegistry(func(_ string, registry value) { names = append(names, registry.text) })
		if c.runsExternal() {
			names = append(names, c.clusterName())
		}
	}
	return names
}

// joinNamed joins a cluster with those of a name, or with those of its own mesh alone where these have the name, too:
// meshes may call their clusters alike.
func (p *partition) joinNamed(n int, name string) {
	candidates := p.named[name]
	if slices.ContainsFunc(candidates, func(other int) bool { return p.root(other) == p.root(n) && other != n }) {
		return
	}
	for _, other := range candidates {
		p.join(n, other)
	}
}

func (p *partition) root(n int) int {
	for p.parent[n] != n {
		p.parent[n] = p.parent[p.parent[n]]
		n = p.parent[n]
	}
	return n
}

// join makes one mesh of those of two clusters. Its root is its first cluster.
func (p *partition) join(a, b int) {
	a, b = p.root(a), p.root(b)
	p.parent[max(a, b)] = min(a, b)
}

func (p *partition) groups() [][]*cluster {
	var all [][]*cluster
	at := map[int]int{}
	for n, c := range p.clusters {
		root := p.root(n)
		if _, ok := at[root]; !ok {
			at[root] = len(all)
			all = append(all, nil)
		}
		all[at[root]] = append(all[at[root]], c)
	}
	return all
}

// noteParts says which clusters are not compared with the first mesh.
func noteParts(all [][]*cluster, found *diag.List) {
	mesh := func(part []*cluster) (names []string, id value) {
		for _, c := range part {
			if names = append(names, c.name); c.install() != nil {
				id = first(id, c.install().meshID)
			}
		}
		return names, id
	}
	var earlier []string
	var of value
	for _, part := range all {
		names, id := mesh(part)
		switch {
		case !id.given():
		case !of.given():
			earlier, of = names, id
		default:
			d := found.Add(id.pos, separateMeshes, "the mesh ID is %q, and no remote Secret joins %s with %s: the two are not compared",
				id.text, diag.Few(diag.QuoteAll(names)), diag.Few(diag.QuoteAll(earlier)))
			d.Relate(of.pos, "the other mesh ID")
		}
	}
}
