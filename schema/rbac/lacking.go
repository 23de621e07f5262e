package rbac

import (
	"fmt"
	"slices"
	"strings"
)

// Lacks are rights that one rule of a role lacks, in words.
type Lacks []Lack

// Join gives rights with those of one kind in one.
func Join(missing []Lack) Lacks {
	var all Lacks
	for _, m := range missing {
		i := slices.IndexFunc(all, func(l Lack) bool {
			return l.Group == m.Group && slices.Equal(l.Names, m.Names) && slices.Equal(l.Verbs, m.Verbs) && l.InSystem == m.InSystem
		})
		if i < 0 {
			m.Resources = slices.Clone(m.Resources)
			all = append(all, m)
			continue
		}
		all[i].Resources = merged(all[i].Resources, m.Resources)
		all[i].Unsure = all[i].Unsure && m.Unsure
	}
	return all
}

// Certain reports whether one of them is needed for certain.
func (l Lacks) Certain() bool { return slices.ContainsFunc(l, func(m Lack) bool { return !m.Unsure }) }

// Words says what may not be done.
func (l Lacks) Words() string {
	var verbs, resources []string
	for _, m := range l {
		verbs, resources = merged(verbs, m.Verbs), merged(resources, m.Resources)
	}
	return strings.Join(verbs, ", ") + " " + strings.Join(resources, ", ")
}

// Rules gives the rules that allow them.
func (l Lacks) Rules() string {
	var rules []string
	for _, m := range l {
		names := ""
		if len(m.Names) > 0 {
			names = fmt.Sprintf("resourceNames: [%s], ", strings.Join(m.Names, ", "))
		}
		rules = append(rules, fmt.Sprintf("{apiGroups: [%q], resources: [%s], %sverbs: [%s]}", m.Group, strings.Join(m.Resources, ", "), names, strings.Join(m.Verbs, ", ")))
	}
	return strings.Join(rules, ", ")
}

// merged gives the items of both lists, each once.
func merged(a, b []string) []string {
	for _, item := range b {
		if !slices.Contains(a, item) {
			a = append(a, item)
		}
	}
	return a
}
