package schema

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

var ownedSetting = &diag.Rule{
	Code: "owned-setting", Severity: diag.Error, Fixed: true,
	Title: "a setting of Istio that contradicts the topology",
	Why:   "the value follows from the topology, and what other clusters are given follows from it too: one cluster with another value is read, routed to or trusted wrongly",
	Fix:   "delete it; the topology says it already",
	Bad:   `istio: {values: {global: {network: network1}}}`,
	Good:  `istio: {values: {global: {logAsJson: true}}}`,
}

// setting is a value that a user wrote.
type setting struct {
	path  []string // from the document's root
	below int      // how many keys of the path lead to istio
	value any
	short string // at path stands this, no map, and in the way
}

// setting gives what the user wrote for a cluster at a path below istio: in the cluster, or mesh-wide.
func (t *Topology) setting(c *Cluster, keys []string) (setting, bool) {
	for _, path := range [][]string{clusterPath(c, "istio"), {"spec", "istio"}} {
		place := istioNode{path: path, node: t.positions.Root.At(path...)}
		if s, ok := place.written(keys); ok {
			return s, true
		}
	}
	return setting{}, false
}

// written gives what the user wrote at a path below this place.
func (i istioNode) written(keys []string) (setting, bool) {
	n, spelt := i.node, keys
	for at, key := range keys {
		if !says(n) {
			return setting{}, false
		}
		if n.Kind != document.Map {
			return setting{path: slices.Concat(i.path, spelt[:at]), below: len(i.path), short: n.Kind.String()}, true
		}
		if n.Entry(key) == nil && inMeshConfig(keys) && key != "meshConfig" {
			spelt = slices.Concat(spelt[:at], []string{snakeCase(key)}, keys[at+1:])
		}
		n = n.Child(spelt[at])
	}
	if !says(n) {
		return setting{}, false
	}
	return setting{path: slices.Concat(i.path, spelt), below: len(i.path), value: n.Value()}, true
}

// says reports whether a user wrote a value that is right by itself.
func says(n *document.Node) bool {
	return n != nil && !n.Broken && !n.Defaulted && n.Kind != document.Null
}

func inMeshConfig(keys []string) bool { return slices.Contains(keys[:2], "meshConfig") }

