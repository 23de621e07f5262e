// Package remotesecret judges by itself a Secret from which istiod reads other clusters: whether it is seen, and under
// which name.
package remotesecret

import (
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/fields"
	"meshtopo.dev/meshtopo/schema/kubeconfig"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// The label that istiod looks for, and what else remote Secrets are known by.
const (
	Label      = "istio/multiCluster"
	annotation = "networking.istio.io/cluster"
)

// The rules.
var (
	Unread = &diag.Rule{
		Code: "remote-secret-unlabelled", Severity: diag.Error, Symptom: true,
		Title:  "a remote Secret without the label that istiod looks for",
		Why:    "istiod watches Secrets with exactly that label and does not see this one: the cluster's endpoints never appear",
		Fix:    `add the label istio/multiCluster: "true"`,
		Source: kubeconfig.SecretController,
		Bad:    "kind: Secret\nmetadata: {name: istio-remote-secret-west}",
		Good:   "kind: Secret\nmetadata: {name: istio-remote-secret-west, labels: {istio/multiCluster: \"true\"}}",
	}
	Key = &diag.Rule{
		Code: "remote-secret-key", Severity: diag.Error, Symptom: true,
		Title:  "a key of a remote Secret that cannot be the name of a cluster",
		Why:    "the key is the name under which istiod knows the cluster: it has to be that cluster's clusterName, which is an RFC 1123 label",
		Fix:    "use the cluster's values.global.multiCluster.clusterName: lower-case letters, digits and \"-\", at most 63",
		Source: "pkg/config/labels/instance.go; " + kubeconfig.SecretController,
		Bad:    "stringData: {west.yaml: …}",
		Good:   "stringData: {west: …}",
	}
)

// Rules are all rules of this package.
var Rules = []*diag.Rule{Unread, Key, FileName, NotMounted}

// Looks reports whether a Secret holds kubeconfigs for istiod: by its label, its name, or istioctl's annotation.
func Looks(o *manifest.Object) bool {
	return o.Root.At("metadata", "labels", Label) != nil || isName(o.Name) ||
		o.Root.At("metadata", "annotations", annotation) != nil
}

func isName(name string) bool {
	return len(name) > len(schema.LabelledName) && strings.HasPrefix(name, schema.LabelledName)
}

// CheckLabel reports a label that istiod does not look for, or that Kubernetes refuses.
func CheckLabel(o *manifest.Object, found *diag.List) {
	label := o.Root.At("metadata", "labels", Label)
	switch {
	case label == nil || label.Text != "true":
		found.Add(o.At("metadata", "labels", Label), Unread, "%s lacks the label %s: \"true\"", o, Label)
	case label.Kind != document.String:
		d := found.Add(label.Pos, Unread, "%s has the label %s as a boolean", o, Label)
		d.Why = "labels are strings: the API server refuses the Secret"
		d.Fix = "write \"true\" in quotes"
	}
}

// CheckKey reports a key that cannot be the name of a cluster. Istio's own expression accepts upper case, too.
func CheckKey(o *manifest.Object, item manifest.Item, found *diag.List) (reported bool, capital *diag.Diagnostic) {
	if fields.IsLabel(item.Key) {
		return false, nil
	}
	d := found.Add(item.KeyPos, Key, "a key of %s is not an RFC 1123 label", o)
	if fields.IsLabel(strings.ToLower(item.Key)) {
		d.Severity = diag.Warning
		d.Reword("a key of %s has capital letters, which names of clusters should not have", o)
		capital = d
	}
	return true, capital
}
