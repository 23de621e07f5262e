package render

import (
	"fmt"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/shown"
)

// clusterProblem is a problem with the objects and clusters that have it.
type clusterProblem struct {
	*patch.Problem
	objects, clusters []string
	severity          diag.Severity // 0 for the rule's
}

// add notes a problem, once for all the objects and clusters that have it.
func (ps *patches) add(p *patch.Problem, cluster string) *clusterProblem {
	key := fmt.Sprintf("%v %s %s", p.Pos, p.Rule.Code, p.Message)
	known := ps.known[key]
	if known == nil {
		known = &clusterProblem{Problem: p}
		ps.known[key] = known
		ps.problems = append(ps.problems, known)
	}
	if p.Object != "" && !slices.Contains(known.objects, p.Object) {
		known.objects = append(known.objects, p.Object)
	}
	if cluster != "" && !slices.Contains(known.clusters, cluster) {
		known.clusters = append(known.clusters, cluster)
	}
	return known
}

// report adds all that was found to a list, and the texts of the files that it points into.
func (ps *patches) report(found *diag.List) {
	for name, text := range ps.files {
		if !found.HasSource(name) {
			found.AddSource(name, text)
		}
	}
	found.Show(shown.File)
	for _, p := range ps.problems {
		d := p.AddTo(found)
		if len(p.objects) > 0 {
			d.Message += " of " + diag.Few(p.objects)
		}
		if len(p.objects) == 1 && len(p.clusters) == 1 {
			d.Message += p.Values
		}
		if len(p.clusters) == 1 && p.Fix != "" {
			d.Fix = strings.ReplaceAll(p.Fix, patch.AnyCluster, "clusters."+p.clusters[0]+".")
		}
		if len(p.clusters) > 0 {
			d.Message += " in " + diag.NameClusters(p.clusters)
		}
		if p.severity != 0 {
			d.Severity = p.severity
		}
	}
}

// checkFits reports patches that fit nothing: one of the mesh in no cluster, one of a cluster in that cluster. While
// clusters are joining, not everything is rendered that will be.
func (ps *patches) checkFits() {
	for _, u := range ps.all {
		if u.Patch == nil || u.fits {
			continue
		}
		where, objects := "of any cluster", ps.objects
		if u.cluster != "" {
			where, objects = fmt.Sprintf("of cluster %q", u.cluster), ps.own[u.cluster]
		}
		joining := slices.ContainsFunc(ps.topology.Clusters, func(c *schema.Cluster) bool { return c.State == schema.Joining })
		problem := u.Unmatched(where, objects)
		if !joining {
			ps.add(problem, "")
			continue
		}
		problem.Message += " yet"
		problem.Why = "while a cluster is joining, not everything is rendered: the patch may be for what is still to come"
		ps.add(problem, "").severity = diag.Info
	}
}
