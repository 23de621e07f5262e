// Package sail says what the Sail operator makes of its resources: the revision of an Istio, and where revision tags
// lead (https://github.com/istio-ecosystem/sail-operator).
package sail

import (
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// Revision gives the name of the revision that the operator makes of an Istio: its name, or its name and version where
// each version gets a revision (controllers/istio/istio_controller.go, getActiveRevisionName). Where the operator
// chooses the version, it is not known.
func Revision(istio *manifest.Object) (name string, known bool) {
	name, version := istio.Name, istio.Root.StringAt("spec", "version")
	if istio.Root.StringAt("spec", "updateStrategy", "type") != "RevisionBased" {
		return name, true
	}
	return name + "-" + strings.ReplaceAll(version, ".", "-"), version != ""
}

// InNames gives the revision as it is in the names of objects, which do not show the revision "default", and its place.
func InNames(istio *manifest.Object) (text string, at diag.Pos, unknown bool) {
	name, known := Revision(istio)
	if !known || name == "default" {
		return "", diag.Pos{}, !known
	}
	return name, istio.At("metadata", "name"), false
}
