package grammar

import "meshtopo.dev/meshtopo/schema/diag"

// The rules of shape: fields, and what their values look like.
var (
	UnknownField = &diag.Rule{
		Code: "unknown-field", Severity: diag.Error, Fixed: true,
		Title: "a field is not part of the format",
		Why:   "a misspelt field would be ignored, and the mesh would run without it",
		Fix:   "delete it; `meshtopo explain FIELD.PATH` lists the fields",
		Bad:   "clusters: {cluster-a: {netwrok: network1}}",
		Good:  "clusters: {cluster-a: {network: network1}}",
	}
	MissingField = &diag.Rule{
		Code: "missing-field", Severity: diag.Error, Fixed: true,
		Title: "a required field is missing",
		Why:   "there is no default that would be right for every mesh",
		Fix:   "add the field",
		Bad:   "clusters: {cluster-a: {network: null}}",
		Good:  "clusters: {cluster-a: {network: network1}}",
	}
	EmptyValue = &diag.Rule{
		Code: "empty-value", Severity: diag.Error, Fixed: true,
		Title: "a field is there but has no value",
		Why:   "null is neither the default nor a value of the format",
		Fix:   "give it a value; one that is not required can be deleted",
		Bad:   "mesh: {trustDomain: null}",
		Good:  "mesh: {trustDomain: cluster.local}",
	}
	WrongType = &diag.Rule{
		Code: "wrong-type", Severity: diag.Error, Fixed: true,
		Title: "a value is of the wrong type",
		Why:   "nothing can be rendered from it",
		Fix:   "give a value of the right type",
		Bad:   "mesh: {exposedHosts: \"*.local\"}",
		Good:  "mesh: {exposedHosts: [\"*.local\"]}",
	}
	InvalidValue = &diag.Rule{
		Code: "invalid-value", Severity: diag.Error, Fixed: true,
		Title: "a value does not have the form that its field needs",
		Why:   "Kubernetes or Istio would refuse the rendered object, or never match it",
		Fix:   "give a value of the right form; `meshtopo explain FIELD.PATH` tells it",
		Bad:   "istio: {namespace: Istio_System}",
		Good:  "istio: {namespace: istio-system}",
	}
	UnknownValue = &diag.Rule{
		Code: "unknown-value", Severity: diag.Error, Fixed: true,
		Title: "a value is not one of those that its field knows",
		Why:   "nothing is rendered for it",
		Fix:   "use one of the known values; `meshtopo explain FIELD.PATH` lists them",
		Bad:   "clusters: {cluster-a: {state: activ}}",
		Good:  "clusters: {cluster-a: {state: active}}",
	}
	InvalidName = &diag.Rule{
		Code: "invalid-name", Severity: diag.Error, Fixed: true,
		Title:  "a cluster, network, annotation or resource has a name that Kubernetes refuses",
		Why:    "Kubernetes would refuse the objects that have it: the name of a cluster or network becomes a label value, a Secret's key and a part of object names",
		Fix:    "rename it",
		Source: "pkg/config/labels/instance.go",
		Bad:    "networks: {net/b: {}}",
		Good:   "networks: {net-b: {}}",
	}
)

// Rules are all of them.
var Rules = []*diag.Rule{UnknownField, MissingField, EmptyValue, WrongType, InvalidValue, UnknownValue, InvalidName}
