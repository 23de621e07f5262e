package schema

import "meshtopo.dev/meshtopo/schema/diag"

// The rules of a document: how it is written, before what it says.
var (
	fileTooLarge = &diag.Rule{
		Code: "file-too-large", Severity: diag.Error,
		Title: "a topology file is larger than 16 MiB",
		Why:   "such a file is not a topology, and reading it would take all memory",
		Fix:   "give the topology file; certificates and tokens are named by their paths",
	}
	byteOrderMark = &diag.Rule{
		Code: "byte-order-mark", Severity: diag.Warning,
		Title: "a file starts with a byte order mark",
		Why:   "some YAML readers take it for a part of the first key",
		Fix:   "save the file as UTF-8 without a byte order mark",
	}
	invalidEncoding = &diag.Rule{
		Code: "invalid-encoding", Severity: diag.Error,
		Title: "a file is not UTF-8",
		Why:   "every reader would guess another text",
		Fix:   "save the file as UTF-8",
	}
	controlChar = &diag.Rule{
		Code: "control-character", Severity: diag.Error,
		Title: "a file has a control character that YAML does not allow or that editors do not show",
		Why:   "readers refuse it, or take it for a line break that nobody sees",
		Fix:   "delete the character",
	}
	emptyFile = &diag.Rule{
		Code: "empty-file", Severity: diag.Error,
		Title: "a file holds no document",
		Why:   "there is no topology to read; an empty file is often a failed download or a lost template",
		Fix:   "write a topology; `meshtopo explain spec` lists its fields",
	}
	severalDocuments = &diag.Rule{
		Code: "several-documents", Severity: diag.Error,
		Title: "a file holds several YAML documents",
		Why:   "most readers stop after the first, so that the rest is dropped without a word",
		Fix:   "keep one topology in a file",
	}
	invalidYAML = &diag.Rule{
		Code: "invalid-yaml", Severity: diag.Error,
		Title: "a file is not valid YAML",
		Why:   "nothing in the file can be read",
		Fix:   "mend the syntax here",
	}
	invalidJSON = &diag.Rule{
		Code: "invalid-json", Severity: diag.Error,
		Title: "a file is not valid JSON",
		Why:   "nothing in the file can be read",
		Fix:   "mend the syntax here",
	}
	tabIndentation = &diag.Rule{
		Code: "tab-indentation", Severity: diag.Error,
		Title: "a tab indents a line",
		Why:   "YAML allows only spaces there, because tabs have no agreed width",
		Fix:   "indent with spaces",
	}
	duplicateKey = &diag.Rule{
		Code: "duplicate-key", Severity: diag.Error,
		Title: "a field is given twice",
		Why:   "YAML readers keep the first, the last or both, without a word",
		Fix:   "delete one of them",
	}
	keyNotString = &diag.Rule{
		Code: "key-not-string", Severity: diag.Error,
		Title: "the key of a field is not a string",
		Why:   "JSON and Kubernetes know only strings as keys",
		Fix:   "write a string before the colon",
	}
	mergeKey = &diag.Rule{
		Code: "yaml-merge-key", Severity: diag.Error,
		Title: "a merge key (<<) is used",
		Why:   "it is not part of YAML 1.2; CUE and JSON readers see a field of that name",
		Fix:   "write the fields out, or keep the topology as a CUE package",
	}
	yamlTag = &diag.Rule{
		Code: "yaml-tag", Severity: diag.Error,
		Title: "a value has a YAML tag that is not part of the core schema",
		Why:   "readers without that tag fail or drop the value",
		Fix:   "write the plain value",
	}
	aliasLoop = &diag.Rule{
		Code: "yaml-alias-loop", Severity: diag.Error,
		Title: "a YAML alias stands inside its own anchor",
		Why:   "the value would never end",
		Fix:   "write the value out",
	}
	aliasBomb = &diag.Rule{
		Code: "yaml-alias-bomb", Severity: diag.Error,
		Title: "YAML aliases expand to a huge document",
		Why:   "reading it would take all memory",
		Fix:   "write the values out",
	}
	nestedTooDeep = &diag.Rule{
		Code: "nested-too-deep", Severity: diag.Error,
		Title: "values are nested very deep",
		Why:   "such a file is not a topology, and reading it would take all memory",
		Fix:   "nest less: a topology needs less than twenty levels",
	}
	unquotedScalar = &diag.Rule{
		Code: "unquoted-scalar", Severity: diag.Error,
		Title:  "a scalar needs quotes to be a string for every YAML reader",
		Why:    "one reader takes 1.10 for a number, 0123 for 83 and on for true; kubectl, istioctl and CUE differ",
		Fix:    "put the value in quotes",
		Source: "https://yaml.org/type/",
		Bad:    "mesh: {id: on}",
		Good:   `mesh: {id: "on"}`,
	}
	notANumber = &diag.Rule{
		Code: "not-a-number", Severity: diag.Error,
		Title: "a number is infinite, not a number, or too large",
		Why:   "JSON, and so Kubernetes, cannot hold it",
		Fix:   "write an ordinary number, or a string in quotes",
	}
	conflictingValues = &diag.Rule{
		Code: "conflicting-values", Severity: diag.Error,
		Title: "two files, or two places of a CUE package, give a field different values",
		Why:   "files are unified, not overlaid: no place wins over another",
		Fix:   "keep the value in one place",
	}
	invalidCUE = &diag.Rule{
		Code: "invalid-cue", Severity: diag.Error,
		Title: "a CUE file cannot be read",
		Why:   "nothing in the package can be evaluated",
		Fix:   "mend it here; `cue vet` shows the same place",
	}
	notConcrete = &diag.Rule{
		Code: "not-concrete", Severity: diag.Error,
		Title: "a field of a CUE package has a type but no value",
		Why:   "a topology must be complete to be rendered",
		Fix:   "give the field a value, or a default (*value | type)",
	}
	unreadableFile = &diag.Rule{
		Code: "unreadable-input", Severity: diag.Error,
		Title: "a file that a CUE package needs cannot be read",
		Why:   "the package cannot be evaluated; links that leave the topology's root are not followed",
		Fix:   "keep everything that the package needs below the topology's root",
	}
)

