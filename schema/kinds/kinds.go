// Package kinds says which kinds of Istio's API groups there are, which there were, and what people mean by those that
// there never were.
package kinds

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/istio"
	"meshtopo.dev/meshtopo/schema/manifest"
)

var unknownKind = &diag.Rule{
	Code: "unknown-kind", Severity: diag.Error,
	Title:  "a kind that no API of Istio has",
	Why:    "no custom resource definition has it: the API server refuses the object, and nothing reads its settings",
	Fix:    "use the object that Istio reads",
	Source: "istio.io/api kubernetes/customresourcedefinitions.gen.yaml",
	Bad:    "apiVersion: networking.istio.io/v1beta1\nkind: RemoteCluster",
	Good:   "apiVersion: networking.istio.io/v1\nkind: ServiceEntry",
}

// Rules gives every rule of this package.
func Rules() []*diag.Rule {
	return []*diag.Rule{incompleteObject, unknownKind, removedKind, inventedSetting}
}

// meant says, for kinds that do not exist, which object people want.
var meant = map[string]string{
	"RemoteCluster": "a cluster joins by a remote Secret: a Secret with the label istio/multiCluster: \"true\" and a kubeconfig, in the cluster that reads it",
	"Cluster":       "a cluster joins by a remote Secret: a Secret with the label istio/multiCluster: \"true\" and a kubeconfig, in the cluster that reads it",
	"Network":       "a network is a name: the label topology.istio.io/network of the system namespace and values.global.network; what labels cannot say stands in values.global.meshNetworks",
	"MeshNetworks":  "it is part of the installation: values.global.meshNetworks",
	"MeshConfig":    "it is part of the installation: spec.meshConfig of the IstioOperator",
}

// Verdict is what is known of an object by its kind.
type Verdict struct {
	Joins bool // it was meant to join another cluster
	Other bool // it may be meant for one that says what seems to be missing
}

// Check reports kinds of Istio's API groups that do not exist, and those of operators that there were.
func Check(o *manifest.Object, found *diag.List) Verdict {
	if checkRemoved(o, found) {
		return Verdict{Other: true}
	}
	if !istio.KnowsGroup(o.Group()) {
		return Verdict{}
	}
	kinds := kindsOf(o.Group())
	if slices.Contains(kinds, o.Kind) {
		checkVersion(o, found)
		return Verdict{}
	}
	d := found.Add(o.Pos(), unknownKind, "%s has no kind %q", o.Group(), o.Kind)
	if fix := meant[o.Kind]; fix != "" {
		d.Fix = fix
		checkInvented(o, found)
		return Verdict{Joins: true}
	}
	d.Suggest(o.Kind, kinds)
	return Verdict{Other: diag.Nearest(o.Kind, kinds) != ""}
}

// checkVersion reports a kind in a version of its API that no Istio serves.
func checkVersion(o *manifest.Object, found *diag.List) {
	var served []string
	for _, k := range istio.Kinds(o.Group()) {
		version, kind, _ := strings.Cut(k, " ")
		if kind == o.Kind {
			served = append(served, version)
		}
	}
	if slices.Contains(served, o.APIVersion) {
		return
	}
	d := found.Add(o.At("apiVersion"), unknownKind, "%s has no kind %q", o.APIVersion, o.Kind)
	d.Fix = "write apiVersion: " + served[0]
}

// kindsOf gives the kinds of an API group, in whichever version.
func kindsOf(group string) []string {
	var kinds []string
	for _, k := range istio.Kinds(group) {
		_, kind, _ := strings.Cut(k, " ")
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

var incompleteObject = &diag.Rule{
	Code: "incomplete-object", Severity: diag.Error,
	Title:  "an object without its kind, its apiVersion or its name",
	Why:    "kubectl refuses it (\"Object 'Kind' is missing\", \"resource name may not be empty\"), and nothing reads its settings",
	Fix:    "add what is missing",
	Source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/#required-fields",
	Bad:    "apiVersion: v1\nmetadata: {name: istio-system}",
	Good:   "apiVersion: v1\nkind: Namespace\nmetadata: {name: istio-system}",
}

// named are the API groups whose objects all have names.
var named = []string{"apps", "gateway.networking.k8s.io", "networking.istio.io", "rbac.authorization.k8s.io", "security.istio.io"}

// CheckComplete reports an object without its kind, apiVersion or name, and gives false for it. It is not checked
// further, and nothing that it may have been is reported as missing.
func CheckComplete(o *manifest.Object, found *diag.List) bool {
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
	return false
}

var inventedSetting = &diag.Rule{
	Code: "invented-setting", Severity: diag.Error,
	Title:  "a setting of an object that Istio does not have",
	Why:    "nothing reads it: the setting has no effect",
	Fix:    "set it where Istio reads it",
	Source: "istioctl/pkg/multicluster/remote_secret.go",
	Bad:    "apiVersion: networking.istio.io/v1beta1\nkind: RemoteCluster\nspec: {network: network2}",
	Good:   "apiVersion: v1\nkind: Namespace\nmetadata: {name: istio-system, labels: {topology.istio.io/network: network2}}",
}

// places say where Istio reads the settings that people write into a RemoteCluster or the like.
var places = []struct{ field, place string }{
	{"network", "the network of a cluster is the label topology.istio.io/network of its system namespace, values.global.network of its installation and the label of its gateway"},
	{"discoveryAddress", "the address of its API server is server in the kubeconfig of its remote Secret; that of a primary's istiod, for remotes only, is values.global.remotePilotAddress: an IP address without scheme and port"},
	{"serviceAccountToken", "the token is users[].user.token in the kubeconfig of its remote Secret"},
	{"token", "the token is users[].user.token in the kubeconfig of its remote Secret"},
	{"secretName", "whom to trust as its API server is certificate-authority-data in the kubeconfig of its remote Secret; the Secret cacerts is what its own istiod signs with"},
	{"clusterName", "its name is the key in the data of its remote Secret, and values.global.multiCluster.clusterName of its installation"},
}

// checkInvented says where the settings of an object of such a kind belong.
func checkInvented(o *manifest.Object, found *diag.List) {
	for _, p := range places {
		e := o.Root.At("spec").Entry(p.field)
		if e == nil {
			continue
		}
		d := found.Add(e.KeyPos, inventedSetting, "nothing reads %s of a %s", p.field, o.Kind)
		d.Fix = p.place
	}
}
