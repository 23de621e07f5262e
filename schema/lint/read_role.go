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
}

// policy is one rule of a role, or one that a role needs.
type policy struct{ groups, resources, verbs []string }

// policyOf reads a rule of a role. One that is limited to names of objects does not allow list.
func policyOf(rule *document.Node) policy {
	if len(rule.StringsAt("resourceNames")) > 0 {
		return policy{}
	}
	return policy{rule.StringsAt("apiGroups"), rule.StringsAt("resources"), rule.StringsAt("verbs")}
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

var readVerbs = []string{"get", "list", "watch"}

// builtinRoles are the user-facing roles that every cluster has, with those of their rules that istiod needs
var builtinRoles = map[string][]policy{
	"view":  viewed,
	"edit":  append(viewed[:len(viewed):len(viewed)], policy{[]string{""}, []string{"secrets"}, []string{"*"}}),
	"admin": append(viewed[:len(viewed):len(viewed)], policy{[]string{""}, []string{"secrets"}, []string{"*"}}),
}

var viewed = []policy{
	{[]string{""}, []string{"configmaps", "namespaces", "pods", "services"}, readVerbs},
	{[]string{"discovery.k8s.io"}, []string{"endpointslices"}, readVerbs},
}

func onlyConfigMaps(rules []policy) []policy {
	var all []policy
	for _, r := range rules {
		if r.allows("", "configmaps", "list") {
			all = append(all, policy{[]string{""}, []string{"configmaps"}, r.verbs})
		}
	}
	return all
}

// lacking gives what is needed and not allowed, with one API group for each rule.
func lacking(allowed, needed []policy) []policy {
	var missing []policy
	for _, n := range needed {
		m := policy{groups: n.groups}
		for _, resource := range n.resources {
			var verbs []string
			for _, verb := range n.verbs {
				if !slices.ContainsFunc(allowed, func(p policy) bool { return p.allows(n.groups[0], resource, verb) }) {
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

func (p policy) allows(group, resource, verb string) bool {
	has := func(list []string, item string) bool {
		return slices.Contains(list, item) || slices.Contains(list, "*")
	}
	return has(p.groups, group) && has(p.resources, resource) && has(p.verbs, verb)
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
