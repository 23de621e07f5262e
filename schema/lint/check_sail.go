package lint

import (
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// addSail reads an Istio of the Sail operator (https://github.com/istio-ecosystem/sail-operator).
func (c *cluster) addSail(o *object, found *diag.List) {
	i := readInstall(o.Root.At("spec", "values"), nil)
	i.profile = first(valueAt(o.Root, "spec", "profile"), valueAt(o.Root, "spec", "values", "profile"))
	i.tag = value{strings.TrimPrefix(valueAt(o.Root, "spec", "version").text, "v"), valueAt(o.Root, "spec", "version").pos}
	i.revision, i.anyRevision = sailRevision(o.Object)
	checkVariables(o.Root.At("spec"), o.Object, found)
	c.addInstall(i, o.Object, o.Root.StringAt("spec", "namespace"), found)
}

// sailRevision gives the revision that the operator makes of an Istio: its name, or its name and version where each version is a
// revision (controllers/istio/istio_controller.go, getActiveRevisionName). The one that is called default has none in the names of
// its objects. It is not known where the operator chooses the version.
func sailRevision(o *manifest.Object) (revision value, unknown bool) {
	name, version := valueAt(o.Root, "metadata", "name"), o.Root.StringAt("spec", "version")
	switch {
	case o.Root.StringAt("spec", "updateStrategy", "type") == "RevisionBased" && version == "":
		return value{}, true
	case o.Root.StringAt("spec", "updateStrategy", "type") == "RevisionBased":
		name.text += "-" + strings.ReplaceAll(version, ".", "-")
	case name.text == "default":
		return value{}, false
	}
	return name, false
}