// snakeCase gives the other spelling of a field that protobuf's JSON reads: trust_domain for trustDomain.
func snakeCase(key string) string {
	if strings.ContainsRune(key, '_') {
		return key
	}
	var b strings.Builder
	for _, r := range key {
		if unicode.IsUpper(r) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// checkOwned reports settings that say something else than the topology.
func (t *Topology) checkOwned(found *diag.List) {
	nodes := t.istioNodes()
	for _, o := range ownedSettings() {
		if strings.ContainsAny(o.path, `[\`) {
			t.checkOwnedItems(o, nodes, found)
			continue
		}
		t.checkOwnedSetting(o.owned, o.keys, nodes, found)
		if strings.HasPrefix(o.path, "meshConfig.") { // values.meshConfig is merged into it
			t.checkOwnedSetting(o.owned, append([]string{"values"}, o.keys...), nodes, found)
		}
	}
}

// conflict is a setting that clusters contradict, at one place.
type conflict struct {
	setting  setting
	clusters []*Cluster
	wants    []any
	// everywhere says that the setting is the mesh's and no cluster agrees with it.
	everywhere bool
	symptom    string // of an item that is refused
}

// checkOwnedSetting reports one of them. The nodes are the mesh's and those of the clusters, in their order.
func (t *Topology) checkOwnedSetting(o owned, keys []string, nodes []istioNode, found *diag.List) {
	var conflicts []*conflict
	at := map[string]*conflict{}
	opinions := 0
	mesh, meshSays := nodes[0].written(keys)
	for i, c := range t.Clusters {
		s, ok := nodes[i+1].written(keys)
		if !ok {
			s, ok = mesh, meshSays
		}
		if !ok {
			continue
		}
		want := o.want(t, c)
		if want == nil {
			continue
		}
		if opinions++; s.agrees(keys, want) {
			continue
		}
		place := strings.Join(s.path, "\x00")
		if at[place] == nil {
			at[place] = &conflict{setting: s}
			conflicts = append(conflicts, at[place])
		}
		at[place].clusters = append(at[place].clusters, c)
		at[place].wants = append(at[place].wants, want)
	}
	for _, c := range conflicts {
		c.everywhere = len(c.clusters) == opinions && c.setting.path[1] == "istio"
		reportOwned(t.Pos(c.setting.path...), o, keys, c, found)
	}
}

// agrees reports whether a setting is what the topology says.
func (s setting) agrees(keys []string, want any) bool {
	return s.short == "" && !s.misspelt(keys) && reflect.DeepEqual(s.value, want)
}

// misspelt reports another spelling than ours. The rendered mesh config would have both, and istiod refuse it.
func (s setting) misspelt(keys []string) bool {
	return s.short == "" && !slices.Equal(s.path[s.below:], keys)
}

// name gives the path below istio.
func (s setting) name() string {
	return strings.Join(s.path[s.below:], ".")
}

func reportOwned(pos diag.Pos, o owned, keys []string, c *conflict, found *diag.List) {
	name, field := c.setting.name(), o.field
	if len(c.clusters) == 1 {
		field = strings.Replace(field, "NAME", c.clusters[0].Name, 1)
	}
	why, fix := o.why, "delete it: it follows from "+field
	var message string
	switch {
	case c.setting.short != "":
		message = fmt.Sprintf("%s must be a map, not %s", name, c.setting.short)
		why, fix = "what follows from the topology is written below it", "write a map, or delete it"
	case c.setting.misspelt(keys):
		message = fmt.Sprintf("%s is another spelling of %s, which follows from the topology", name, strings.Join(keys, "."))
		why = "the mesh config would have the field twice, and istiod could not read it"
	case c.symptom != "":
		message = fmt.Sprintf("%s changes what follows from the topology", name)
		why, fix = c.symptom, "delete it; what may be changed has a setting"
	case c.forbidden() != "" && keys[len(keys)-1] == "name":
		message = fmt.Sprintf("%s must not be %s: %s", name, diag.QuoteValue(c.setting.value), c.forbidden())
		fix = "delete the entry, or use another name"
	case c.forbidden() != "":
		message = fmt.Sprintf("%s must not be set for %s: %s", name, c.forbiddenClusters(), c.forbidden())
	default:
		message = fmt.Sprintf("%s is %s, but the topology says %s", name, diag.QuoteValue(c.setting.value), c.wanted())
	}
	d := found.Add(pos, ownedSetting, "%s", message)
	d.Why, d.Fix = why, fix
}

// forbidden gives the reason why the first cluster that must not have the setting must not, or "".
func (c *conflict) forbidden() mustNotBeSet {
	for _, w := range c.wants {
		if why, ok := w.(mustNotBeSet); ok {
			return why
		}
	}
	return ""
}

// forbiddenClusters names the clusters to which that reason applies.
func (c *conflict) forbiddenClusters() string {
	var names []string
	for i, w := range c.wants {
		if w == c.forbidden() {
			names = append(names, c.clusters[i].Name)
		}
	}
	return diag.NameClusters(names)
}

// wanted says what the topology wants: in so many words where the clusters do not agree.
func (c *conflict) wanted() string {
	var wants []string
	clusters := map[string][]string{}
	for i, w := range c.wants {
		want := diag.QuoteValue(w)
		if clusters[want] == nil {
			wants = append(wants, want)
		}
		clusters[want] = append(clusters[want], c.clusters[i].Name)
	}
	if len(wants) == 1 && c.everywhere {
		return wants[0]
	}
	var said []string
	for i, want := range wants {
		if i == 2 && len(wants) > 3 {
			said = append(said, fmt.Sprintf("%d others", len(wants)-i))
			break
		}
		said = append(said, want+" for "+diag.NameClusters(clusters[want]))
	}
	return diag.Enumerate(said, "and")
}
