package lint

import (
	"meshtopo.dev/meshtopo/schema/cacerts"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/fields"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/remotesecret"
)

var secretNamespace = &diag.Rule{
	Code: "secret-namespace", Severity: diag.Error, Symptom: true,
	Title:  "a Secret for istiod that is not in istiod's namespace",
	Why:    "istiod looks into its own namespace only, and goes on as if there were no such Secret",
	Fix:    "put it into the namespace of the control plane",
	Source: "https://github.com/istio/istio/issues/49780",
	Bad:    "kind: Secret\nmetadata: {name: istio-remote-secret-west, namespace: default}",
	Good:   "kind: Secret\nmetadata: {name: istio-remote-secret-west, namespace: istio-system}",
}

var secretGroup = group{rules: []*diag.Rule{secretNamespace}}

func (c *cluster) addSecret(o *object, found *diag.List) {
	switch {
	case o.Name == "cacerts" && cacerts.ForIstio(o.Object):
		fields.CheckSecret(o.Object, found)
		c.addCACerts(o.Object, found)
	case o.Name == externalKubeconfig:
		fields.CheckSecret(o.Object, found)
		c.addExternalKubeconfig(o.Object, found)
	case o.Root.At("metadata", "labels", remotesecret.Label) != nil:
		fields.CheckSecret(o.Object, found)
		c.addRemoteSecret(o.Object, found)
	case remotesecret.Looks(o.Object):
		c.otherSecrets = append(c.otherSecrets, o.Object)
	case fields.CheckTokenType(o.Object, found):
		c.keepTokenSecret(o.Object)
	case o.Root.StringAt("type") == fields.TokenType:
		fields.CheckSecret(o.Object, found)
		c.addTokenSecret(o.Object, found)
	default:
		c.otherSecrets = append(c.otherSecrets, o.Object)
	}
}

// forControlPlane reports whether a Secret is one that addSecret looks at.
func forControlPlane(o *manifest.Object) bool {
	return o.Name == "cacerts" && cacerts.ForIstio(o) || o.Name == externalKubeconfig || remotesecret.Looks(o) || o.Root.StringAt("type") == fields.TokenType
}

// checkNamespace reports a Secret in a namespace where istiod does not look for it. Where the manifests have no control
// plane, it is only known not to be in the namespace default.
func (c *cluster) checkNamespace(p placed, found *diag.List) {
	if !p.namespace.given() {
		if c.namespaceIn(p.pos.File, "") == "" {
			d := found.Add(p.pos, secretNamespace, "%s has no namespace", p.what)
			d.Severity = diag.Warning
			d.Why = "it goes to whichever namespace kubectl has at the time, and istiod looks into its own only"
			d.Fix = "write the namespace of the control plane: namespace: " + c.controlPlaneNamespace()
		}
		return
	}
	if c.hasControlPlaneIn(p.namespace.text) {
		return
	}
	d := found.Add(p.pos, secretNamespace, "%s is in the namespace %s, where istiod does not look", p.what, p.namespace.text)
	d.Fix = "put it into the namespace of the control plane: namespace: " + c.controlPlaneNamespace()
}
