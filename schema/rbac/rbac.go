// Package rbac says what roles of Kubernetes allow, and which rights a reader lacks.
package rbac

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// Policy is one rule of a role, or one that a role needs. One with names allows list and watch too, where istiod
// selects one of them, but never create.
// https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources
type Policy struct {
	Groups, Resources, Names, Verbs []string
	places                          places
}

// places are where a rule says what it is about.
type places struct{ resources, names, verbs diag.Pos }

func PolicyOf(rule *document.Node) Policy {
	at := func(key string) (pos diag.Pos) {
		if e := rule.Entry(key); e != nil {
			pos = e.KeyPos
		}
		return pos
	}
	return Policy{
		Groups: rule.StringsAt("apiGroups"), Resources: rule.StringsAt("resources"), Names: rule.StringsAt("resourceNames"), Verbs: rule.StringsAt("verbs"),
		places: places{at("resources"), at("resourceNames"), at("verbs")},
	}
}

var (
	readVerbs = []string{"get", "list", "watch"}
	ListVerbs = []string{"list", "watch"} // what istiod asks for: it reads nothing by its name alone
)

// BuiltinRoles are the user-facing roles that every cluster has, with those of their rules that istiod needs
var BuiltinRoles = map[string][]Policy{
	"view":  viewed,
	"edit":  append(viewed[:len(viewed):len(viewed)], Policy{Groups: []string{""}, Resources: []string{"secrets"}, Verbs: []string{"*"}}),
	"admin": append(viewed[:len(viewed):len(viewed)], Policy{Groups: []string{""}, Resources: []string{"secrets"}, Verbs: []string{"*"}}),
}

var viewed = []Policy{
	{Groups: []string{""}, Resources: []string{"configmaps", "namespaces", "pods", "services"}, Verbs: readVerbs},
	{Groups: []string{"discovery.k8s.io"}, Resources: []string{"endpointslices"}, Verbs: readVerbs},
}

// OnlyConfigMaps gives what rules allow of ConfigMaps.
func OnlyConfigMaps(rules []Policy) []Policy {
	var all []Policy
	for _, r := range rules {
		if has(r.Groups, "") && has(r.Resources, "configmaps") {
			r.Groups, r.Resources = []string{""}, []string{"configmaps"}
			all = append(all, r)
		}
	}
	return all
}

func has(list []string, item string) bool {
	return slices.Contains(list, item) || slices.Contains(list, "*")
}

// Allows reports whether a rule allows something with all objects of a kind, or with one whose name fits.
func (p Policy) Allows(group, resource, verb string, fits func(name string) bool) bool {
	return has(p.Groups, group) && has(p.Resources, resource) && has(p.Verbs, verb) &&
		(len(p.Names) == 0 || fits != nil && verb != "create" && slices.ContainsFunc(p.Names, fits))
}
