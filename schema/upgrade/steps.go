package upgrade

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// record begins a line about a control plane in the sum file of a cluster.
const record = "istiod "

// Record gives a line for each control plane of a cluster, by which CheckSteps knows what an earlier tree installed.
func Record(c *schema.Cluster) []string {
	var lines []string
	for _, p := range c.ControlPlanes() {
		line := record + "revision=" + p.Istio.RevisionName() + " version=" + string(p.Istio.Version)
		if p.Istio.IsDefault() {
			line += " default"
		}
		if c.EastWestGateway.Enabled && c.GatewayControlPlane().Istio.RevisionName() == p.Istio.RevisionName() {
			line += " gateway"
		}
		unknown := func(tag string) bool { return !recorded().MatchString(tag) } // without a list a tag may be any text
		if tags := slices.DeleteFunc(slices.Clone(p.Istio.RevisionTags()), unknown); len(tags) > 0 {
			line += " tags=" + strings.Join(tags, ",")
		}
		lines = append(lines, line)
	}
	return lines
}

// recorded is what a name or a version in such a line looks like. Somebody may have written anything into the file.
var recorded = diag.OnceRegexp(`^[a-z0-9][-a-z0-9]{0,62}$`)

var recordedVersion = diag.OnceRegexp(`^1\.[0-9]{1,3}\.[0-9]{1,3}(-[0-9a-z.]{1,20})?$`)

// Installed is a control plane of a tree.
type Installed struct {
	schema.Revision
	Gateway bool // the gateway of the cluster goes by it
}

// Recorded reads such lines. Others are passed over.
func Recorded(lines []string) []Installed {
	var all []Installed
	for _, line := range lines {
		fields, ok := strings.CutPrefix(line, record)
		if !ok {
			continue
		}
		var r Installed
		for field := range strings.FieldsSeq(fields) {
			switch name, value, _ := strings.Cut(field, "="); name {
			case "revision":
				r.Name = value
			case "version":
				r.Version = schema.Version(value)
			case "default":
				r.Default = true
			case "gateway":
				r.Gateway = true
			case "tags":
				r.Tags = strings.Split(value, ",")
			}
		}
		unknown := func(name string) bool { return !recorded().MatchString(name) }
		if !unknown(r.Name) && recordedVersion().MatchString(string(r.Version)) && !slices.ContainsFunc(r.Tags, unknown) {
			all = append(all, r)
		}
	}
	return all
}

// StepRules gives every rule that CheckSteps reports.
func StepRules() []*diag.Rule {
	return []*diag.Rule{revisionInUse, defaultTooEarly, tagGone, versionJump}
}

var revisionInUse = &diag.Rule{
	Code: "revision-in-use", Severity: diag.Error,
	Title:  "a step that takes away a revision which is still used",
	Why:    "the tree has it as the default, with a tag, or for a gateway, so workloads and gateways run under it. Its routes, webhooks and control plane would go before they are restarted: their sidecars, those in remotes above all, find no istiod any more",
	Fix:    "keep it in istio.revisions beside the new one; render and apply; move default and tags to the new one; restart gateways and workloads; then take it out",
	Source: "https://istio.io/latest/docs/setup/upgrade/canary/",
}

var defaultTooEarly = &diag.Rule{
	Code: "default-too-early", Severity: diag.Error,
	Title:  "a step that moves the default to a revision which is not there yet",
	Why:    "Argo CD syncs the gateway as soon as it changes, and does not wait for a new control plane: pods of a revision that nothing injects yet start without a proxy, in ImagePullBackOff, and stay so",
	Fix:    "list the new revision beside the default one first; commit, wait until it runs, and then move the default",
	Source: "https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/",
}

var tagGone = &diag.Rule{
	Code: "tag-gone", Severity: diag.Warning,
	Title:  "a step that takes away a revision tag",
	Why:    "pods with the label istio.io/rev of that tag get no sidecar from then on: they start, and stand outside the mesh",
	Fix:    "give their namespaces and workloads another label first; whether some have it is not known here",
	Source: "https://istio.io/latest/docs/setup/upgrade/canary/#stable-revision-labels",
}

var versionJump = &diag.Rule{
	Code: "version-jump", Severity: diag.Warning,
	Title:  "a change in place over more than one minor version",
	Why:    "Istio supports a change in place by one minor version: sidecars that still run would be two or more away from their control plane",
	Fix:    "take the minor versions one after the other, or list the new version as a revision beside the old one, in istio.revisions",
	Source: "https://istio.io/latest/docs/setup/upgrade/in-place/",
}

// CheckSteps compares a topology with the control planes that the tree of before has, by cluster.
func CheckSteps(t schema.Written, before map[string][]Installed, found *diag.List) {
	var all steps
	for _, c := range t.Clusters {
		for _, r := range before[c.Name] {
			all.take(t, c, r)
		}
		if t.GitOps != nil && t.GitOps.Engine == schema.ArgoCD && jumps(c, before[c.Name]) {
			all.add(c, step{rule: defaultTooEarly, path: t.IstioPath(c, "revision"), what: "the default moves to " + strconv.Quote(c.Istio.RevisionName()) + ", which the tree of %s does not have"})
		}
	}
	for _, s := range all {
		s.report(t, found)
	}
}