// The rules of shape: fields, and what their values look like.
var (
	unknownField = &diag.Rule{
		Code: "unknown-field", Severity: diag.Error,
		Title: "a field is not part of the format",
		Why:   "a misspelt field would be ignored, and the mesh would run without it",
		Fix:   "delete it; `meshtopo explain FIELD.PATH` lists the fields",
		Bad:   "clusters: {cluster-a: {netwrok: network1}}",
		Good:  "clusters: {cluster-a: {network: network1}}",
	}
	missingField = &diag.Rule{
		Code: "missing-field", Severity: diag.Error,
		Title: "a required field is missing",
		Why:   "there is no default that would be right for every mesh",
		Fix:   "add the field",
		Bad:   "clusters: {cluster-a: {network: null}}",
		Good:  "clusters: {cluster-a: {network: network1}}",
	}
	emptyValue = &diag.Rule{
		Code: "empty-value", Severity: diag.Error,
		Title: "a field is there but has no value",
		Why:   "null is neither the default nor a value of the format",
		Fix:   "give it a value, or delete the field",
	}
	wrongType = &diag.Rule{
		Code: "wrong-type", Severity: diag.Error,
		Title: "a value is of the wrong type",
		Why:   "nothing can be rendered from it",
		Fix:   "give a value of the right type",
		Bad:   "mesh: {exposedHosts: \"*.local\"}",
		Good:  "mesh: {exposedHosts: [\"*.local\"]}",
	}
	invalidValue = &diag.Rule{
		Code: "invalid-value", Severity: diag.Error,
		Title: "a value does not have the form that its field needs",
		Why:   "Kubernetes or Istio would refuse the rendered object, or never match it",
		Fix:   "give a value of the right form; `meshtopo explain FIELD.PATH` tells it",
		Bad:   "istio: {namespace: Istio_System}",
		Good:  "istio: {namespace: istio-system}",
	}
	unknownValue = &diag.Rule{
		Code: "unknown-value", Severity: diag.Error,
		Title: "a value is not one of those that its field knows",
		Why:   "nothing is rendered for it",
		Fix:   "use one of the known values; `meshtopo explain FIELD.PATH` lists them",
		Bad:   "clusters: {cluster-a: {state: activ}}",
		Good:  "clusters: {cluster-a: {state: active}}",
	}
	invalidName = &diag.Rule{
		Code: "invalid-name", Severity: diag.Error,
		Title:  "a cluster or network has a name that Kubernetes refuses",
		Why:    "the name becomes a label value, a Secret's key and a part of object names",
		Fix:    "rename it",
		Source: "pkg/config/labels/instance.go",
		Bad:    "networks: {net/b: {}}",
		Good:   "networks: {net-b: {}}",
	}
	invalidCIDR = &diag.Rule{
		Code: "invalid-cidr", Severity: diag.Error,
		Title: "an address range is not a CIDR",
		Why:   "overlaps with other clusters on the network could not be found",
		Fix:   "write an address, a slash and the length of the prefix, such as 10.0.0.0/16",
		Bad:   "clusters: {cluster-a: {podCIDRs: [10.0.0.0]}}",
		Good:  "clusters: {cluster-a: {podCIDRs: [10.0.0.0/16]}}",
	}
	schemaMismatch = &diag.Rule{
		Code: "schema-mismatch", Severity: diag.Error,
		Title: "CUE does not accept the document",
		Why:   "the schema and what meshtopo knows of it disagree; this is a mistake of meshtopo",
		Fix:   "compare the field with `meshtopo schema`, and report it",
	}
)

var documentRules = []*diag.Rule{
	fileTooLarge, byteOrderMark, invalidEncoding, controlChar, emptyFile, severalDocuments, invalidYAML, invalidJSON,
	tabIndentation, duplicateKey, keyNotString, mergeKey, yamlTag, aliasLoop, aliasBomb, nestedTooDeep, unquotedScalar,
	notANumber, conflictingValues, invalidCUE, notConcrete, unreadableFile, unknownField, missingField, emptyValue,
	wrongType, invalidValue, unknownValue, invalidName, invalidCIDR, schemaMismatch,
}
