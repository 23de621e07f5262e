package rules

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strconv"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

var podCIDRRules = group{[]*diag.Rule{overlappingPodCIDRs}, mesh.checkPodCIDRs}

var overlappingPodCIDRs = &diag.Rule{
	Code: "overlapping-pod-cidrs", Severity: diag.Error, Symptom: true,
	Title:  "pod addresses that occur twice on one network",
	Why:    "clusters on one network call each other's pods by address: a call reaches a pod of the wrong cluster, or none",
	Fix:    "give the clusters ranges that do not overlap, or put them on networks of their own",
	Source: "https://istio.io/latest/docs/ops/deployment/deployment-models/#network-models",
	Bad: `networks: {network2: null}
clusters:
  cluster-a: {podCIDRs: [10.0.0.0/8]}
  cluster-b: {network: network1, podCIDRs: [10.20.0.0/16]}`,
	Good: `networks: {network2: null}
clusters:
  cluster-a: {podCIDRs: [10.10.0.0/16]}
  cluster-b: {network: network1, podCIDRs: [10.20.0.0/16]}`,
}

// podCIDR is the range number i of a cluster's pods.
type podCIDR struct {
	prefix  netip.Prefix
	cluster *schema.Cluster
	i       int
}

func (r podCIDR) path() []string { return schema.ClusterPath(r.cluster, "podCIDRs", strconv.Itoa(r.i)) }

// checkPodCIDRs reports ranges that overlap on one network; on different networks they may.
func (t mesh) checkPodCIDRs(found *diag.List) {
	members, _ := t.members()
	for _, network := range slices.Sorted(maps.Keys(members)) {
		var outer podCIDR
		for _, r := range podCIDRs(members[network]) {
			if outer.cluster != nil && outer.prefix.Overlaps(r.prefix) {
				t.reportOverlap(outer, r, found)
			} else {
				outer = r
			}
		}
	}
}

// podCIDRs gives the ranges of clusters so that each comes after the one that holds it.
func podCIDRs(clusters []*schema.Cluster) []podCIDR {
	var ranges []podCIDR
	for _, c := range clusters {
		for i, p := range c.PodCIDRs {
			if p.IsValid() {
				ranges = append(ranges, podCIDR{p.Masked(), c, i})
			}
		}
	}
	slices.SortStableFunc(ranges, func(a, b podCIDR) int {
		return cmp.Or(a.prefix.Addr().Compare(b.prefix.Addr()), cmp.Compare(a.prefix.Bits(), b.prefix.Bits()))
	})
	return ranges
}

// reportOverlap places the finding at the range that comes second in the file.
func (t mesh) reportOverlap(a, b podCIDR, found *diag.List) {
	if t.Pos(a.path()...).Compare(t.Pos(b.path()...)) > 0 {
		a, b = b, a
	}
	d := found.Add(t.Pos(b.path()...), overlappingPodCIDRs, "the pods of cluster %q on %s overlap those of cluster %q on %s: both are on network %q",
		b.cluster.Name, b.prefix, a.cluster.Name, a.prefix, b.cluster.Network)
	if a.cluster == b.cluster {
		d.Message = fmt.Sprintf("cluster %q has the overlapping ranges %s and %s", b.cluster.Name, a.prefix, b.prefix)
		d.Why, d.Fix = "one range holds the other, so one of them is a mistake", "delete one of the two"
	}
	d.Relate(t.Pos(a.path()...), fmt.Sprintf("%s of cluster %q", a.prefix, a.cluster.Name))
}
