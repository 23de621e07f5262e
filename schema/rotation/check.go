package rotation

import (
	"fmt"
	"strconv"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/trust"
)

// CheckSteps compares a topology with the states that a tree of before has, by cluster.
func CheckSteps(t schema.Written, before map[string]State, found *diag.List) {
	after := map[string]State{}
	for _, c := range t.Clusters {
		if c.RunsControlPlane() {
			after[c.Name] = Of(t.Topology, c)
		}
	}
	checkRoots(t, newStep(before, after, rooted), found)
	checkDomain(t, newStep(before, after, named), found)
}

// checkRoots reports what is wrong with a step of the roots: one finding, because one step comes first.
func checkRoots(t schema.Written, s step[trust.Digest], found *diag.List) {
	roots := []string{"spec", "trust", "roots"}
	var d *diag.Diagnostic
	switch early, late, replaced := s.early(), s.late(), s.replaced(); {
	case early != nil:
		d = report(t, signerPath(t, early.show[0]), rootNotTrusted, found, "%s would sign under the root %s, which the tree of %s does not trust yet",
			diag.NameClusters(early.show), nameRoot(t, early.what), diag.NameClusters(early.refused))
	case late != nil:
		d = report(t, roots, rootInUse, found, "the root %s goes, under which the tree of %s has its workloads' certificates signed",
			nameRoot(t, late.what), diag.NameClusters(late.show))
	case len(replaced) > 0:
		d = report(t, roots, rootsReplaced, found, "the roots in the tree of %s are replaced by others", diag.NameClusters(replaced))
	}
	if d != nil {
		d.Fix = nextRoots(t, s)
	}
}

// nextRoots says which step comes first.
func nextRoots(t schema.Written, s step[trust.Digest]) string {
	phase, all := s.next()
	if t.TrustFrom(schema.CertManager) {
		return fmt.Sprintf("cert-manager writes one root to each Secret, so first bring Secrets cacerts with all of %s yourself, with provider: existing; apply; then the new issuer; then its root alone", nameRoots(t, all))
	}
	if phase == distribute {
		return fmt.Sprintf("first distribute the roots: write %s in trust.roots, and the intermediates that the tree has; render, apply in every cluster and restart; then switch the intermediates", nameRoots(t, all))
	}
	return fmt.Sprintf("first switch the intermediates: write %s in trust.roots, and give clusters those under the new root; render, apply in every cluster, restart workloads and gateways; then take the old root out", nameRoots(t, all))
}

// checkDomain reports what is wrong with a step of the trust domain.
func checkDomain(t schema.Written, s step[string], found *diag.List) {
	domain, aliases := []string{"spec", "mesh", "trustDomain"}, []string{"spec", "mesh", "trustDomainAliases"}
	if ambient := t.AmbientClusters(); len(ambient) > 0 && s.changes() {
		report(t, domain, ambientDomain, found, "the trust domain becomes %q, with ztunnel in %s", t.Mesh.TrustDomain, diag.NameClusters(schema.Names(ambient)))
	}
	switch early, late := s.early(), s.late(); {
	case early != nil:
		d := report(t, domain, domainNotAccepted, found, "the trust domain becomes %s, which the tree of %s does not accept yet",
			strconv.Quote(early.what), diag.NameClusters(early.refused))
		if before := s.shown(); d != nil && before != "" {
			d.Fix = fmt.Sprintf("first write trustDomain: %s and trustDomainAliases: [%s]; render and apply in every cluster; then trustDomain: %s and trustDomainAliases: [%s], and restart workloads and gateways",
				before, strings.Join(without(s.union(), before), ", "), early.what, strings.Join(without(s.union(), early.what), ", "))
		}
	case late != nil:
		path := domain
		if t.Given(aliases...) {
			path = aliases
		}
		d := report(t, path, domainInUse, found, "the trust domain %s goes, which workloads have in the tree of %s",
			strconv.Quote(late.what), diag.NameClusters(late.show))
		if d != nil {
			d.Fix = fmt.Sprintf("write trustDomainAliases: [%s]; render, apply in every cluster, and restart workloads and gateways; then take %s out",
				strings.Join(without(s.union(), t.Mesh.TrustDomain), ", "), late.what)
		}
	}
}

// shown gives what clusters show before the step, if it is the same for all.
func (s step[T]) shown() T {
	var zero, one T
	for _, b := range s.before {
		if one != zero && b.shows != one {
			return zero
		}
		one = b.shows
	}
	return one
}

// report adds a finding at the place of a field, unless a problem of that has been reported.
func report(t schema.Written, path []string, rule *diag.Rule, found *diag.List, format string, args ...any) *diag.Diagnostic {
	if t.Broken(path...) {
		return nil
	}
	return found.Add(t.Pos(path...), rule, format, args...)
}

// signerPath is where the intermediate of a cluster stands.
func signerPath(t schema.Written, cluster string) []string {
	own := schema.ClusterPath(t.Cluster(cluster), "intermediate")
	if t.Given(own...) {
		return append(own, "cert")
	}
	return []string{"spec", "trust", "intermediates"}
}

// nameRoot names a root: by its file in the topology, or by its fingerprint.
func nameRoot(t schema.Written, root trust.Digest) string {
	if file := t.Public.RootFiles[root]; file != "" {
		return "of " + file
	}
	return "with the fingerprint " + short(root)
}

// short gives the beginning of a fingerprint.
func short(root trust.Digest) string { return text(root)[:len(algorithm)+16] + "…" }

func nameRoots(t schema.Written, roots []trust.Digest) string {
	var names []string
	for _, root := range roots {
		if file := t.Public.RootFiles[root]; file != "" {
			names = append(names, file)
			continue
		}
		names = append(names, "the root of before ("+short(root)+", in the history of git)")
	}
	return diag.Enumerate(names, "and")
}

func without(all []string, one string) []string {
	var rest []string
	for _, other := range all {
		if other != one {
			rest = append(rest, other)
		}
	}
	return rest
}
