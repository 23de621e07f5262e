package lint

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/rbac"
)

type role struct {
	kind, name, namespace string
	pos                   diag.Pos
	rules                 []rbac.Policy
	unknown               bool // its rules are aggregated from others, or misspelt
	rendered              bool // by meshtopo render
}

type binding struct {
	pos             diag.Pos
	kind, namespace string
	roleKind        string
	role            value
	subjects        []account
	rendered        bool // by meshtopo render
}

// refersTo reports whether a binding is about a role.
func (b *binding) refersTo(r *role) bool {
	return b.roleKind == r.kind && b.role.text == r.name && (r.kind == "ClusterRole" || b.namespace == r.namespace || b.namespace == "" || r.namespace == "")
}

// binds reports whether a binding is about an account.
func (b *binding) binds(a account) bool {
	return slices.ContainsFunc(b.subjects, func(s account) bool {
		return s.name == a.name && (s.namespace == a.namespace || a.namespace == "" || s.namespace == "")
	})
}

// ofChart reports whether a binding is that of Istio's own chart, whose role fits its version.
func (b *binding) ofChart() bool { return strings.HasPrefix(b.role.text, "istio-reader-clusterrole") }

type account struct {
	name, namespace string
	pos             diag.Pos
	secrets         []value // that it lists
	rendered        bool    // by meshtopo render
}

// rendered reports whether meshtopo made an object.
func rendered(o *manifest.Object) bool {
	return o.Root.StringAt("metadata", "labels", "app.kubernetes.io/managed-by") == "meshtopo"
}

// tokenSecret is a Secret into which Kubernetes writes the token of a ServiceAccount.
type tokenSecret struct {
	name, namespace string
	account         value
	rendered        bool // by meshtopo render
}

func readRole(o *object) *role {
	r := &role{kind: o.Kind, name: o.Name, namespace: o.Namespace, pos: o.At("metadata", "name"), unknown: o.Root.At("aggregationRule") != nil || within(o.misspelt, "rules")}
	r.rendered = rendered(o.Object)
	for _, item := range items(o.Root, "rules") {
		r.rules = append(r.rules, rbac.PolicyOf(item))
	}
	return r
}

func readBinding(o *object) *binding {
	b := &binding{
		pos: o.At("metadata", "name"), kind: o.Kind, namespace: o.Namespace, rendered: rendered(o.Object), roleKind: o.Root.StringAt("roleRef", "kind"), role: valueAt(o.Root, "roleRef", "name"),
	}
	for _, item := range items(o.Root, "subjects") {
		if item.StringAt("kind") == "ServiceAccount" {
			b.subjects = append(b.subjects, account{name: item.StringAt("name"), namespace: item.StringAt("namespace"), pos: item.Pos})
		}
	}
	return b
}

func readAccount(o *object) *account {
	a := &account{name: o.Name, namespace: o.Namespace, pos: o.At("metadata", "name"), rendered: rendered(o.Object)}
	for _, item := range items(o.Root, "secrets") {
		a.secrets = append(a.secrets, valueAt(item, "name"))
	}
	return a
}
