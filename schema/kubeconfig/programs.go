package kubeconfig

import (
	"meshtopo.dev/meshtopo/schema/document"
)

// execFields are those of exec that are taken over. A program that istiod runs has nobody to ask: how it may ask is
// always Never, and what to install where it is missing is for people.
var execFields = []string{"apiVersion", "command", "args", "env", "provideClusterInfo"}

// oidcFields are those of the auth-provider oidc that are taken over
// (k8s.io/client-go/plugin/pkg/client/auth/oidc/oidc.go). idp-certificate-authority names a file.
var oidcFields = []string{"idp-issuer-url", "client-id", "client-secret", "id-token", "refresh-token", "extra-scopes", "idp-certificate-authority-data"}

// other gives what the user of the current context logs in with besides tokens and client certificates, by the names
// of fields; nil for nothing.
func (k *Config) other() map[string]any {
	all := map[string]any{}
	if exec := k.root.At(at(k.user, "exec")...); present(exec) && exec.Kind == document.Map {
		taken := fieldsOf(exec, execFields)
		taken["interactiveMode"] = "Never"
		all["exec"] = taken
	}
	if provider := k.root.At(at(k.user, "auth-provider")...); provider.StringAt("name") == oidc {
		all["auth-provider"] = map[string]any{"name": oidc, "config": fieldsOf(provider.At("config"), oidcFields)}
	}
	if len(all) == 0 {
		return nil
	}
	return all
}

// oidc is the only auth-provider that istiod takes without an option (pkg/kube/util.go, sanitizeKubeConfig).
const oidc = "oidc"

func fieldsOf(n *document.Node, names []string) map[string]any {
	taken := map[string]any{}
	for _, name := range names {
		if field := n.At(name); present(field) || field != nil && field.Kind == document.List {
			taken[name] = texts(field)
		}
	}
	return taken
}

// texts gives a value with texts for numbers: what is quoted in a kubeconfig and what is not says nothing here.
func texts(n *document.Node) any {
	switch n.Kind {
	case document.List:
		all := make([]any, len(n.Items))
		for i, item := range n.Items {
			all[i] = texts(item)
		}
		return all
	case document.Map:
		all := map[string]any{}
		for _, e := range n.Fields {
			all[e.Key] = texts(e.Value)
		}
		return all
	case document.Bool:
		return n.Text == "true"
	}
	return n.Text
}
