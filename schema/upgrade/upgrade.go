// Package upgrade says what is wrong with the control planes that a cluster has side by side while Istio is upgraded,
// and with steps that would take one away which is still used.
package upgrade

import (
	"slices"
	"strconv"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/grammar"
)

// Rules gives every rule that Check reports.
func Rules() []*diag.Rule {
	return []*diag.Rule{twoForms, defaultRevision, revisionTwice, tagsBesideList, gatewayRevision, revisionsApart}
}

// Check reports what is wrong with lists of revisions. What was reported already is not reported again.
func Check(t schema.Written, found *diag.List) {
	checkVersion(t, found)
	checkForms(t, found)
	for _, l := range lists(t) {
		l.checkDefault(found)
		l.checkNames(found)
		l.checkApart(found)
	}
	for _, c := range t.Clusters {
		checkGateway(t, c, found)
	}
}

// checkVersion reports a mesh in which a cluster has no version.
func checkVersion(t schema.Written, found *diag.List) {
	path := []string{"spec", "istio", "version"}
	if t.Unsure(path...) || t.Given(path...) || !t.Given("spec", "istio") || t.Given("spec", "istio", "revisions") {
		return
	}
	lacks := func(c *schema.Cluster) bool {
		return c.Istio.Version == "" && !t.Unsure(schema.ClusterPath(c, "istio", "version")...) && !t.Broken(schema.ClusterPath(c, "istio", "revisions")...)
	}
	if len(t.Clusters) == 0 || slices.ContainsFunc(t.Clusters, lacks) {
		found.Add(t.Pos(path...), grammar.MissingField, "istio.version is missing")
	}
}

var twoForms = &diag.Rule{
	Code: "revisions-and-version", Severity: diag.Error, Fixed: true,
	Title:  "a list of revisions beside a version or a revision",
	Why:    "each would say which control planes there are, and nobody could tell which one counts",
	Fix:    "delete version and revision: the entries of the list have them",
	Source: "https://istio.io/latest/docs/setup/upgrade/canary/",
	Bad:    `istio: {version: "1.31.1", revisions: [{name: 1-31-1, version: "1.31.1"}]}`,
	Good:   `istio: {version: null, revisions: [{name: 1-31-1, version: "1.31.1"}]}`,
}

// checkForms reports both forms in one place.
func checkForms(t schema.Written, found *diag.List) {
	check := func(path []string) {
		at := slices.Concat(path, []string{"revisions"})
		if !t.Given(at...) || t.Broken(at...) {
			return
		}
		for _, field := range []string{"version", "revision"} {
			if other := slices.Concat(path, []string{field}); t.Given(other...) && !t.Broken(other...) {
				found.Add(t.Pos(other...), twoForms, "there is a list of revisions as well").Relate(t.Pos(at...), "the list")
			}
		}
	}
	check([]string{"spec", "istio"})
	for _, c := range t.Clusters {
		check(schema.ClusterPath(c, "istio"))
		if p := t.PrimaryOf(c); p != nil && c.ServedByPrimary() {
			checkAlone(t, c, p, found)
		}
	}
}

// checkAlone reports a version of a remote that says of no revision of its primary's list that it is the remote's.
func checkAlone(t schema.Written, c, p *schema.Cluster, found *diag.List) {
	version, own := schema.ClusterPath(c, "istio", "version"), func(field string) bool { return t.Given(schema.ClusterPath(c, "istio", field)...) }
	if p.Istio.Listed.Revisions == nil || !own("version") || own("revision") || own("revisions") || t.Broken(version...) {
		return
	}
	d := found.Add(t.Pos(version...), twoForms, "the primary of cluster %q has a list of revisions", c.Name)
	d.Fix = "delete it: a remote has the revisions of its primary; or write revision, the one of them that it has"
	d.Relate(t.Pos(p.Istio.Listed.At...), "the list")
}

// list is a list of revisions as it is written, with the clusters that have it.
type list struct {
	schema.Written
	path     []string
	all      []schema.Revision
	clusters []*schema.Cluster
}

// lists gives each list once, those that clusters have. A list of nothing is here too.
func lists(t schema.Written) []*list {
	var all []*list
	add := func(path []string, c *schema.Cluster) {
		if t.Broken(path...) {
			return
		}
		at := slices.IndexFunc(all, func(l *list) bool { return slices.Equal(l.path, path) })
		if at < 0 {
			at = len(all)
			all = append(all, &list{Written: t, path: path})
		}
		if c != nil {
			all[at].all, all[at].clusters = c.Istio.Listed.Revisions, append(all[at].clusters, c)
		}
	}
	for _, path := range t.ListPaths() {
		add(path, nil)
	}
	for _, c := range t.Clusters {
		if c.Istio.Listed.Revisions != nil {
			add(c.Istio.Listed.At, c)
		}
	}
	return all
}

