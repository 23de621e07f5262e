package fields

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/istio"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/placeholder"
)

// sailFields are the fields of spec that the resources of the Sail operator have, and of what is in them; nil for what
// is not looked into (api/v1 of https://github.com/istio-ecosystem/sail-operator).
var sailFields = map[string]map[string][]string{
	"Istio": {
		"version": nil, "profile": nil, "namespace": nil, "values": nil,
		"updateStrategy": {"type", "inactiveRevisionDeletionGracePeriodSeconds", "updateWorkloads"},
	},
	"IstioCNI":         {"version": nil, "profile": nil, "namespace": nil, "values": {"cni", "global"}},
	"ZTunnel":          {"version": nil, "profile": nil, "namespace": nil, "values": {"ztunnel", "global"}, "targetRef": {"kind", "name"}},
	"IstioRevisionTag": {"targetRef": {"kind", "name"}},
}

// sailWords are the words that a field takes.
var sailWords = map[string][]string{
	"profile":             {"ambient", "default", "demo", "empty", "external", "openshift", "openshift-ambient", "preview", "remote", "stable"},
	"updateStrategy.type": {"InPlace", "RevisionBased"},
	"targetRef.kind":      {"Istio", "IstioRevision"},
}

// checkSail checks what a resource of the Sail operator has beside its values.
func checkSail(o *manifest.Object, found *diag.List) {
	known, ok := sailFields[o.Kind]
	spec := o.Root.At("spec")
	if !ok || o.Group() != "sailoperator.io" || spec == nil || spec.Kind != document.Map {
		return
	}
	_, tabled := istio.Object(o.APIVersion, o.Kind) // whose fields are found beside this, but not those of values
	whole := !tabled || o.Kind == "Istio"
	if whole {
		sailKnows(o, found, slices.Sorted(maps.Keys(known)))
	}
	for field, inside := range known {
		if inside != nil && (whole || field == "values") {
			sailKnows(o, found, inside, field)
		}
	}
	if (o.Kind == "IstioCNI" || o.Kind == "ZTunnel") && o.Name != "" && o.Name != "default" && !placeholder.In(o.Name) {
		found.Add(o.At("metadata", "name"), WrongValue, "%s has another name than default", o).Fix = "call it default: there is one for a cluster"
	}
	for path, words := range sailWords {
		field := append([]string{"spec"}, strings.Split(path, ".")...)
		if word := o.Root.StringAt(field...); word != "" && !slices.Contains(words, word) {
			d := found.Add(o.At(field...), WrongValue, "spec.%s of %s is not one of those that there are", path, o)
			d.Fix = "use " + diag.Enumerate(words, "or")
		}
	}
	if version := o.Root.StringAt("spec", "version"); version != "" && version[0] >= '0' && version[0] <= '9' {
		found.Add(o.At("spec", "version"), WrongValue, "spec.version of %s has no \"v\" before its number", o).Fix = "write v before it"
	}
	namespace, values := o.Root.StringAt("spec", "namespace"), o.Root.StringAt("spec", "values", "global", "istioNamespace")
	if o.Kind == "Istio" && namespace != "" && values != "" && namespace != values {
		d := found.Add(o.At("spec", "values", "global", "istioNamespace"), WrongValue, "values.global.istioNamespace of %s is another one than its namespace", o)
		d.Fix = "leave istioNamespace out: it is the namespace of the resource"
	}
}

// sailKnows reports what a map of the spec has and the operator does not know.
func sailKnows(o *manifest.Object, found *diag.List, known []string, path ...string) {
	path = append([]string{"spec"}, path...)
	n := o.Root.At(path...)
	if n == nil || n.Kind != document.Map {
		return
	}
	for _, key := range n.Keys() {
		if slices.Contains(known, key) {
			continue
		}
		where := strings.Join(path, ".")
		d := found.Add(o.At(append(path, key)...), UnknownField, "%s of %s has a field that the operator does not know", where, o)
		switch near := diag.Nearest(key, known); {
		case near != "":
			d.Message, d.Fix = fmt.Sprintf("%s of %s has no field %q", where, o, key), fmt.Sprintf("did you mean %q?", near)
		case o.Kind == "Istio" && key == "meshConfig":
			d.Fix = "put meshConfig below values"
		case key == "components" || key == "hub" || key == "tag":
			d.Fix = key + " is a field of an IstioOperator: set the values of Istio's charts below values"
		}
	}
}
