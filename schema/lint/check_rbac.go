package lint

import (
	"fmt"
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/rbac"
)

var rbacGroup = group{rules: []*diag.Rule{rbac.ReaderLacksRights, rbac.ReaderIsAdmin, rbac.ReaderInNamespace}}

// checkReader checks the rights of an account by which other clusters read this one.
func (c *cluster) checkReader(a account, needs func(allowed rbac.Rights, rendered bool) []rbac.Need, found *diag.List) {
	wide, narrow := c.bindingsOf(a)
	if c.boundByChart(a, wide) || len(wide) == 0 && c.reportMisbound(a, found) || c.reportRoles(a, slices.Concat(wide, narrow), found) {
		return
	}
	rights, known := c.rightsOf(wide, narrow)
	if !known {
		return
	}
	missing := rbac.Lacking(rights, needs(rights, c.rendersRole(wide)))
	switch {
	case c.reportUnbound(a, len(wide) > 0, missing, found):
	case len(wide) > 0:
		c.reportLacking(a, wide, missing, found)
	case len(narrow) > 0:
		found.Add(narrow[0].pos, rbac.ReaderInNamespace, "ServiceAccount %s, by which other clusters read %q, has rights in a namespace only", a.name, c.name)
	}
}

// bindingsOf gives the bindings of an account: to rights in the whole cluster, and in one namespace.
func (c *cluster) bindingsOf(a account) (wide, narrow []*binding) {
	for _, b := range c.bindings {
		switch {
		case !b.binds(a):
		case b.kind == "ClusterRoleBinding":
			wide = append(wide, b)
		default:
			narrow = append(narrow, b)
		}
	}
	return wide, narrow
}

// boundByChart reports whether an account has, or may have, the rights that Istio's chart gives it.
func (c *cluster) boundByChart(a account, wide []*binding) bool {
	return a.name == "istio-reader-service-account" && (len(c.installs) > 0 || len(wide) == 0) || slices.ContainsFunc(wide, (*binding).ofChart)
}

// reportRoles reports a role that allows everything, or one that is not there.
func (c *cluster) reportRoles(a account, bindings []*binding, found *diag.List) (reported bool) {
	for _, b := range bindings {
		if b.role.text == "cluster-admin" && b.kind == "ClusterRoleBinding" {
			found.Add(b.role.pos, rbac.ReaderIsAdmin, "ServiceAccount %s, whose token other clusters have, is a cluster-admin of %q", a.name, c.name)
			return true
		}
		if _, known := c.rulesOf(b); !known && c.reportUnknownRole(b, found) {
			return true
		}
	}
	return false
}

// rightsOf gives what the roles of bindings allow, or false where one of them is not known.
func (c *cluster) rightsOf(wide, narrow []*binding) (rbac.Rights, bool) {
	var r rbac.Rights
	for _, b := range wide {
		rules, known := c.rulesOf(b)
		if !known {
			return rbac.Rights{}, false
		}
		r.Everywhere = append(r.Everywhere, rules...)
	}
	for _, b := range narrow {
		rules, known := c.rulesOf(b)
		if !known {
			return rbac.Rights{}, false
		}
		r.InSystem = append(r.InSystem, rbac.OnlyConfigMaps(rules)...)
	}
	return r, true
}

// rulesOf gives the rules of a binding's role. It gives false where the role is not in the manifests, or is aggregated
// from others.
func (c *cluster) rulesOf(b *binding) ([]rbac.Policy, bool) {
	if builtin, ok := rbac.BuiltinRoles[b.role.text]; ok {
		return builtin, true
	}
	for _, r := range c.roles {
		if r.kind == b.roleKind && r.name == b.role.text {
			return r.rules, !r.unknown
		}
	}
	return nil, false
}

// rendersRole reports whether meshtopo made the role of one of the bindings.
func (c *cluster) rendersRole(bindings []*binding) bool {
	return slices.ContainsFunc(c.roles, func(r *role) bool {
		return r.rendered && slices.ContainsFunc(bindings, func(b *binding) bool { return b.roleKind == r.kind && b.role.text == r.name })
	})
}

