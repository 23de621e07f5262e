package reader

import "strings"

// Rule is one of a role: all that differ in one thing only are one.
type Rule struct {
	Group                   string
	Resources, Names, Verbs []string
}

// rules gives what a role grants in one namespace, or in all.
func (all rights) rules(namespace string) []Rule {
	var rules []Rule
	places := map[right]int{}
	for _, r := range all {
		if r.namespace != namespace {
			continue
		}
		verb := r.verb
		r.verb = ""
		at, ok := places[r]
		if !ok {
			at = len(rules)
			places[r] = at
			rules = append(rules, Rule{Group: r.group, Resources: []string{r.resource}})
			if r.name != "" {
				rules[at].Names = []string{r.name}
			}
		}
		rules[at].Verbs = append(rules[at].Verbs, verb)
	}
	rules = joined(rules, func(r *Rule) *[]string { return &r.Names })
	return joined(rules, func(r *Rule) *[]string { return &r.Resources })
}

// joined joins the rules that differ in one list only. What is without names does not get any.
func joined(rules []Rule, of func(*Rule) *[]string) []Rule {
	var kept []Rule
	places := map[string]int{}
	for _, r := range rules {
		rest := r
		*of(&rest) = nil
		key := rest.key(len(r.Names) > 0)
		at, ok := places[key]
		if !ok {
			places[key] = len(kept)
			kept = append(kept, r)
			continue
		}
		list := of(&kept[at])
		*list = append(*list, *of(&r)...)
	}
	return kept
}

// key is a text that no other rule has.
func (r Rule) key(named bool) string {
	parts := []string{r.Group, strings.Join(r.Resources, "\x00"), strings.Join(r.Names, "\x00"), strings.Join(r.Verbs, "\x00")}
	if named {
		parts = append(parts, "")
	}
	return strings.Join(parts, "\x01")
}