// at gives the path of a field of an entry.
func (l *list) at(entry int, field ...string) []string {
	return slices.Concat(l.path, []string{strconv.Itoa(entry)}, field)
}

var defaultRevision = &diag.Rule{
	Code: "default-revision", Severity: diag.Error, Fixed: true,
	Title:  "a list of revisions of which not exactly one is the default",
	Why:    "gateways, the CNI plugin and ztunnel are there once, so one of the control planes has to be theirs",
	Fix:    "write default: true for the one that is in use, and for no other; move it when the new one has proved itself",
	Source: "https://istio.io/latest/docs/setup/upgrade/canary/",
	Bad:    `istio: {version: null, revisions: [{name: 1-30-3, version: "1.30.3"}, {name: 1-31-1, version: "1.31.1"}]}`,
	Good:   `istio: {version: null, revisions: [{name: 1-30-3, version: "1.30.3", default: true}, {name: 1-31-1, version: "1.31.1"}]}`,
}

func (l *list) checkDefault(found *diag.List) {
	if slices.ContainsFunc(l.clusters, l.UnsureRevisions) {
		return
	}
	var defaults []int
	for i, r := range l.all {
		if r.Default {
			defaults = append(defaults, i)
		}
	}
	switch {
	case len(l.clusters) == 0 && len(l.Written.Root().At(l.path...).Items) == 0:
		d := found.Add(l.Pos(l.path...), defaultRevision, "there is no revision in the list")
		d.Fix = `write the control plane that there is, such as {name: 1-31-1, version: "1.31.1"}, or delete the list and write version`
	case len(l.all) > 1 && len(defaults) == 0:
		found.Add(l.Pos(l.path...), defaultRevision, "none of the %d revisions is the default", len(l.all))
	case len(defaults) > 1:
		d := found.Add(l.Pos(l.at(defaults[1], "default")...), defaultRevision, "a second revision is the default")
		d.Relate(l.Pos(l.at(defaults[0], "default")...), "the first")
	}
}

var revisionTwice = &diag.Rule{
	Code: "revision-twice", Severity: diag.Error, Fixed: true,
	Title:  "two revisions or tags of one name in a cluster",
	Why:    "a label istio.io/rev would stand for two control planes: of two webhooks of one name the second replaces the first, and of a tag with the name of a revision both inject",
	Fix:    "give each revision and each tag a name of its own",
	Source: "manifests/charts/istio-control/istio-discovery/templates/revision-tags-mwc.yaml",
	Bad:    `istio: {version: null, revisions: [{name: 1-30-3, version: "1.30.3", default: true, tags: [prod]}, {name: 1-31-1, version: "1.31.1", tags: [prod]}]}`,
	Good:   `istio: {version: null, revisions: [{name: 1-30-3, version: "1.30.3", default: true, tags: [prod]}, {name: 1-31-1, version: "1.31.1", tags: [canary]}]}`,
}

// checkNames reports names that stand for two revisions.
func (l *list) checkNames(found *diag.List) {
	seen := map[string][]string{}
	check := func(what, name string, path []string) {
		if l.Broken(path...) {
			return
		}
		if first, twice := seen[name]; twice {
			found.Add(l.Pos(path...), revisionTwice, "the %s %q has the name of another one", what, name).Relate(l.Pos(first...), "the other")
			return
		}
		seen[name] = path
	}
	for i, r := range l.all {
		check("revision", schema.Istio{Revision: r.Name}.RevisionName(), l.at(i, "name"))
	}
	for i, r := range l.all {
		for j, tag := range r.Tags {
			check("tag", tag, l.at(i, "tags", strconv.Itoa(j)))
		}
	}
	for _, c := range l.clusters {
		if path := l.IstioPath(c, "values", "revision"); c.Istio.Values["revision"] == c.Istio.Revision && len(l.all) > 1 && !l.Broken(path...) {
			found.Add(l.Pos(path...), twoForms, "there is a list of revisions as well").Relate(l.Pos(l.path...), "the list")
		}
		path := l.IstioPath(c, "values", "revisionTags")
		if tags, _ := c.Istio.Values["revisionTags"].([]any); len(tags) > 0 && !l.Broken(path...) {
			found.Add(l.Pos(path...), tagsBesideList, "the tags are for none of the revisions").Relate(l.Pos(l.path...), "the list")
		}
	}
}

