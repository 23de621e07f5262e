// Package rbac says what roles of Kubernetes allow, and which rights a reader lacks.
package rbac

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/document"
)

// Policy is one rule of a role, or one that a role needs. One with names allows list and watch too, where istiod
// selects one of them, but never create.
// https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources
type Policy struct{ Groups, Resources, Names, Verbs []string }

func PolicyOf(rule *document.Node) Policy {
	return Policy{rule.StringsAt("apiGroups"), rule.StringsAt("resources"), rule.StringsAt("resourceNames"), rule.StringsAt("verbs")}
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
			all = append(all, Policy{[]string{""}, []string{"configmaps"}, r.Names, r.Verbs})
		}
	}
	return all
}

// Need is what a role has to allow: of all objects, or of one whose name fits.
type Need struct {
	Policy
	Fits     func(name string) bool // nil where all objects are needed
	InSystem bool                   // in the namespace of the control plane only
}

// Rights are what an account may do: in all namespaces, and with ConfigMaps in that of the control plane.
type Rights struct{ Everywhere, InSystem []Policy }

// Lacking gives what is needed and not allowed, with one API group for each rule.
func Lacking(r Rights, needed []Need) []Policy {
	var missing []Policy
	for _, n := range needed {
		allowed := r.Everywhere
		if n.InSystem {
			allowed = slices.Concat(r.Everywhere, r.InSystem)
		}
		m := Policy{Groups: n.Groups, Names: n.Names}
		for _, resource := range n.Resources {
			var verbs []string
			for _, verb := range n.Verbs {
				if !slices.ContainsFunc(allowed, func(p Policy) bool { return p.Allows(n.Groups[0], resource, verb, n.Fits) }) {
					verbs = append(verbs, verb)
				}
			}
			if len(verbs) > 0 {
				m.Resources = append(m.Resources, resource)
				m.Verbs = Merged(m.Verbs, verbs)
			}
		}
		if len(m.Resources) > 0 {
			missing = append(missing, m)
		}
	}
	return missing
}

// Merged gives the items of both lists, each once.
func Merged(a, b []string) []string {
	for _, item := range b {
		if !slices.Contains(a, item) {
			a = append(a, item)
		}
	}
	return a
}

func has(list []string, item string) bool {
	return slices.Contains(list, item) || slices.Contains(list, "*")
}

// Allows reports whether a rule allows something with all objects of a kind, or with one whose name fits.
func (p Policy) Allows(group, resource, verb string, fits func(name string) bool) bool {
	return has(p.Groups, group) && has(p.Resources, resource) && has(p.Verbs, verb) &&
		(len(p.Names) == 0 || fits != nil && verb != "create" && slices.ContainsFunc(p.Names, fits))
}

// Optional are the resources that not every istiod reads: no secrets with
// PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER=false, configmaps only in 1.26 and from 1.29 on, gateways only where their
// resource definition is installed.
var Optional = []string{"secrets", "configmaps", "gateways"}

func AnyName(string) bool { return true }

func PolicyFor(group string, verbs []string, resources ...string) Policy {
	return Policy{Groups: []string{group}, Resources: resources, Verbs: verbs}
}

// EveryOf needs all objects of some kinds.
func EveryOf(group string, verbs []string, resources ...string) Need {
	return Need{Policy: PolicyFor(group, verbs, resources...)}
}

// OneOf needs the object of that name.
func OneOf(group string, verbs []string, resource, name string) Need {
	p := PolicyFor(group, verbs, resource)
	p.Names = []string{name}
	return Need{Policy: p, Fits: func(allowed string) bool { return allowed == name }}
}
