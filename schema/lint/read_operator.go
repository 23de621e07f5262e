package lint

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// operator is one IstioOperator.
type operator struct {
	name        string
	profile     value
	pos         diag.Pos // of its kind
	namePos     diag.Pos // of its name, or of what would hold it
	install     *install // that it makes, or nil
	gatewayOnly bool     // it speaks of nothing but gateways
	unsure      bool     // a field of its components is misspelt
	local       bool     // kustomize keeps it to itself
}

// installsControlPlane reports whether an IstioOperator is about a control plane, or a remote's part of one: everything but an
// empty profile without istiod, and gateways alone that forgot the empty profile.
func installsControlPlane(o *manifest.Object) bool {
	profile := o.Root.StringAt("spec", "profile")
	if profile == "empty" || hasPlaceholder(profile) && eastWestOnly(o.Root.At("spec")) {
		return o.Root.BoolAt("spec", "components", "pilot", "enabled")
	}
	return !forgotEmptyProfile(o)
}

// forgotEmptyProfile reports whether an IstioOperator without a profile is about an east-west gateway only.
func forgotEmptyProfile(o *manifest.Object) bool {
	return o.Root.At("spec", "profile") == nil && gatewaysOnly(o)
}

// gatewaysOnly reports whether an IstioOperator speaks of nothing but gateways, and one of them is an east-west gateway.
func gatewaysOnly(o *manifest.Object) bool {
	spec := o.Root.At("spec")
	return !describesControlPlane(spec) && eastWestOnly(spec)
}

// describesControlPlane reports whether an IstioOperator says something that only a control plane reads.
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

// eastWestOnly reports whether the only components are east-west gateways. Any other gateway is one of the profile's.
func eastWestOnly(spec *document.Node) bool {
	components := spec.At("components")
	if components == nil || len(components.Fields) != 1 {
		return false
	}
	deployments := readDeployments(spec)
	return len(deployments) > 0 && !slices.ContainsFunc(deployments, func(d *deployment) bool { return !d.eastWest() })
}
