package rbac

import (
	"fmt"
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
)

// Cluster is what the manifests of a cluster say of accounts and of what they may do.
type Cluster struct {
	Name      string // in messages
	Unread    bool   // a part of the manifests could not be read
	Installed bool   // Istio's own objects are made there

	Roles    []*Role
	Bindings []*Binding
	Accounts []*Account
	Tokens   []Account // the accounts for which there are token Secrets
}

// Account gives the account of a name, or nil.
func (c *Cluster) Account(name, namespace string) *Account {
	for _, a := range c.Accounts {
		if a.Name == name && (a.Namespace == namespace || a.Namespace == "" || namespace == "") {
			return a
		}
	}
	return nil
}

// Check checks the rights of an account by which other clusters read this one.
func (c *Cluster) Check(a Account, needs func(allowed Rights, rendered bool) []Need, found *diag.List) {
	wide, narrow := c.bindingsOf(a)
	if c.reportAdmin(a, wide, found) {
		c.warnBesideAdmin(a, slices.Concat(wide, narrow), found)
		return
	}
	if c.boundByChart(a, wide) || c.reportMisbound(a, len(wide) > 0, found) || c.reportRoles(slices.Concat(wide, narrow), found) {
		return
	}
	rights, known := c.rightsOf(wide, narrow)
	if !known {
		return
	}
	missing := Lacking(rights, needs(rights, c.rendersRole(wide)))
	switch {
	case c.reportUnbound(a, len(wide) > 0, missing, found):
	case len(wide) > 0:
		c.reportLacking(a, wide, missing, found)
	case len(narrow) > 0:
		found.Add(narrow[0].Pos, ReaderInNamespace, "ServiceAccount %s, by which other clusters read %q, has rights in a namespace only", a.Name, c.Name)
	}
}

// bindingsOf gives the bindings of an account: to rights in the whole cluster, and in one namespace.
func (c *Cluster) bindingsOf(a Account) (wide, narrow []*Binding) {
	for _, b := range c.Bindings {
		switch {
		case !b.Binds(a):
		case b.Kind == "ClusterRoleBinding":
			wide = append(wide, b)
		default:
			narrow = append(narrow, b)
		}
	}
	return wide, narrow
}

// boundByChart reports whether an account has, or may have, the rights that Istio's chart gives it.
func (c *Cluster) boundByChart(a Account, wide []*Binding) bool {
	return a.Name == "istio-reader-service-account" && (c.Installed || len(wide) == 0) || slices.ContainsFunc(wide, (*Binding).ofChart)
}

// reportAdmin reports a binding to the role that allows everything, whatever else the account is bound to.
func (c *Cluster) reportAdmin(a Account, wide []*Binding, found *diag.List) (reported bool) {
	for _, b := range wide {
		if b.ofAdmin() {
			found.Add(b.role.At, ReaderIsAdmin, "ServiceAccount %s, whose token other clusters have, is a cluster-admin of %q", a.Name, c.Name)
			return true
		}
	}
	return false
}

// warnBesideAdmin warns of the mistakes in other bindings of an account that is a cluster-admin: they matter once it is
// none.
func (c *Cluster) warnBesideAdmin(a Account, bindings []*Binding, found *diag.List) {
	others := &diag.List{}
	c.reportMisbound(a, true, others)
	c.reportRoles(slices.DeleteFunc(bindings, (*Binding).ofAdmin), others)
	others.Each(func(d *diag.Diagnostic) {
		d.Severity = diag.Warning
		d.Why = "cluster-admin hides it: without that binding, istiod may not read what it needs, and the cluster stays in syncStatus timeout"
	})
	found.Append(others)
}

// reportRoles reports a role that is not there.
func (c *Cluster) reportRoles(bindings []*Binding, found *diag.List) (reported bool) {
	for _, b := range bindings {
		if _, known := c.rulesOf(b); !known && c.reportUnknownRole(b, found) {
			return true
		}
	}
	return false
}

// rightsOf gives what the roles of bindings allow, or false where one of them is not known.
func (c *Cluster) rightsOf(wide, narrow []*Binding) (Rights, bool) {
	var r Rights
	for _, b := range wide {
		rules, known := c.rulesOf(b)
		if !known {
			return Rights{}, false
		}
		r.Everywhere = append(r.Everywhere, rules...)
	}
	for _, b := range narrow {
		rules, known := c.rulesOf(b)
		if !known {
			return Rights{}, false
		}
		r.InSystem = append(r.InSystem, OnlyConfigMaps(rules)...)
	}
	return r, true
}

// rulesOf gives the rules of a binding's role. It gives false where the role is not in the manifests, or is aggregated
// from others.
func (c *Cluster) rulesOf(b *Binding) ([]Policy, bool) {
	if builtin, ok := BuiltinRoles[b.role.Text]; ok {
		return builtin, true
	}
	for _, r := range c.Roles {
		if r.kind == b.roleKind && r.name == b.role.Text {
			return r.rules, !r.unknown
		}
	}
	return nil, false
}

