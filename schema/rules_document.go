package schema

import "meshtopo.dev/meshtopo/schema/diag"

// The rules of files that are put together, and of CUE.
var (
	conflictingValues = &diag.Rule{
		Code: "conflicting-values", Severity: diag.Error, Fixed: true,
		Title: "two files, or two places of a CUE package, give a field different values",
		Why:   "files are unified, not overlaid: no place wins over another",
		Fix:   "keep the value in one place",
	}
	invalidCUE = &diag.Rule{
		Code: "invalid-cue", Severity: diag.Error, Fixed: true,
		Title: "a CUE file cannot be read",
		Why:   "nothing in the package can be evaluated",
		Fix:   "mend it here; `cue vet` shows the same place",
	}
	notConcrete = &diag.Rule{
		Code: "not-concrete", Severity: diag.Error, Fixed: true,
		Title: "a field of a CUE package has a type but no value",
		Why:   "a topology must be complete to be rendered",
		Fix:   "give the field a value, or a default (*value | type)",
	}
	unreadableFile = &diag.Rule{
		Code: "unreadable-input", Severity: diag.Error, Fixed: true,
		Title: "a file that a CUE package needs cannot be read",
		Why:   "the package cannot be evaluated; links that leave the topology's root are not followed",
		Fix:   "keep everything that the package needs below the topology's root",
	}
)

// The rules of shape: fields, and what their values look like.
var (
	unknownField = &diag.Rule{
		Code: "unknown-field", Severity: diag.Error, Fixed: true,
		Title: "a field is not part of the format",
		Why:   "a misspelt field would be ignored, and the mesh would run without it",
		Fix:   "delete it; `meshtopo explain FIELD.PATH` lists the fields",
		Bad:   "clusters: {cluster-a: {netwrok: network1}}",
		Good:  "clusters: {cluster-a: {network: network1}}",
	}
	missingField = &diag.Rule{
		Code: "missing-field", Severity: diag.Error, Fixed: true,
		Title: "a required field is missing",
		Why:   "there is no default that would be right for every mesh",
		Fix:   "add the field",
		Bad:   "clusters: {cluster-a: {network: null}}",
		Good:  "clusters: {cluster-a: {network: network1}}",
	}
	emptyValue = &diag.Rule{
		Code: "empty-value", Severity: diag.Error, Fixed: true,
		Title: "a field is there but has no value",
		Why:   "null is neither the default nor a value of the format",
		Fix:   "give it a value; one that is not required can be deleted",
		Bad:   "mesh: {trustDomain: null}",
		Good:  "mesh: {trustDomain: cluster.local}",
	}
	wrongType = &diag.Rule{
		Code: "wrong-type", Severity: diag.Error, Fixed: true,
		Title: "a value is of the wrong type",
		Why:   "nothing can be rendered from it",
		Fix:   "give a value of the right type",
		Bad:   "mesh: {exposedHosts: \"*.local\"}",
		Good:  "mesh: {exposedHosts: [\"*.local\"]}",
	}
	invalidValue = &diag.Rule{
		Code: "invalid-value", Severity: diag.Error, Fixed: true,
		Title: "a value does not have the form that its field needs",
		Why:   "Kubernetes or Istio would refuse the rendered object, or never match it",
		Fix:   "give a value of the right form; `meshtopo explain FIELD.PATH` tells it",
		Bad:   "istio: {namespace: Istio_System}",
		Good:  "istio: {namespace: istio-system}",
	}
	unknownValue = &diag.Rule{
		Code: "unknown-value", Severity: diag.Error, Fixed: true,
		Title: "a value is not one of those that its field knows",
		Why:   "nothing is rendered for it",
		Fix:   "use one of the known values; `meshtopo explain FIELD.PATH` lists them",
		Bad:   "clusters: {cluster-a: {state: activ}}",
		Good:  "clusters: {cluster-a: {state: active}}",
	}
	invalidName = &diag.Rule{
		Code: "invalid-name", Severity: diag.Error, Fixed: true,
		Title:  "a cluster or network has a name that Kubernetes refuses",
		Why:    "the name becomes a label value, a Secret's key and a part of object names",
		Fix:    "rename it",
		Source: "pkg/config/labels/instance.go",
		Bad:    "networks: {net/b: {}}",
		Good:   "networks: {net-b: {}}",
	}
	invalidCIDR = &diag.Rule{
		Code: "invalid-cidr", Severity: diag.Error, Fixed: true,
		Title: "an address range is not a CIDR",
		Why:   "overlaps with other clusters on the network could not be found",
		Fix:   "write an address, a slash and the length of the prefix, such as 10.0.0.0/16",
		Bad:   "clusters: {cluster-a: {podCIDRs: [10.0.0.0]}}",
		Good:  "clusters: {cluster-a: {podCIDRs: [10.0.0.0/16]}}",
	}
	schemaMismatch = &diag.Rule{
		Code: "schema-mismatch", Severity: diag.Error, Fixed: true,
		Title: "CUE does not accept the document",
		Why:   "the schema and what meshtopo knows of it disagree; this is a mistake of meshtopo",
		Fix:   "compare the field with `meshtopo schema`, and report it",
	}
)

var documentRules = []*diag.Rule{
	conflictingValues, invalidCUE, notConcrete, unreadableFile, unknownField, missingField, emptyValue,
	wrongType, invalidValue, unknownValue, invalidName, invalidCIDR, schemaMismatch,
}
