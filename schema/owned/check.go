package owned

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

var Rule = &diag.Rule{
	Code: "owned-setting", Severity: diag.Error, Fixed: true, Symptom: true,
	Title: "a setting of Istio that contradicts the topology",
	Why:   "the value follows from the topology, and what other clusters are given follows from it too: one cluster with another value is read, routed to or trusted wrongly",
	Fix:   "delete it; the topology says it already",
	Bad:   `istio: {values: {global: {network: network1}}}`,
	Good:  `istio: {values: {global: {logAsJson: true}}}`,
}

// Check reports settings that contradict the topology.
func Check(t schema.Written, found *diag.List) {
	nodes := t.IstioNodes()
	for _, o := range ownedSettings() {
		if strings.ContainsAny(o.path, `[\`) {
			checkOwnedItems(t, o, nodes, found)
			continue
		}
		checkOwnedSetting(t, o, nodes, found)
		if o.Path[0] == "meshConfig" { // values.meshConfig is merged into it
			checkOwnedSetting(t, o.elsewhere([]string{"values"}, o.Path...), nodes, found)
		}
	}
}

// conflict is a setting that clusters contradict, at one place.
type conflict struct {
	setting  schema.Setting
	clusters []*schema.Cluster
	wants    []any
	// everywhere says that the setting is the mesh's and no cluster agrees with it.
	everywhere bool
	symptom    string // of an item that is refused
}

// checkOwnedSetting reports one of them. The nodes are the mesh's and those of the clusters, in their order.
func checkOwnedSetting(t schema.Written, o Setting, nodes []schema.IstioNode, found *diag.List) {
	var conflicts []*conflict
	at := map[string]*conflict{}
	decided := 0
	mesh, meshSays := nodes[0].Setting(o.Path)
	for i, c := range t.Clusters {
		s, ok := nodes[i+1].Setting(o.Path)
		if !ok {
			s, ok = mesh, meshSays
		}
		if !ok {
			continue
		}
		want := o.want(t.Topology, c)
		if want == nil {
			continue
		}
		if decided++; agrees(s, o.Path, want) {
			continue
		}
		place := strings.Join(s.Path, "\x00")
		if at[place] == nil {
			at[place] = &conflict{setting: s}
			conflicts = append(conflicts, at[place])
		}
		at[place].clusters = append(at[place].clusters, c)
		at[place].wants = append(at[place].wants, want)
	}
	for _, c := range conflicts {
		c.everywhere = len(c.clusters) == decided && c.setting.Path[1] == "istio"
		reportOwned(t.Pos(c.setting.Path...), o, o.Path, c, found)
	}
}

// agrees reports whether a setting is what the topology says.
func agrees(s schema.Setting, keys []string, want any) bool {
	if o, ok := want.(options); ok && o.in(s.Value) {
		want = s.Value
	}
	return s.Short == "" && !misspelt(s, keys) && reflect.DeepEqual(s.Value, want)
}

// misspelt reports a setting in another spelling. The rendered mesh config would have both, and istiod would refuse it.
func misspelt(s schema.Setting, keys []string) bool {
	return s.Short == "" && !slices.Equal(s.Keys(), keys)
}

func reportOwned(pos diag.Pos, o Setting, keys []string, c *conflict, found *diag.List) {
	name, field := c.setting.Name(), o.Field
	if len(c.clusters) == 1 {
		field = strings.Replace(field, "NAME", c.clusters[0].Name, 1)
	}
	why, fix := o.Why, "delete it: it follows from "+field
	var message string
	switch {
	case c.setting.Short != "":
		message = fmt.Sprintf("%s must be a map, not %s", name, c.setting.Short)
		why, fix = "what follows from the topology is written below it", "write a map, or delete it"
	case misspelt(c.setting, keys):
		message = fmt.Sprintf("%s is another spelling of %s, which follows from the topology", name, strings.Join(keys, "."))
		why = "the mesh config would have the field twice, and istiod could not read it"
	case c.symptom != "":
		message = fmt.Sprintf("%s changes what follows from the topology", name)
		why, fix = c.symptom, "delete it; what may be changed has a setting"
	case c.forbidden() != "" && keys[len(keys)-1] == "name":
		message = fmt.Sprintf("%s must not be %s: %s", name, diag.QuoteValue(c.setting.Value), c.forbidden())
		fix = "delete the entry, or use another name"
	case c.forbidden() != "":
		message = fmt.Sprintf("%s must not be set for %s: %s", name, c.forbiddenClusters(), c.forbidden())
	default:
		message = fmt.Sprintf("%s is %s, but the topology says %s", name, diag.QuoteValue(c.setting.Value), c.wanted())
	}
	d := found.Add(pos, Rule, "%s", message)
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

// wanted says what the topology wants: for each cluster where they differ.
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