// rendersRole reports whether meshtopo made the role of one of the bindings.
func (c *Cluster) rendersRole(bindings []*Binding) bool {
	return slices.ContainsFunc(c.Roles, func(r *Role) bool {
		return r.rendered && slices.ContainsFunc(bindings, func(b *Binding) bool { return b.roleKind == r.kind && b.role.Text == r.name })
	})
}

// reportMisbound reports bindings that were meant for an account: they name one that does not exist, in another
// namespace or with nearly the same name, or meshtopo rendered them. Where there are none, the account is bound
// elsewhere. Where a token Secret is for the account that they name, the name of the account itself is the wrong one.
func (c *Cluster) reportMisbound(a Account, bound bool, found *diag.List) (reported bool) {
	for _, b := range c.Bindings {
		for _, s := range b.subjects {
			meant := b.rendered || !bound && diag.Nearest(s.Name, []string{a.Name}) != ""
			if !meant || b.Binds(a) || c.Account(s.Name, s.Namespace) != nil || slices.ContainsFunc(c.Tokens, b.Binds) {
				continue
			}
			d := found.Add(s.Pos, ReaderLacksRights, "%s binds ServiceAccount %s of namespace %s, which the manifests of cluster %q do not have", b.Kind, s.Name, s.Namespace, c.Name)
			d.Fix = fmt.Sprintf("write name: %s, namespace: %s", a.Name, a.Namespace)
			reported = true
		}
	}
	return reported
}

// reportUnbound reports roles with what an account lacks that nothing binds.
func (c *Cluster) reportUnbound(a Account, bound bool, missing []Lack, found *diag.List) (reported bool) {
	for _, r := range c.Roles {
		if r.unknown || slices.ContainsFunc(c.Bindings, func(b *Binding) bool { return b.refersTo(r) }) || !r.rendered && !r.gives(missing, bound) {
			continue
		}
		d := found.Add(r.pos, ReaderLacksRights, "no binding gives %s %s to ServiceAccount %s, by which other clusters read %q", r.kind, r.name, a.Name, c.Name)
		d.Fix = fmt.Sprintf("add a %sBinding of the role and the account", r.kind)
		reported = true
	}
	return reported
}

// gives reports whether a role has what an account lacks: something of it, or most where nothing else is bound to it.
func (r *Role) gives(missing []Lack, bound bool) bool {
	rights := Rights{Everywhere: r.rules}
	if r.kind == "Role" {
		rights = Rights{InSystem: OnlyConfigMaps(r.rules)}
	}
	count := 0
	for _, m := range missing {
		if !m.Unsure && len(Lacking(rights, []Need{m.Need})) == 0 {
			count++
		}
	}
	return count > 0 && (bound || r.kind == "ClusterRole" && count*2 > len(missing))
}

// reportUnknownRole reports a binding to a role that does not exist where one with nearly that name does, or where
// meshtopo rendered both.
func (c *Cluster) reportUnknownRole(b *Binding, found *diag.List) (reported bool) {
	var names []string
	for _, r := range c.Roles {
		if r.kind == b.roleKind {
			names = append(names, r.name)
		}
	}
	near := diag.Nearest(b.role.Text, names)
	if near == b.role.Text || near == "" && !b.rendered || b.ofChart() || c.Unread {
		return false
	}
	d := found.Add(b.role.At, ReaderLacksRights, "the manifests of cluster %q have no %s %s, to which its reader is bound", c.Name, b.roleKind, b.role.Text)
	d.Fix = "add the role"
	if near != "" {
		d.Fix = "did you mean " + near + "?"
	}
	return true
}

// reportLacking names the rules that are missing, if any are: those that stand at one place in one finding. It is a
// warning if nothing of it is certain.
func (c *Cluster) reportLacking(a Account, wide []*Binding, missing []Lack, found *diag.List) {
	pos := wide[0].Pos
	for _, r := range c.Roles {
		if r.kind == "ClusterRole" && r.name == wide[0].role.Text {
			pos = r.pos
		}
	}
	var places []diag.Pos
	at := map[diag.Pos][]Lack{}
	for _, m := range missing {
		if m.At.Line == 0 {
			m.At = pos
		}
		if at[m.At] == nil {
			places = append(places, m.At)
		}
		at[m.At] = append(at[m.At], m)
	}
	for _, place := range places {
		lacking := Join(at[place])
		d := found.Add(place, ReaderLacksRights, "ServiceAccount %s, by which other clusters read %q, may not %s", a.Name, c.Name, lacking.Words())
		d.Fix = "add to its ClusterRole: " + lacking.Rules()
		if !lacking.Certain() {
			d.Severity = diag.Warning
			d.Why = "istiod needs secrets unless it runs with PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER=false, and gateways where " +
				"Gateway API is installed: without, the cluster stays in syncStatus timeout"
		}
	}
}
