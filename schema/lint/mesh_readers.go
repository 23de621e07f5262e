package lint

import (
	"cmp"
	"strings"

	"meshtopo.dev/meshtopo/schema/rbac"
)

// checkReaders checks the rights of the accounts by which control planes read other clusters.
func (m *mesh) checkReaders() {
	readers := m.readers()
	for _, c := range m.clusters {
		c.rights.Name, c.rights.Unread, c.rights.Installed = c.name, c.unread, len(c.installs) > 0
		for _, a := range c.readerAccounts() {
			c.rights.Check(a, func(allowed rbac.Rights, rendered bool) []rbac.Need {
				all := append(rbac.Always(), rbac.Gateways(len(c.listeners) > 0))
				known := readers[cmp.Or(c.clusterName(), c.name)]
				if !rendered { // by meshtopo: it fits versions and settings that manifests do not tell
					all = append(all, rbac.Secrets(known)...)
					for _, i := range known {
						all = append(all, i.Reads()...)
					}
				}
				return append(all, m.neededOnRemote(c, a, allowed)...)
			}, m.found)
		}
	}
}

// readers gives the control planes that have, or expect, a remote Secret for each name of a cluster: one of those that
// ask for the same.
func (m *mesh) readers() map[string][]rbac.Istiod {
	type asked struct{ name, what string }
	all, seen := map[string][]rbac.Istiod{}, map[asked]bool{}
	for _, p := range m.primaries() {
		var istiods []rbac.Istiod
		for _, i := range p.installs {
			if !i.remote() {
				istiods = append(istiods, i.asks())
			}
		}
		for _, name := range p.readNames() {
			for _, i := range istiods {
				if key := (asked{name, i.String()}); name != p.clusterName() && !seen[key] {
					seen[key] = true
					all[name] = append(all[name], i)
				}
			}
		}
	}
	return all
}

// readNames gives the names of the clusters for which a cluster has a remote Secret, or a kustomization the file of
// one.
func (c *cluster) readNames() []string {
	var names []string
	for _, r := range c.remoteSecrets {
		if names = append(names, r.cluster.text); r.reported && r.calls.given() {
			names = append(names, r.calls.text)
		}
	}
	for _, k := range c.kustomizations {
		for _, r := range k.Resources {
			if name, ok := strings.CutPrefix(r.Text, "remote-secrets/"); ok {
				names = append(names, strings.TrimSuffix(name, ".yaml"))
			}
		}
	}
	return names
}

// asks gives what of an installation says what its istiod asks of other clusters.
func (i *install) asks() rbac.Istiod {
	minor, _ := i.minor()
	return rbac.Istiod{Minor: minor, Revision: i.revision.text, AnyRevision: i.anyRevision, SignsNone: i.otherCA, Variable: i.given.Variable}
}

// neededOnRemote gives what the primary of a remote asks of it, to run it.
func (m *mesh) neededOnRemote(c *cluster, a rbac.Account, allowed rbac.Rights) []rbac.Need {
	i := c.install()
	if i == nil || !i.remote() {
		return nil
	}
	r := rbac.Remote{Namespaces: []string{a.Namespace, i.namespace}, Revision: i.revision.text, AnyRevision: i.anyRevision, Bundles: rbac.ReadsBundles(allowed)}
	primary := rbac.Istiod{Variable: func(string) string { return "" }}
	for _, name := range c.controlPlanes() {
		if p := m.controlPlane(name); p != nil && p.primary() {
			primary = p.install().asks()
		}
	}
	return r.Needs(primary)
}
