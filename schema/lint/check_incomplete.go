package lint

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

var incompleteObject = &diag.Rule{
	Code: "incomplete-object", Severity: diag.Error,
	Title:  "an object without its kind, its apiVersion or its name",
	Why:    "kubectl refuses it (\"Object 'Kind' is missing\", \"resource name may not be empty\"), and what it was meant to say is said nowhere",
	Fix:    "add what is missing",
	Source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/#required-fields",
	Bad:    "apiVersion: v1\nmetadata: {name: istio-system}",
	Good:   "apiVersion: v1\nkind: Namespace\nmetadata: {name: istio-system}",
}

// named are the API groups whose objects all have names.
var named = []string{"apps", "gateway.networking.k8s.io", "networking.istio.io", "rbac.authorization.k8s.io", "security.istio.io"}

// checkComplete reports an object that lacks what the API server goes by. It reports false for one: nothing more can be said of it,
// and what it is to say is not missed.
func (c *cluster) checkComplete(o *manifest.Object, found *diag.List) bool {
	metadata := o.Root.At("metadata")
	if metadata == nil || metadata.Kind != document.Map {
		return true
	}
	var lacking string
	var pos diag.Pos
	switch {
	case o.LacksKind():
		lacking, pos = "kind", o.At("apiVersion")
	case o.Kind != "" && o.Kind != "IstioOperator" && o.Root.At("apiVersion") == nil:
		lacking, pos = "apiVersion", o.Pos()
	case (slices.Contains(named, o.Group()) || o.APIVersion == "v1") && metadata.At("name") == nil && metadata.At("generateName") == nil:
		lacking, pos = "metadata.name", o.At("metadata")
	default:
		return true
	}
	found.Add(pos, incompleteObject, "%s has no %s", o, lacking).Fix = "add " + lacking
	c.unread = true
	return false
}
