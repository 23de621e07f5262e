package fields

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/placeholder"
	"meshtopo.dev/meshtopo/schema/settings"
)

// The type of Secrets into which Kubernetes writes tokens, and the annotation that says whose.
const (
	TokenType         = "kubernetes.io/service-account-token"
	AccountAnnotation = "kubernetes.io/service-account.name"
)

var (
	secretName = &diag.Rule{
		Code: "secret-name", Severity: diag.Error,
		Title:  "a Secret whose name Kubernetes does not take",
		Why:    "the API server refuses the Secret: a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'",
		Fix:    "write the name in lower case, of letters, digits, \"-\" and \".\"",
		Source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/",
		Bad:    "kind: Secret\nmetadata: {name: istio-remote-secret-Cluster_1}",
		Good:   "kind: Secret\nmetadata: {name: istio-remote-secret-cluster-1}",
	}
	secretType = &diag.Rule{
		Code: "secret-type", Severity: diag.Error,
		Title:  "a Secret of a type that does not fit its keys, or its use",
		Why:    "the API server refuses the Secret: the type says which keys are required",
		Fix:    "delete type: it is Opaque then",
		Source: "https://kubernetes.io/docs/concepts/configuration/secret/#secret-types",
		Bad:    "kind: Secret\ntype: kubernetes.io/tls\nstringData: {ca-cert.pem: …}",
		Good:   "kind: Secret\ntype: Opaque\nstringData: {ca-cert.pem: …}",
	}
	secretValue = &diag.Rule{
		Code: "secret-value", Severity: diag.Error,
		Title:  "a value of a Secret that is not what Kubernetes takes there",
		Why:    "the API server refuses the whole Secret: data takes base64, stringData takes text",
		Fix:    "move plain text to stringData, or encode it: base64 -w0 FILE",
		Source: "https://kubernetes.io/docs/concepts/configuration/secret/",
		Bad:    "kind: Secret\ndata: {west: \"apiVersion: v1 …\"}",
		Good:   "kind: Secret\nstringData: {west: \"apiVersion: v1 …\"}",
	}
)

// CheckSecret checks what holds for all Secrets.
func CheckSecret(o *manifest.Object, found *diag.List) {
	if o.Name != "" && !settings.IsSubdomain(o.Name) {
		found.Add(o.At("metadata", "name"), secretName, "the name of the Secret is not a lower-case RFC 1123 subdomain")
	}
	items := o.Items()
	for _, item := range items {
		checkItem(o, item, found)
	}
	checkSecretType(o, items, found)
}

// checkItem reports a value that the API server refuses, without showing it.
func checkItem(o *manifest.Object, item manifest.Item, found *diag.List) {
	if !item.Bad || placeholder.In(item.Raw()) {
		return
	}
	switch item.Kind() {
	case document.String:
		d := found.Add(item.KeyPos, secretValue, "a value below data of %s is not base64", o)
		if manifest.Spaced(item.Raw()) {
			d.Reword("a value below data of %s is base64 with spaces in it", o)
			d.Fix = "begin it with \"|\" in the place of \">\", or write it in one line"
		}
	case document.Map, document.List:
		d := found.Add(item.KeyPos, secretValue, "a value of %s is %s, where text is wanted", o, item.Kind())
		d.Fix = "write a \"|\" behind the key, so that what is below it is text"
	case document.Null:
		found.Add(item.KeyPos, secretValue, "a value of %s is empty", o)
	default:
		d := found.Add(item.KeyPos, secretValue, "a value of %s is %s, where text is wanted", o, item.Kind())
		d.Fix = "put the value in quotes"
	}
}

// requiredKeys are those without which the API server refuses a Secret of a type.
var requiredKeys = map[string][]string{
	"kubernetes.io/tls":              {"tls.crt", "tls.key"},
	"kubernetes.io/ssh-auth":         {"ssh-privatekey"},
	"kubernetes.io/dockerconfigjson": {".dockerconfigjson"},
	"kubernetes.io/dockercfg":        {".dockercfg"},
}

func checkSecretType(o *manifest.Object, items []manifest.Item, found *diag.List) {
	for _, key := range requiredKeys[o.Root.StringAt("type")] {
		if !slices.ContainsFunc(items, func(i manifest.Item) bool { return i.Key == key }) {
			found.Add(o.At("type"), secretType, "%s has the type %s, but not the key %s", o, o.Root.StringAt("type"), key)
			return
		}
	}
}

// CheckTokenType reports a Secret that was meant to hold a token and has another type, and whether it is one.
func CheckTokenType(o *manifest.Object, found *diag.List) bool {
	if o.Root.StringAt("type") == TokenType || o.Root.At("metadata", "annotations", AccountAnnotation) == nil {
		return false
	}
	pos := o.At("metadata", "annotations", AccountAnnotation)
	if o.Root.At("type") != nil {
		pos = o.At("type")
	}
	d := found.Add(pos, secretType, "%s has the annotation %s, but not the type %s", o, AccountAnnotation, TokenType)
	d.Why, d.Fix = "Kubernetes writes a token into Secrets of that type only: there is none for the remote Secret", "write type: "+TokenType
	return true
}
