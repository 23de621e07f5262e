package lint

import (
	"crypto/sha256"
	"encoding/base64"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

var remoteSecretUnread = &diag.Rule{
	Code: "remote-secret-unlabelled", Severity: diag.Error,
	Title:  "a remote Secret without the label that istiod looks for",
	Why:    "istiod watches Secrets with exactly that label and does not see this one: the cluster's endpoints never appear",
	Fix:    `add the label istio/multiCluster: "true"`,
	Source: "pkg/kube/multicluster/secretcontroller.go",
}

var secretRules = []*diag.Rule{remoteSecretUnread}

// remoteSecret is one kubeconfig of a remote Secret.
type remoteSecret struct {
	cluster   value // the key: how the reading istiod calls the cluster
	namespace string
	namePos   diag.Pos
	server    value
	ca        [sha256.Size]byte // of the text that says whom to trust
	names     []value           // of the cluster, the context and the user in the kubeconfig
}

// cacerts is what a Secret cacerts gives istiod.
type cacerts struct {
	namespace string
	pos       diag.Pos
	items     map[string]manifest.Item
}

func (c *cluster) addSecret(o *manifest.Object, found *diag.List) {
	switch {
	case o.Name == "cacerts":
		c.addCACerts(o, found)
	case o.Root.At("metadata", "labels", remoteLabel) != nil || looksRemote(o):
		c.addRemoteSecret(o, found)
	}
}

// looksRemote reports whether a Secret holds a kubeconfig under the name of a remote Secret.
func looksRemote(o *manifest.Object) bool {
	const prefix = "istio-remote-secret-"
	return len(o.Name) > len(prefix) && o.Name[:len(prefix)] == prefix
}

func (c *cluster) addRemoteSecret(o *manifest.Object, found *diag.List) {
	if label := valueAt(o.Root, "metadata", "labels", remoteLabel); label.text != "true" {
		found.Add(o.At("metadata", "labels", remoteLabel), remoteSecretUnread, "%s has not the label %s: \"true\"", o, remoteLabel)
	}
	for _, item := range o.Items() {
		r := &remoteSecret{cluster: value{item.Key, item.KeyPos}, namespace: o.Namespace, namePos: o.At("metadata", "name")}
		if config := item.Document(); config != nil {
			r.read(config, item)
		}
		c.remoteSecrets = append(c.remoteSecrets, r)
	}
}

// read reads a kubeconfig.
func (r *remoteSecret) read(config *document.Node, item manifest.Item) {
	place := func(v value) value {
		if !v.given() {
			return v
		}
		v.pos, _ = item.Place(v.pos.Line)
		return v
	}
	r.server = place(valueAt(config, "clusters", "0", "cluster", "server"))
	for _, keys := range [][]string{{"clusters", "0", "name"}, {"contexts", "0", "name"}, {"users", "0", "name"}, {"current-context"}} {
		if v := valueAt(config, keys...); v.given() {
			r.names = append(r.names, place(v))
		}
	}
	ca, _ := base64.StdEncoding.DecodeString(config.StringAt("clusters", "0", "cluster", "certificate-authority-data"))
	r.ca = sha256.Sum256(ca)
}

func (c *cluster) addCACerts(o *manifest.Object, _ *diag.List) {
	s := &cacerts{namespace: o.Namespace, pos: o.At("metadata", "name"), items: map[string]manifest.Item{}}
	for _, item := range o.Items() {
		s.items[item.Key] = item
	}
	c.cacerts = append(c.cacerts, s)
}

// checkSecrets compares the Secrets of a cluster with its control plane.
func (c *cluster) checkSecrets(*diag.List) {}

// account is a ServiceAccount.
type account struct {
	name, namespace string
	pos             diag.Pos
}

func (c *cluster) addAccount(o *manifest.Object, _ *diag.List) {
	c.accounts = append(c.accounts, &account{o.Name, o.Namespace, o.At("metadata", "name")})
}

// role is a Role or ClusterRole.
type role struct {
	kind, name string
	pos        diag.Pos
	rules      []policy
}

// policy is one rule of a role.
type policy struct{ groups, resources, verbs []string }

func (c *cluster) addRole(o *manifest.Object, _ *diag.List) {
	r := &role{kind: o.Kind, name: o.Name, pos: o.At("metadata", "name")}
	if list := o.Root.At("rules"); list != nil {
		for _, item := range list.Items {
			r.rules = append(r.rules, policy{item.StringsAt("apiGroups"), item.StringsAt("resources"), item.StringsAt("verbs")})
		}
	}
	c.roles = append(c.roles, r)
}

// binding is a RoleBinding or ClusterRoleBinding.
type binding struct {
	pos      diag.Pos
	roleKind string
	role     value
	subjects []account
}

func (c *cluster) addBinding(o *manifest.Object, _ *diag.List) {
	b := &binding{pos: o.At("metadata", "name"), roleKind: o.Root.StringAt("roleRef", "kind"), role: valueAt(o.Root, "roleRef", "name")}
	if list := o.Root.At("subjects"); list != nil {
		for _, item := range list.Items {
			if item.StringAt("kind") == "ServiceAccount" {
				b.subjects = append(b.subjects, account{item.StringAt("name"), item.StringAt("namespace"), item.Pos})
			}
		}
	}
	c.bindings = append(c.bindings, b)
}