// reportMisbound reports bindings that were meant for an account: they name one that does not exist, in another
// namespace or with nearly the same name. Where there are none, the account is bound elsewhere.
func (c *cluster) reportMisbound(a account, found *diag.List) (reported bool) {
	for _, b := range c.bindings {
		for _, s := range b.subjects {
			if b.binds(a) || c.account(s.name, s.namespace) != nil || diag.Nearest(s.name, []string{a.name}) == "" {
				continue
			}
			d := found.Add(s.pos, rbac.ReaderLacksRights, "%s binds ServiceAccount %s of namespace %s, which the manifests of cluster %q do not have", b.kind, s.name, s.namespace, c.name)
			d.Fix = fmt.Sprintf("write name: %s, namespace: %s", a.name, a.namespace)
			reported = true
		}
	}
	return reported
}

// reportUnbound reports roles with what an account lacks that nothing binds.
func (c *cluster) reportUnbound(a account, bound bool, missing []rbac.Lack, found *diag.List) (reported bool) {
	for _, r := range c.roles {
		if r.unknown || slices.ContainsFunc(c.bindings, func(b *binding) bool { return b.refersTo(r) }) || !r.rendered && !r.gives(missing, bound) {
			continue
		}
		d := found.Add(r.pos, rbac.ReaderLacksRights, "no binding gives %s %s to ServiceAccount %s, by which other clusters read %q", r.kind, r.name, a.name, c.name)
		d.Fix = fmt.Sprintf("add a %sBinding of the role and the account", r.kind)
		reported = true
	}
	return reported
}

// gives reports whether a role has what an account lacks: something of it, or most where nothing else is bound to it.
func (r *role) gives(missing []rbac.Lack, bound bool) bool {
	rights := rbac.Rights{Everywhere: r.rules}
	if r.kind == "Role" {
		rights = rbac.Rights{InSystem: rbac.OnlyConfigMaps(r.rules)}
	}
	count := 0
	for _, m := range missing {
		if !m.Unsure && len(rbac.Lacking(rights, []rbac.Need{m.Need})) == 0 {
			count++
		}
	}
	return count > 0 && (bound || r.kind == "ClusterRole" && count*2 > len(missing))
}

// reportUnknownRole reports a binding to a role that does not exist where one with nearly that name does, or where
// meshtopo rendered both.
func (c *cluster) reportUnknownRole(b *binding, found *diag.List) (reported bool) {
	var names []string
	for _, r := range c.roles {
		if r.kind == b.roleKind {
			names = append(names, r.name)
		}
	}
	near := diag.Nearest(b.role.text, names)
	if near == b.role.text || near == "" && !b.rendered || b.ofChart() || c.unread {
		return false
	}
	d := found.Add(b.role.pos, rbac.ReaderLacksRights, "the manifests of cluster %q have no %s %s, to which its reader is bound", c.name, b.roleKind, b.role.text)
	d.Fix = "add the role"
	if near != "" {
		d.Fix = "did you mean " + near + "?"
	}
	return true
}

// reportLacking names the rules that are missing, if any are: those that stand at one place in one finding. It is a
// warning if nothing of it is certain.
func (c *cluster) reportLacking(a account, wide []*binding, missing []rbac.Lack, found *diag.List) {
	pos := wide[0].pos
	for _, r := range c.roles {
		if r.kind == "ClusterRole" && r.name == wide[0].role.text {
			pos = r.pos
		}
	}
	var places []diag.Pos
	at := map[diag.Pos][]rbac.Lack{}
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
		lacking := rbac.Join(at[place])
		d := found.Add(place, rbac.ReaderLacksRights, "ServiceAccount %s, by which other clusters read %q, may not %s", a.name, c.name, lacking.Words())
		d.Fix = "add to its ClusterRole: " + lacking.Rules()
		if !lacking.Certain() {
			d.Severity = diag.Warning
			d.Why = "istiod needs secrets unless it runs with PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER=false, and gateways where " +
				"Gateway API is installed: without, the cluster stays in syncStatus timeout"
		}
	}
}
