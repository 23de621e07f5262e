// Package istio knows which fields the objects of Istio and Kubernetes have, and which environment variables Istio's
// programs read. It answers what decoding strictly with Istio's own types would answer, with the place of every
// problem, all of them in one run, and without linking those types.
//
// What it knows is in tables, which the conformance module generates from the types themselves and proves equal to
// them: fields.txt and kinds.txt from istio.io/api (descriptors and CRDs), istio.io/istio (the IstioOperator, its
// values, and what istioctl decodes more strictly than they say), k8s.io/api and sigs.k8s.io/gateway-api;
// environment.txt from the source of istio.io/istio. They hold one version of Istio, Version; versions.txt has what
// other minor versions have otherwise. Nothing is read of them before it is asked for, and then only the types that a
// document needs.
package istio

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// Version is the minor version of Istio that the tables are of.
const Version = "1.31"

// Reader is who decodes a value, and so what becomes of a field that nobody knows.
type Reader uint8

// The readers.
const (
	Istioctl  Reader = iota // refuses the file
	Istiod                  // ignores unknown fields; refuses all of it where a value is of a wrong type
	APIServer               // refuses the object when kubectl asks it to validate, and drops the field otherwise
)

// readers has their names in the tables.
var readers = map[string]Reader{"istioctl": Istioctl, "istiod": Istiod, "server": APIServer}

// Type is what a value may be, and who reads it.
type Type struct {
	expression string // as in fields.txt
	reader     Reader
	minor      int // of which minor version of Istio; 0 for that of the tables
}

// MeshConfig is the type of spec.meshConfig of an IstioOperator.
func MeshConfig() Type { return Type{expression: "@istio.mesh.v1alpha1.MeshConfig", reader: Istiod} }

// Values is the type of spec.values of an IstioOperator.
func Values() Type { return Type{expression: "@istio.operator.v1alpha1.Values", reader: Istioctl} }

// PilotValues is the type of pilot in those values. The istiod chart reads its fields at the top of Helm values, too.
func PilotValues() Type {
	return Type{expression: "@istio.operator.v1alpha1.PilotConfig", reader: Istioctl}
}

// Components is the type of spec.components of an IstioOperator.
func Components() Type { return Type{expression: "@pkg/apis.IstioComponentSpec", reader: Istioctl} }

// GatewayFields gives the types of fields of a gateway whose values are as Kubernetes has them, by name.
func GatewayFields() map[string]Type {
	return map[string]Type{
		"affinity":                  {expression: "@core/v1.Affinity", reader: APIServer},
		"podDisruptionBudget":       {expression: "@policy/v1.PodDisruptionBudgetSpec", reader: APIServer},
		"tolerations":               {expression: "[]@core/v1.Toleration", reader: APIServer},
		"topologySpreadConstraints": {expression: "[]@core/v1.TopologySpreadConstraint", reader: APIServer},
	}
}

// Object gives the type of an object. It reports false for a kind that the tables do not have; KnowsGroup tells whether
// that means that there is none.
func Object(apiVersion, kind string) (Type, bool) {
	t, ok := kinds()[apiVersion+" "+kind]
	return t, ok
}

// KnowsGroup reports whether the tables have every kind of an API group, in every version that is served: the groups
// for which Istio installs CRDs, and that of the IstioOperator.
func KnowsGroup(group string) bool {
	return strings.HasSuffix(group, ".istio.io") && strings.Contains(kindsText, "\n"+group+"/")
}

// Kinds gives the kinds of an API group with their versions, as "apiVersion kind", sorted.
func Kinds(group string) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(kinds())), func(kind string) bool { return !strings.HasPrefix(kind, group+"/") })
}

// kinds has the types of the objects, by API version and kind.
var kinds = sync.OnceValue(func() map[string]Type {
	types := map[string]Type{}
	for line := range strings.Lines(kindsText) {
		if words := strings.Fields(line); words[0] != "#" {
			types[words[0]+" "+words[1]] = Type{expression: words[2], reader: readers[strings.TrimPrefix(words[3], "by=")]}
		}
	}
	return types
})
