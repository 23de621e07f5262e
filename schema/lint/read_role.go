package lint

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

type role struct {
	kind, name string
	pos        diag.Pos
	rules      []policy
	unknown    bool // its rules are aggregated from others, or misspelt
	rendered   bool // by meshtopo render
}

// policy is one rule of a role, or one that a role needs. One with names allows list and watch too, where istiod
// selects one of them, but never create.
// https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources
type policy struct{ groups, resources, names, verbs []string }

func policyOf(rule *document.Node) policy {
	return policy{rule.StringsAt("apiGroups"), rule.StringsAt("resources"), rule.StringsAt("resourceNames"), rule.StringsAt("verbs")}
}

type binding struct {
	pos      diag.Pos
	kind     string
	roleKind string
	role     value
	subjects []account
}

// binds reports whether a binding is about an account.
func (b *binding) binds(a account) bool {
	return slices.ContainsFunc(b.subjects, func(s account) bool {
		return s.name == a.name && (s.namespace == a.namespace || a.namespace == "" || s.namespace == "")
	})
}

// ofChart reports whether a binding is that of Istio's own chart, whose role fits its version.
func (b *binding) ofChart() bool { return strings.HasPrefix(b.role.text, "istio-reader-clusterrole") }

var (
	readVerbs = []string{"get", "list", "watch"}
	listVerbs = []string{"list", "watch"} // what istiod asks for: it reads nothing by its name alone
)

// builtinRoles are the user-facing roles that every cluster has, with those of their rules that istiod needs
var builtinRoles = map[string][]policy{
	"view":  viewed,
	"edit":  append(viewed[:len(viewed):len(viewed)], policy{groups: []string{""}, resources: []string{"secrets"}, verbs: []string{"*"}}),
	"admin": append(viewed[:len(viewed):len(viewed)], policy{groups: []string{""}, resources: []string{"secrets"}, verbs: []string{"*"}}),
}

var viewed = []policy{
	{groups: []string{""}, resources: []string{"configmaps", "namespaces", "pods", "services"}, verbs: readVerbs},
	{groups: []string{"discovery.k8s.io"}, resources: []string{"endpointslices"}, verbs: readVerbs},
}

// onlyConfigMaps gives what rules allow of ConfigMaps.
func onlyConfigMaps(rules []policy) []policy {
	var all []policy
	for _, r := range rules {
		if has(r.groups, "") && has(r.resources, "configmaps") {
			all = append(all, policy{[]string{""}, []string{"configmaps"}, r.names, r.verbs})
		}
	}
	return all
}

// need is what a role has to allow: of all objects, or of one whose name fits.
type need struct {
	policy
	fits     func(name string) bool // nil where all objects are needed
	inSystem bool                   // in the namespace of the control plane only
}

// rights are what an account may do: in all namespaces, and with ConfigMaps in that of the control plane.
type rights struct{ everywhere, inSystem []policy }

// lacking gives what is needed and not allowed, with one API group for each rule.
func lacking(r rights, needed []need) []policy {
	var missing []policy
	for _, n := range needed {
		allowed := r.everywhere
		if n.inSystem {
			allowed = slices.Concat(r.everywhere, r.inSystem)
		}
		m := policy{groups: n.groups, names: n.names}
		for _, resource := range n.resources {
			var verbs []string
			for _, verb := range n.verbs {
				if !slices.ContainsFunc(allowed, func(p policy) bool { return p.allows(n.groups[0], resource, verb, n.fits) }) {
					verbs = append(verbs, verb)
				}
			}
			if len(verbs) > 0 {
				m.resources = append(m.resources, resource)
				m.verbs = merged(m.verbs, verbs)
			}
		}
		if len(m.resources) > 0 {
			missing = append(missing, m)
		}
	}
	return missing
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

func has(list []string, item string) bool {
	return slices.Contains(list, item) || slices.Contains(list, "*")
}

// allows reports whether a rule allows something with all objects of a kind, or with one whose name fits.
func (p policy) allows(group, resource, verb string, fits func(name string) bool) bool {
	return has(p.groups, group) && has(p.resources, resource) && has(p.verbs, verb) &&
		(len(p.names) == 0 || fits != nil && verb != "create" && slices.ContainsFunc(p.names, fits))
}

// optional are the resources that not every istiod reads: no secrets with
// PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER=false, configmaps only in 1.26 and from 1.29 on, gateways only where their
// resource definition is installed.
var optional = []string{"secrets", "configmaps", "gateways"}

type account struct {
	name, namespace string
	pos             diag.Pos
	secrets         []value // that it lists
}

// tokenSecret is a Secret into which Kubernetes writes the token of a ServiceAccount.
type tokenSecret struct {
	name, namespace string
	account         value
}

func readRole(o *object) *role {
	r := &role{kind: o.Kind, name: o.Name, pos: o.At("metadata", "name"), unknown: o.Root.At("aggregationRule") != nil || within(o.misspelt, "rules")}
	r.rendered = o.Root.StringAt("metadata", "labels", "app.kubernetes.io/managed-by") == "meshtopo"
	for _, item := range items(o.Root, "rules") {
		r.rules = append(r.rules, policyOf(item))
	}
	return r
}

func readBinding(o *object) *binding {
	b := &binding{
		pos: o.At("metadata", "name"), kind: o.Kind, roleKind: o.Root.StringAt("roleRef", "kind"), role: valueAt(o.Root, "roleRef", "name"),
	}
	for _, item := range items(o.Root, "subjects") {
		if item.StringAt("kind") == "ServiceAccount" {
			b.subjects = append(b.subjects, account{name: item.StringAt("name"), namespace: item.StringAt("namespace"), pos: item.Pos})
		}
	}
	return b
}

func readAccount(o *object) *account {
	a := &account{name: o.Name, namespace: o.Namespace, pos: o.At("metadata", "name")}
	for _, item := range items(o.Root, "secrets") {
		a.secrets = append(a.secrets, valueAt(item, "name"))
	}
	return a
}
