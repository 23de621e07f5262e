package owned

import (
	"reflect"
	"strconv"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// checkOwnedItems reports items of the user's lists that say something else than the topology. Lists of the mesh and of
// a cluster are merged, so both are looked at for each cluster.
func checkOwnedItems(t schema.Written, o Setting, nodes []schema.IstioNode, found *diag.List) {
	for _, istio := range nodes {
		for _, path := range itemPaths(istio.Node, o.Path) {
			s, n := istio.SettingAt(path)
			if n.Broken {
				continue
			}
			if c := itemConflict(t, o, s); c != nil {
				reportOwned(t.Pos(s.Path...), o, s.Keys(), c, found)
			}
		}
	}
}

// itemConflict compares an item with what the topology says for the clusters that it is for.
func itemConflict(t schema.Written, o Setting, s schema.Setting) *conflict {
	c := &conflict{setting: s}
	decided := 0
	for _, cluster := range t.Clusters {
		if s.Path[1] == "clusters" && s.Path[2] != cluster.Name {
			continue
		}
		want := o.want(t.Topology, cluster)
		if want == nil {
			continue
		}
		decided++
		if refuse, ok := want.(refusal); ok {
			if c.symptom = refuse(s.Value); c.symptom == "" {
				continue
			}
		} else if reflect.DeepEqual(s.Value, want) {
			continue
		}
		c.clusters, c.wants = append(c.clusters, cluster), append(c.wants, want)
	}
	c.everywhere = len(c.clusters) == decided && s.Path[1] == "istio"
	if len(c.clusters) == 0 {
		return nil
	}
	return c
}

// itemPaths gives the paths below a node that fit keys, of which [name=x] is an item of that name and [*] any item.
func itemPaths(n *document.Node, keys []string) [][]string {
	if n == nil {
		return nil
	}
	if len(keys) == 0 {
		return [][]string{nil}
	}
	var all [][]string
	add := func(key string, below *document.Node) {
		for _, path := range itemPaths(below, keys[1:]) {
			all = append(all, append([]string{key}, path...))
		}
	}
	if !document.IsItem(keys[0]) {
		add(keys[0], n.Child(keys[0]))
		return all
	}
	for i, item := range n.Items {
		if document.Selects(keys[0], i, func(key string) string { return item.StringAt(key) }) {
			add(strconv.Itoa(i), item)
		}
	}
	return all
}
