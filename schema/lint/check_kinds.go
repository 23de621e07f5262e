package lint

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/istio"
	"meshtopo.dev/meshtopo/schema/manifest"
)

var unknownKind = &diag.Rule{
	Code: "unknown-kind", Severity: diag.Error,
	Title:  "a kind that no API of Istio has",
	Why:    "no custom resource definition has it: the API server refuses the object, and what it was meant to say is said nowhere",
	Fix:    "use the object that Istio reads",
	Source: "istio.io/api kubernetes/customresourcedefinitions.gen.yaml",
	Bad:    "apiVersion: networking.istio.io/v1beta1\nkind: RemoteCluster",
	Good:   "apiVersion: networking.istio.io/v1\nkind: ServiceEntry",
}

var kindGroup = group{rules: []*diag.Rule{incompleteObject, unknownKind, inventedSetting}}

// meant says which object people mean by a kind that they invent.
var meant = map[string]string{
	"RemoteCluster": "a cluster joins by a remote Secret: a Secret with the label istio/multiCluster: \"true\" and a kubeconfig, in the cluster that reads it",
	"Cluster":       "a cluster joins by a remote Secret: a Secret with the label istio/multiCluster: \"true\" and a kubeconfig, in the cluster that reads it",
	"Network":       "a network is a name: the label topology.istio.io/network of the system namespace and values.global.network; what labels cannot say stands in values.global.meshNetworks",
	"MeshNetworks":  "it is part of the installation: values.global.meshNetworks",
	"MeshConfig":    "it is part of the installation: spec.meshConfig of the IstioOperator",
}

// checkKind reports kinds of Istio's API groups that do not exist.
func (c *cluster) checkKind(o *manifest.Object, found *diag.List) {
	if !istio.KnowsGroup(o.Group()) {
		return
	}
	kinds := kindsOf(o.Group())
	if slices.Contains(kinds, o.Kind) {
		checkVersion(o, found)
		return
	}
	d := found.Add(o.Pos(), unknownKind, "%s has no kind %q", o.Group(), o.Kind)
	if fix := meant[o.Kind]; fix != "" {
		d.Fix = fix
		c.invented = true
		checkInvented(o, found)
		return
	}
	d.Suggest(o.Kind, kinds)
	c.unread = c.unread || diag.Nearest(o.Kind, kinds) != ""
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