// jumps reports whether the default moves from one that stays to one that is not in the tree yet. Of one that does not
// stay there is a finding already.
func jumps(c *schema.Cluster, before []Installed) bool {
	there := func(r Installed) bool { return r.Name == c.Istio.RevisionName() }
	stays := func(r Installed) bool { return r.Default && hasRevision(c, r.Name) }
	return slices.ContainsFunc(before, stays) && !slices.ContainsFunc(before, there)
}

// step is what happens to a revision or a tag in some clusters.
type step struct {
	rule     *diag.Rule
	path     []string
	what     string // with %s for the clusters
	fix      string // "" for that of the rule
	clusters []*schema.Cluster
}

type steps []*step

// take adds what happens to a revision of the tree of before.
func (all *steps) take(t schema.Written, c *schema.Cluster, r Installed) {
	now := c.Named(r.Name)
	path := t.IstioPath(c, "revision")
	switch {
	case now != nil && now.Istio.RevisionName() == r.Name:
		if ahead := now.Istio.Version.Minor() - r.Version.Minor(); ahead > 1 || ahead < -1 {
			all.add(c, step{rule: versionJump, path: t.IstioPath(now, "version"), what: fmt.Sprintf("Istio %s takes the place of %s in %%s", now.Istio.Version, r.Version)})
		}
	case (r.Default || r.Gateway || len(r.Tags) > 0) && !keptByOperator(t, c):
		all.add(c, inUse(c, r, path))
		return
	}
	if r.Name == "default" && now == nil {
		all.add(c, step{
			rule: tagGone, path: path, what: "the control plane without a revision goes from %s, and no tag default takes its place",
			fix: "give tags: [default] to the revision that takes over, in this step, or label the namespaces with istio.io/rev that have istio-injection: enabled",
		})
	}
	for _, tag := range r.Tags {
		if !hasTag(c, tag) {
			all.add(c, step{rule: tagGone, path: path, what: "the tag " + strconv.Quote(tag) + " goes, which the tree of %s has"})
		}
	}
}

// hasRevision reports whether a cluster has a control plane of that name.
func hasRevision(c *schema.Cluster, name string) bool {
	return slices.ContainsFunc(c.ControlPlanes(), func(p *schema.Cluster) bool { return p.Istio.RevisionName() == name })
}

// hasTag reports whether a tag leads to a control plane of a cluster.
func hasTag(c *schema.Cluster, tag string) bool {
	return slices.ContainsFunc(c.ControlPlanes(), func(p *schema.Cluster) bool { return slices.Contains(p.Istio.RevisionTags(), tag) })
}

// inUse says how a revision is used that goes, and what would be the next step.
func inUse(c *schema.Cluster, r Installed, path []string) step {
	s := step{rule: revisionInUse, path: path, what: "the revision " + strconv.Quote(r.Name) + " goes, the default one in the tree of %s"}
	switch {
	case r.Default:
	case len(r.Tags) == 0:
		s.what = "the revision " + strconv.Quote(r.Name) + " goes, by which the gateway goes in the tree of %s"
	default:
		s.what = "the revision " + strconv.Quote(r.Name) + " goes, with the tag " + strconv.Quote(r.Tags[0]) + " in the tree of %s"
	}
	switch new := c.Istio.RevisionName(); {
	case c.Istio.Revises():
		s.fix = "the operator keeps the old one, but this tree takes its route away: set this rule to info for this step, and leave the old VirtualService in the cluster until the workloads of its remotes have been restarted"
	case !r.Default:
		s.fix = "keep it in istio.revisions without what goes by it: move its tags to another revision, and the gateway; render and apply; restart what runs under it; then take it out"
	case len(c.ControlPlanes()) == 1:
		tags, move := "", "default"
		if len(r.Tags) > 0 {
			tags, move = ", tags: ["+strings.Join(r.Tags, ", ")+"]", "default and tags"
		}
		s.fix = fmt.Sprintf("write revisions: [{name: %s, version: %q, default: true%s}, {name: %s, version: %q}] first, render and apply; then move %s, restart gateways and workloads, and take %s out",
			r.Name, r.Version, tags, new, c.Istio.Version, move, r.Name)
	}
	return s
}

// keptByOperator reports whether the Sail operator keeps an old revision by itself as long as it is used. It does not
// see the workloads of remotes.
func keptByOperator(t schema.Written, c *schema.Cluster) bool {
	return c.Istio.Revises() && !t.ServesRemotes(c) && c.RunsControlPlane()
}

// add adds a step of a cluster to the same one of others.
func (all *steps) add(c *schema.Cluster, s step) {
	at := slices.IndexFunc(*all, func(o *step) bool { return o.rule == s.rule && o.what == s.what && slices.Equal(o.path, s.path) })
	if at < 0 {
		at = len(*all)
		*all = append(*all, &s)
	}
	(*all)[at].clusters = append((*all)[at].clusters, c)
}

func (s *step) report(t schema.Written, found *diag.List) {
	if t.Broken(s.path...) {
		return
	}
	d := found.Add(t.Pos(s.path...), s.rule, s.what, diag.NameClusters(schema.Names(s.clusters)))
	if s.fix != "" {
		d.Fix = s.fix
	}
}
