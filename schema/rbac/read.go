package rbac

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// Role is a Role or a ClusterRole.
type Role struct {
	kind, name, namespace string
	pos                   diag.Pos
	rules                 []Policy
	unknown               bool // its rules are aggregated from others, or misspelt
	rendered              bool // by meshtopo render
}

// Binding is a RoleBinding or a ClusterRoleBinding.
type Binding struct {
	Pos             diag.Pos
	Kind, namespace string
	roleKind        string
	role            place
	subjects        []Account
	rendered        bool // by meshtopo render
}

// refersTo reports whether a binding is about a role.
func (b *Binding) refersTo(r *Role) bool {
	return b.roleKind == r.kind && b.role.Text == r.name && (r.kind == "ClusterRole" || b.namespace == r.namespace || b.namespace == "" || r.namespace == "")
}

// Binds reports whether a binding is about an account.
func (b *Binding) Binds(a Account) bool {
	return slices.ContainsFunc(b.subjects, func(s Account) bool {
		return s.Name == a.Name && (s.Namespace == a.Namespace || a.Namespace == "" || s.Namespace == "")
	})
}

// ofChart reports whether a binding is that of Istio's own chart, whose role fits its version.
func (b *Binding) ofChart() bool { return strings.HasPrefix(b.role.Text, "istio-reader-clusterrole") }

// ofAdmin reports whether a binding is to the role that allows everything.
func (b *Binding) ofAdmin() bool { return b.role.Text == "cluster-admin" }

// Account is a ServiceAccount.
type Account struct {
	Name, Namespace string
	Pos             diag.Pos
	Secrets         []*document.Node // the names of those that it lists
	Rendered        bool             // by meshtopo render
}

// place is a text and where it stands.
type place struct {
	Text string
	At   diag.Pos
}

// Rendered reports whether meshtopo made an object, and not for the account of an east-west gateway.
func Rendered(o *manifest.Object) bool {
	labels := o.Root.At("metadata", "labels")
	return labels.StringAt("app.kubernetes.io/managed-by") == "meshtopo" && labels.StringAt("istio") != "eastwestgateway"
}

// ReadRole reads a Role or a ClusterRole. One whose rules are misspelt is not known.
func ReadRole(o *manifest.Object, misspelt bool) *Role {
	r := &Role{
		kind: o.Kind, name: o.Name, namespace: o.Namespace, pos: o.At("metadata", "name"),
		unknown: misspelt || o.Root.At("aggregationRule") != nil, rendered: Rendered(o),
	}
	for _, item := range o.Root.ItemsAt("rules") {
		r.rules = append(r.rules, PolicyOf(item))
	}
	return r
}

// ReadBinding reads a RoleBinding or a ClusterRoleBinding.
func ReadBinding(o *manifest.Object) *Binding {
	b := &Binding{
		Pos: o.At("metadata", "name"), Kind: o.Kind, namespace: o.Namespace, rendered: Rendered(o),
		roleKind: o.Root.StringAt("roleRef", "kind"), role: place{o.Root.StringAt("roleRef", "name"), o.At("roleRef", "name")},
	}
	for _, item := range o.Root.ItemsAt("subjects") {
		if item.StringAt("kind") == "ServiceAccount" {
			b.subjects = append(b.subjects, Account{Name: item.StringAt("name"), Namespace: item.StringAt("namespace"), Pos: item.Pos})
		}
	}
	return b
}

// ReadAccount reads a ServiceAccount.
func ReadAccount(o *manifest.Object) *Account {
	a := &Account{Name: o.Name, Namespace: o.Namespace, Pos: o.At("metadata", "name"), Rendered: Rendered(o)}
	for _, item := range o.Root.ItemsAt("secrets") {
		if name := item.At("name"); name != nil {
			a.Secrets = append(a.Secrets, name)
		}
	}
	return a
}
