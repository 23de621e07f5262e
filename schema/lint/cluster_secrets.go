package lint

import (
	"meshtopo.dev/meshtopo/schema/kustomization"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/rbac"
)

// reads reports whether a cluster has, or may have, a remote Secret for another. A cluster whose manifests do not name
// it goes by the name of its directory.
func (c *cluster) reads(other *cluster) bool {
	return slices.ContainsFunc(c.remoteSecrets, func(r *remoteSecret) bool {
		name := other.clusterName()
		return name != "" && r.isFor(name) || name == "" && r.cluster.text == other.name
	})
}

// expects reports whether a kustomization names a file with the name that meshtopo gives to the remote Secret for
// another cluster.
func (c *cluster) expects(other *cluster) bool {
	return slices.ContainsFunc(c.kustomizations, func(k *kustomization.Kustomization) bool {
		return slices.ContainsFunc(k.Resources, func(r kustomization.Resource) bool { return r.Text == "remote-secrets/"+other.clusterName()+".yaml" })
	})
}

// signing gives the Secret cacerts of a cluster, or nil where no istiod reads it.
func (c *cluster) signing() *signer {
	if i := c.install(); len(c.cacerts) == 0 || i != nil && i.remote() {
		return nil
	}
	return c.cacerts[0]
}

// readerAccounts gives the accounts by which other clusters read this one: those with the names that Istio's charts and
// meshtopo use, and those with a token Secret that is named as istioctl does.
func (c *cluster) readerAccounts() []rbac.Account {
	var all []rbac.Account
	add := func(name, namespace string) {
		if name != "" && !slices.ContainsFunc(all, func(a rbac.Account) bool { return a.Name == name && a.Namespace == namespace }) {
			all = append(all, rbac.Account{Name: name, Namespace: namespace})
		}
	}
	for _, s := range c.tokenSecrets {
		if strings.Contains(s.name.text, tokenSecretSuffix) {
			add(s.account.text, s.namespace)
		}
	}
	for _, a := range c.rights.Accounts {
		if a.Rendered || a.Name == "istio-remote-reader" || a.Name == "istio-reader-service-account" {
			add(a.Name, a.Namespace)
		}
	}
	return all
}

func (c *cluster) hasTokenSecret(name string) bool {
	return slices.ContainsFunc(c.tokenSecrets, func(s *tokenSecret) bool { return s.name.text == name })
}

// renderedAccount gives the account of the reader as meshtopo rendered it, or nil.
func (c *cluster) renderedAccount() *rbac.Account {
	if i := slices.IndexFunc(c.rights.Accounts, func(a *rbac.Account) bool { return a.Rendered }); i >= 0 {
		return c.rights.Accounts[i]
	}
	return nil
}