var tagsBesideList = &diag.Rule{
	Code: "tags-beside-list", Severity: diag.Error, Fixed: true,
	Title:  "revision tags in values, beside a list of revisions",
	Why:    "values are for every control plane, so each would claim the tag, and the one that is installed last would have it",
	Fix:    "write tags in the entry of the revision that they lead to, and delete values.revisionTags",
	Source: "manifests/charts/istio-control/istio-discovery/templates/revision-tags-mwc.yaml",
	Bad:    `istio: {version: null, values: {revisionTags: [prod]}, revisions: [{name: 1-31-1, version: "1.31.1"}]}`,
	Good:   `istio: {version: null, revisions: [{name: 1-31-1, version: "1.31.1", tags: [prod]}]}`,
}

var gatewayRevision = &diag.Rule{
	Code: "unknown-gateway-revision", Severity: diag.Error, Fixed: true,
	Title:  "a gateway that goes by a revision which its cluster does not have",
	Why:    "nothing would inject its pods: they have no proxy, or the one that they have finds no control plane, and calls from other networks end there",
	Fix:    "keep the revision or the tag in the list until the gateway goes by another one, or delete eastWestGateway.revision: then it goes by the default",
	Source: "https://istio.io/latest/docs/setup/additional-setup/gateway/",
	Bad:    `clusters: {cluster-a: {eastWestGateway: {revision: 1-30-3}}}`,
	Good:   `clusters: {cluster-a: {eastWestGateway: {revision: default}}}`,
}

// checkGateway reports a gateway whose revision or tag is not there.
func checkGateway(t schema.Written, c *schema.Cluster, found *diag.List) {
	path := schema.ClusterPath(c, "eastWestGateway", "revision")
	if c.EastWestGateway.Revision == "" || t.Broken(path...) || t.UnsureRevisions(c) || c.Named(c.EastWestGateway.Revision) != nil {
		return
	}
	d := found.Add(t.Pos(path...), gatewayRevision, "cluster %q has no revision and no tag %q for its gateway, only %s", c.Name, c.EastWestGateway.Revision, diag.Enumerate(names(c), "and"))
	d.Relate(t.Pos(t.IstioPath(c, "revision")...), "its revision")
}

// names gives the revisions and the tags of a cluster.
func names(c *schema.Cluster) []string {
	var all []string
	for _, p := range c.ControlPlanes() {
		all = append(append(all, strconv.Quote(p.Istio.RevisionName())), quoted(p.Istio.RevisionTags())...)
	}
	return all
}

func quoted(names []string) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = strconv.Quote(name)
	}
	return all
}

var revisionsApart = &diag.Rule{
	Code: "revisions-apart", Severity: diag.Warning,
	Title:  "control planes of one cluster that are too far apart",
	Why:    "Istio supports an upgrade by revision over at most two minor versions, and a CNI plugin or ztunnel that is one minor version older than a control plane: what is injected may call for what the other side does not know",
	Fix:    "upgrade in two steps, with a version between them",
	Source: "https://istio.io/latest/docs/setup/upgrade/canary/",
	Bad:    `istio: {version: null, revisions: [{name: 1-28-3, version: "1.28.3", default: true}, {name: 1-31-1, version: "1.31.1"}]}`,
	Good:   `istio: {version: null, revisions: [{name: 1-30-3, version: "1.30.3", default: true}, {name: 1-31-1, version: "1.31.1"}]}`,
}

// checkApart compares the versions of a list: over the newest one, two minor versions at most.
func (l *list) checkApart(found *diag.List) {
	oldest, newest := -1, -1
	for i, r := range l.all {
		if r.Version.Minor() == 0 || l.Broken(l.at(i, "version")...) {
			return
		}
		if oldest < 0 || r.Version.Minor() < l.all[oldest].Version.Minor() {
			oldest = i
		}
		if newest < 0 || r.Version.Minor() > l.all[newest].Version.Minor() {
			newest = i
		}
	}
	if oldest < 0 {
		return
	}
	apart, most := l.all[newest].Version.Minor()-l.all[oldest].Version.Minor(), 2
	if slices.ContainsFunc(l.clusters, onNodes) {
		most = 1
	}
	if apart > most {
		d := found.Add(l.Pos(l.at(newest, "version")...), revisionsApart, "Istio %s stands beside %s", l.all[newest].Version, l.all[oldest].Version)
		d.Relate(l.Pos(l.at(oldest, "version")...), "the other version")
	}
}

// onNodes reports whether a cluster has a part of Istio on its nodes, which is there once.
func onNodes(c *schema.Cluster) bool { return c.Istio.Enables("cni") || c.Istio.Enables("ztunnel") }
