package reader

import "slices"

// right is the smallest thing that a role can grant.
type right struct {
	namespace string // the only one that is asked, or "" for all
	group     string
	resource  string
	name      string // of the only object that is asked for, or "" for all
	verb      string
}

type rights []right

// request is what istiod asks of an API server. Without names it is about all objects of a kind: list and watch have a
// name only where istiod selects that name (fieldSelector metadata.name), and create never has one, because RBAC does
// not see the name of what is created.
type request struct {
	namespace, group string
	resources        []string
	names, verbs     []string
}

func (all *rights) add(q request) {
	for _, resource := range q.resources {
		for _, verb := range q.verbs {
			if len(q.names) == 0 || verb == "create" {
				*all = append(*all, right{group: q.group, resource: resource, verb: verb})
				continue
			}
			for _, name := range q.names {
				*all = append(*all, right{q.namespace, q.group, resource, name, verb})
			}
		}
	}
}

// within gives the rights as a cluster can grant them that has the control plane's namespace of that name. No other
// needs to be there, so a Role in it cannot be applied: there the name alone is the limit.
func (all rights) within(namespace string) rights {
	all = slices.Clone(all)
	for i := range all {
		if all[i].namespace != namespace {
			all[i].namespace = ""
		}
	}
	return all
}

// needed gives each right once, and none that another one includes.
func (all rights) needed() rights {
	has, taken := map[right]bool{}, map[right]bool{}
	for _, r := range all {
		has[r] = true
	}
	var kept rights
	for _, r := range all {
		everywhere, wide := r, r
		everywhere.namespace, wide.namespace, wide.name = "", "", ""
		included := r != wide && has[wide] || r != everywhere && has[everywhere]
		if !included && !taken[r] {
			kept = append(kept, r)
			taken[r] = true
		}
	}
	return kept
}
