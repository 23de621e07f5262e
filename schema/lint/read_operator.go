package lint

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/placeholder"
)

// operator is one IstioOperator.
type operator struct {
	name        string
	profile     value
	pos         diag.Pos // of its kind
	namePos     diag.Pos // of its name, or of its metadata
	install     *install // that it makes, or nil
	gatewayOnly bool     // it has nothing but gateways
	unsure      bool     // a field of its components is misspelt
	local       bool     // kustomize leaves it out
}

// installsControlPlane reports whether an IstioOperator installs a control plane, or a remote's part of one. All do,
// except those with an empty profile and no istiod, and those that have only gateways but lack the empty profile.
func installsControlPlane(o *manifest.Object) bool {
	profile := o.Root.StringAt("spec", "profile")
	if profile == "empty" || placeholder.In(profile) && eastWestOnly(o.Root.At("spec")) {
		return o.Root.BoolAt("spec", "components", "pilot", "enabled")
	}
	return !forgotEmptyProfile(o)
}

// forgotEmptyProfile reports whether an IstioOperator has only an east-west gateway and no profile.
func forgotEmptyProfile(o *manifest.Object) bool {
	return o.Root.At("spec", "profile") == nil && gatewaysOnly(o)
}

// gatewaysOnly reports whether an IstioOperator has nothing but gateways, one of which is an east-west gateway.
func gatewaysOnly(o *manifest.Object) bool {
	spec := o.Root.At("spec")
	return !describesControlPlane(spec) && eastWestOnly(spec)
}

// describesControlPlane reports whether an IstioOperator has a setting that only a control plane reads.
func describesControlPlane(spec *document.Node) bool {
	for _, path := range [][]string{
		{"meshConfig"}, {"components", "pilot"}, {"values", "meshConfig"}, {"values", "pilot"},
		{"values", "global", "meshID"}, {"values", "global", "multiCluster", "clusterName"},
	} {
		if spec.At(path...) != nil {
			return true
		}
	}
	return false
}

// eastWestOnly reports whether the only components are east-west gateways.
func eastWestOnly(spec *document.Node) bool {
	components := spec.At("components")
	if components == nil || len(components.Fields) != 1 {
		return false
	}
	deployments := readDeployments(spec)
	return len(deployments) > 0 && !slices.ContainsFunc(deployments, func(d *deployment) bool { return !d.eastWest() })
}

// readOperatorInstall reads what an IstioOperator says of the control plane.
func readOperatorInstall(o *manifest.Object) *install {
	i := readInstall(o.Root.At("spec", "values"), o.Root.At("spec", "meshConfig"))
	i.profile = valueAt(o.Root, "spec", "profile")
	i.revision = first(valueAt(o.Root, "spec", "revision"), i.revision)
	environment := o.Root.At("spec", "components", "pilot", "k8s", "env")
	i.clusterName = first(i.clusterName, variableAt(environment, "CLUSTER_ID"))
	i.externalIstiod = first(i.externalIstiod, variableAt(environment, "EXTERNAL_ISTIOD"))
	i.kubeconfigOptions = first(i.kubeconfigOptions, variableAt(environment, kubeconfigOptions))
	i.tag = first(valueAt(o.Root, "spec", "tag"), valueAt(o.Root, "spec", "values", "global", "tag"))
	i.given.Components = []*document.Node{o.Root.At("spec", "components")}
	return i
}
