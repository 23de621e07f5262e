package reader

import (
	"fmt"
	"slices"
)

// Rule is one of a role: all that differ in one thing only are one.
type Rule struct {
	Group                   string
	Resources, Names, Verbs []string
}

// rules gives what a role grants in one namespace, or in all.
func (all rights) rules(namespace string) []Rule {
	var rules []Rule
	for _, r := range all {
		if r.namespace != namespace {
			continue
		}
		rule := Rule{r.group, []string{r.resource}, nil, []string{r.verb}}
		if r.name != "" {
			rule.Names = []string{r.name}
		}
		rules = append(rules, rule)
	}
	rules = joined(rules, func(r *Rule) *[]string { return &r.Verbs })
	rules = joined(rules, func(r *Rule) *[]string { return &r.Names })
	return joined(rules, func(r *Rule) *[]string { return &r.Resources })
}

// joined joins the rules that differ in one list only. What is without names does not get any.
func joined(rules []Rule, of func(*Rule) *[]string) []Rule {
	var kept []Rule
	for _, r := range rules {
		same := slices.IndexFunc(kept, func(k Rule) bool {
			a, b := k, r
			*of(&a), *of(&b) = nil, nil
			return len(k.Names) == 0 == (len(r.Names) == 0) && fmt.Sprintf("%q", a) == fmt.Sprintf("%q", b)
		})
		if same < 0 {
			kept = append(kept, r)
			continue
		}
		list := of(&kept[same])
		for _, item := range *of(&r) {
			if !slices.Contains(*list, item) {
				*list = append(*list, item)
			}
		}
	}
	return kept
}
