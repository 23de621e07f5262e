package lint

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/fields"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/rbac"
)

const (
	tokenDocument = "https://kubernetes.io/docs/concepts/configuration/secret/#service-account-token-secrets"
)

var (
	tokenSecretBare = &diag.Rule{
		Code: "token-secret-without-account", Severity: diag.Error,
		Title:  "a token Secret without the name of its ServiceAccount",
		Why:    "the API server refuses the Secret: metadata.annotations[kubernetes.io/service-account.name] is required",
		Fix:    "add the annotation kubernetes.io/service-account.name with the name of the ServiceAccount",
		Source: tokenDocument,
		Bad:    "kind: Secret\ntype: kubernetes.io/service-account-token\nmetadata: {name: reader-token}",
		Good:   "kind: Secret\ntype: kubernetes.io/service-account-token\nmetadata: {name: reader-token, annotations: {kubernetes.io/service-account.name: reader}}",
	}
	tokenSecretUnknown = &diag.Rule{
		Code: "token-secret-unknown-account", Severity: diag.Warning,
		Title:  "a token Secret for a ServiceAccount that the manifests do not have",
		Why:    "Kubernetes deletes a token Secret whose account is not there, and no token is ever written into it",
		Fix:    "name a ServiceAccount of the same namespace",
		Source: tokenDocument,
		Bad:    "annotations: {kubernetes.io/service-account.name: raeder}",
		Good:   "annotations: {kubernetes.io/service-account.name: reader}",
	}
	tokenSecretMissing = &diag.Rule{
		Code: "token-secret-missing", Severity: diag.Warning,
		Title:  "a ServiceAccount without the token Secret that it should have",
		Why:    "since Kubernetes 1.24 nothing makes one for an account, not even that the account lists it: there is no token for the remote Secret",
		Fix:    "add a Secret of that name, of type kubernetes.io/service-account-token, with the annotation kubernetes.io/service-account.name",
		Source: tokenDocument,
		Bad:    "kind: ServiceAccount\nmetadata: {name: reader}\nsecrets: [{name: reader-istio-remote-secret-token}]",
		Good:   "kind: ServiceAccount\nmetadata: {name: reader}",
	}
)

var tokenSecretGroup = group{rules: []*diag.Rule{tokenSecretBare, tokenSecretUnknown, tokenSecretMissing}, check: (*cluster).checkTokenSecrets}

func (c *cluster) addTokenSecret(o *manifest.Object, found *diag.List) {
	if s := c.keepTokenSecret(o); s.account.text == "" {
		found.Add(o.At("metadata", "annotations", fields.AccountAnnotation), tokenSecretBare, "%s lacks the annotation %s", o, fields.AccountAnnotation)
	}
}

// keepTokenSecret keeps a Secret that is, or was meant to be, one for a token.
func (c *cluster) keepTokenSecret(o *manifest.Object) *tokenSecret {
	s := &tokenSecret{value{o.Name, o.At("metadata", "name")}, o.Namespace, valueAt(o.Root, "metadata", "annotations", fields.AccountAnnotation), rbac.Rendered(o)}
	s.rendered = s.rendered && s.account.text != schema.TokenReader
	c.rights.Tokens = append(c.rights.Tokens, rbac.Account{Name: s.account.text, Namespace: s.namespace})
	c.tokenSecrets = append(c.tokenSecrets, s)
	return s
}

// madeByCharts are the ServiceAccounts that Istio's charts and Kubernetes make.
var madeByCharts = []string{"default", "istiod", "istio-reader-service-account"}

// checkTokenSecrets compares token Secrets with the ServiceAccounts. Where the manifests have no ServiceAccount, they
// are made elsewhere.
func (c *cluster) checkTokenSecrets(found *diag.List) {
	for _, s := range c.tokenSecrets {
		if s.account.text == "" || len(c.rights.Accounts) == 0 && (!s.rendered || c.unread) || slices.Contains(madeByCharts, s.account.text) || c.rights.Account(s.account.text, s.namespace) != nil {
			continue
		}
		if want := c.wanted(); want != nil && want.Istio.Reader.ServiceAccount == s.account.text && c.renderedAccount() != nil {
			continue // that one differs from the topology
		}
		d := found.Add(s.account.pos, tokenSecretUnknown, "the manifests of cluster %q have no ServiceAccount %s in the namespace of Secret %s", c.name, s.account.text, s.name.text)
		var names []string
		for _, a := range c.rights.Accounts {
			names = append(names, a.Name)
		}
		if near := diag.Nearest(s.account.text, names); near != "" && near != s.account.text {
			d.Fix = "did you mean " + near + "?"
		}
	}
	for _, a := range c.rights.Accounts {
		if a.Rendered && !c.unread && len(c.tokenSecrets) == 0 {
			found.Add(a.Pos, tokenSecretMissing, "the manifests of cluster %q have no Secret for the token of ServiceAccount %s", c.name, a.Name)
		}
		for _, listed := range a.Secrets {
			if strings.HasSuffix(listed.Text, tokenSecretSuffix) && !c.hasTokenSecret(listed.Text) {
				found.Add(listed.Pos, tokenSecretMissing, "ServiceAccount %s lists the Secret %s, which the manifests of cluster %q do not have", a.Name, listed.Text, c.name)
			}
		}
	}
}
