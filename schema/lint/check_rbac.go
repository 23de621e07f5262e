package lint

import (
	"fmt"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/rbac"
)

var rbacGroup = group{rules: []*diag.Rule{rbac.ReaderLacksRights, rbac.ReaderIsAdmin, rbac.ReaderInNamespace}, check: (*cluster).checkReaders}

// checkReaders checks the rights of the accounts by which other clusters read this one.
func (c *cluster) checkReaders(found *diag.List) {
	for _, a := range c.readerAccounts() {
		c.checkReader(a, found)
	}
}

func (c *cluster) checkReader(a account, found *diag.List) {
	wide, narrow := c.bindingsOf(a)
	boundByChart := c.boundByChart(a, wide)
	switch {
	case len(wide) == 0 && !boundByChart && c.reportUnbound(a, found):
	case len(wide) == 0 && len(narrow) > 0 && !boundByChart:
		found.Add(narrow[0].pos, rbac.ReaderInNamespace, "ServiceAccount %s, by which other clusters read %q, has rights in a namespace only", a.name, c.name)
	case len(wide) > 0 && !c.reportRoles(a, wide, found) && !boundByChart:
		if rights, known := c.rightsOf(wide, narrow); known {
			c.reportLacking(a, wide, rbac.Lacking(rights, c.needed(a, rights.Everywhere, c.rendersRole(wide))), found)
		}
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
func (c *cluster) reportRoles(a account, wide []*binding, found *diag.List) (reported bool) {
	for _, b := range wide {
		if b.role.text == "cluster-admin" {
			found.Add(b.role.pos, rbac.ReaderIsAdmin, "ServiceAccount %s, whose token other clusters have, is a cluster-admin of %q", a.name, c.name)
			return true
		}
		if _, known := c.rulesOf(b); !known {
			c.reportUnknownRole(b, found)
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

// reportUnbound reports bindings that were meant for an account: they name one that does not exist, in another
// namespace or with nearly the same name. Where there are none, the account is bound elsewhere.
func (c *cluster) reportUnbound(a account, found *diag.List) (reported bool) {
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

// reportUnknownRole reports a binding to a role that does not exist where one with nearly that name does.
func (c *cluster) reportUnknownRole(b *binding, found *diag.List) {
	var names []string
	for _, r := range c.roles {
		if r.kind == b.roleKind {
			names = append(names, r.name)
		}
	}
	if near := diag.Nearest(b.role.text, names); near != "" && near != b.role.text && !b.ofChart() {
		d := found.Add(b.role.pos, rbac.ReaderLacksRights, "the manifests of cluster %q have no %s %s, to which its reader is bound", c.name, b.roleKind, b.role.text)
		d.Fix = "did you mean " + near + "?"
	}
}

// reportLacking names the rules that are missing, if any are. It is a warning if all of them are optional.
func (c *cluster) reportLacking(a account, wide []*binding, missing []rbac.Policy, found *diag.List) {
	if len(missing) == 0 {
		return
	}
	pos := wide[0].pos
	for _, r := range c.roles {
		if r.kind == "ClusterRole" && r.name == wide[0].role.text {
			pos = r.pos
		}
	}
	var resources, rules []string
	for _, m := range missing {
		resources = rbac.Merged(resources, m.Resources)
		names := ""
		if len(m.Names) > 0 {
			names = fmt.Sprintf("resourceNames: [%s], ", strings.Join(m.Names, ", "))
		}
		rules = append(rules, fmt.Sprintf("{apiGroups: [%q], resources: [%s], %sverbs: [%s]}", m.Groups[0], strings.Join(m.Resources, ", "), names, strings.Join(m.Verbs, ", ")))
	}
	d := found.Add(pos, rbac.ReaderLacksRights, "ServiceAccount %s, by which other clusters read %q, may not %s %s",
		a.name, c.name, strings.Join(missing[0].Verbs, ", "), strings.Join(resources, ", "))
	d.Fix = "add to its ClusterRole: " + strings.Join(rules, ", ")
	if !slices.ContainsFunc(resources, func(r string) bool { return !slices.Contains(rbac.Optional, r) }) {
		d.Severity = diag.Warning
		d.Why = "istiod needs secrets unless it runs with PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER=false, configmaps in 1.26 and from 1.29 on, and gateways where " +
			"Gateway API is installed: without, the cluster stays in syncStatus timeout"
	}
}
