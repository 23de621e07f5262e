package document

import "meshtopo.dev/meshtopo/schema/diag"

// The rules of a text: how it is written, before what it says.
var (
	FileTooLarge = &diag.Rule{
		Code: "file-too-large", Severity: diag.Error, Fixed: true,
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
		Code: "invalid-encoding", Severity: diag.Error, Fixed: true,
		Title: "a file is not UTF-8",
		Why:   "every reader would guess another text",
		Fix:   "save the file as UTF-8",
	}
	controlChar = &diag.Rule{
		Code: "control-character", Severity: diag.Error, Fixed: true,
		Title: "a file has a control character that YAML does not allow or that editors do not show",
		Why:   "readers refuse it, or take it for a line break that nobody sees",
		Fix:   "delete the character",
	}
	mergeConflict = &diag.Rule{
		Code: "merge-conflict", Severity: diag.Error, Fixed: true,
		Title: "a conflict of a merge is not resolved",
		Why:   "the file holds what both sides wrote, and no reader takes that",
		Fix:   "keep what is right of the sides, and delete the lines that begin with <<<<<<<, |||||||, ======= and >>>>>>>",
	}
	misleadingCharacter = &diag.Rule{
		Code: "misleading-character", Severity: diag.Error, Fixed: true,
		Title: "a character that looks like another one, or that nobody sees, stands where the structure of a file depends on it",
		Why:   "YAML takes a no-break space, a curly quote or a long dash for a part of a name or a value: the file says something else than it seems to",
		Fix:   "type the ordinary character",
		Bad:   "mesh: {“id”: shop}",
		Good:  "mesh: {id: shop}",
	}
	EmptyFile = &diag.Rule{
		Code: "empty-file", Severity: diag.Error, Fixed: true,
		Title: "a file holds no document",
		Why:   "there is no topology to read; an empty file is often a failed download or a lost template",
		Fix:   "write a topology; `meshtopo explain spec` lists its fields",
	}
	severalDocuments = &diag.Rule{
		Code: "several-documents", Severity: diag.Error, Fixed: true,
		Title: "a file holds several YAML documents",
		Why:   "most readers stop after the first, so that the rest is dropped silently",
		Fix:   "keep one topology in a file",
	}
	invalidYAML = &diag.Rule{
		Code: "invalid-yaml", Severity: diag.Error, Fixed: true,
		Title: "a file is not valid YAML",
		Why:   "nothing in the file can be read",
		Fix:   "mend the syntax here",
		Bad:   "mesh: {id: shop",
		Good:  "mesh: {id: shop}",
	}
	invalidJSON = &diag.Rule{
		Code: "invalid-json", Severity: diag.Error, Fixed: true,
		Title: "a file is not valid JSON",
		Why:   "nothing in the file can be read",
		Fix:   "mend the syntax here",
	}
	tabIndentation = &diag.Rule{
		Code: "tab-indentation", Severity: diag.Error, Fixed: true,
		Title: "a tab indents a line",
		Why:   "YAML allows only spaces there, because tabs have no agreed width",
		Fix:   "indent with spaces",
		Bad:   "mesh:\n\tid: shop",
		Good:  "mesh:\n  id: shop",
	}
	duplicateKey = &diag.Rule{
		Code: "duplicate-key", Severity: diag.Error, Fixed: true,
		Title: "a field is given twice",
		Why:   "YAML readers keep the first, the last or both, silently",
		Fix:   "delete one of them",
		Bad:   "mesh: {id: shop, id: market}",
		Good:  "mesh: {id: shop}",
	}
	KeyNotString = &diag.Rule{
		Code: "key-not-string", Severity: diag.Error, Fixed: true,
		Title: "the key of a field is not a string",
		Why:   "JSON and Kubernetes know only strings as keys",
		Fix:   "write a string before the colon",
		Bad:   "mesh: {[id]: shop}",
		Good:  "mesh: {id: shop}",
	}
	mergeKey = &diag.Rule{
		Code: "yaml-merge-key", Severity: diag.Error, Fixed: true,
		Title: "a merge key (<<) is used",
		Why:   "it is not part of YAML 1.2; CUE and JSON readers see a field of that name",
		Fix:   "write the fields out, or keep the topology as a CUE package",
		Bad:   "mesh: {<<: {id: shop}}",
		Good:  "mesh: {id: shop}",
	}
	yamlTag = &diag.Rule{
		Code: "yaml-tag", Severity: diag.Error, Fixed: true,
		Title: "a value has a YAML tag that is not part of the core schema",
		Why:   "readers without that tag fail or drop the value",
		Fix:   "write the plain value",
		Bad:   "mesh: {id: !name shop}",
		Good:  "mesh: {id: shop}",
	}
	aliasLoop = &diag.Rule{
		Code: "yaml-alias-loop", Severity: diag.Error, Fixed: true,
		Title: "a YAML alias stands inside its own anchor",
		Why:   "the value would never end",
		Fix:   "write the value out",
		Bad:   "mesh: &all {id: *all}",
		Good:  "mesh: {id: shop}",
	}
	aliasBomb = &diag.Rule{
		Code: "yaml-alias-bomb", Severity: diag.Error, Fixed: true,
		Title: "YAML aliases expand to a huge document",
		Why:   "reading it would take all memory",
		Fix:   "write the values out",
	}
	NestedTooDeep = &diag.Rule{
		Code: "nested-too-deep", Severity: diag.Error, Fixed: true,
		Title: "values are nested very deep",
		Why:   "such a file is not a topology, and reading it would take all memory",
		Fix:   "nest less: a topology needs less than twenty levels",
	}
	UnquotedScalar = &diag.Rule{
		Code: "unquoted-scalar", Severity: diag.Error, Fixed: true,
		Title:  "a scalar needs quotes to be a string for every YAML reader",
		Why:    "one reader takes 1.10 for a number, 0123 for 83 and on for true; kubectl, istioctl and CUE differ",
		Fix:    "put the value in quotes",
		Source: "https://yaml.org/type/",
		Bad:    "mesh: {id: on}",
		Good:   `mesh: {id: "on"}`,
	}
	notANumber = &diag.Rule{
		Code: "not-a-number", Severity: diag.Error, Fixed: true,
		Title: "a number is infinite, not a number, or too large",
		Why:   "JSON, and so Kubernetes, cannot hold it",
		Fix:   "write an ordinary number, or a string in quotes",
		Bad:   "istio: {version: \"1.31.1\", values: {pilot: {traceSampling: .inf}}}",
		Good:  "istio: {version: \"1.31.1\", values: {pilot: {traceSampling: 100}}}",
	}
)

// Rules lists them.
var Rules = []*diag.Rule{
	FileTooLarge, byteOrderMark, invalidEncoding, controlChar, mergeConflict, misleadingCharacter, EmptyFile, severalDocuments, invalidYAML, invalidJSON,
	tabIndentation, duplicateKey, KeyNotString, mergeKey, yamlTag, aliasLoop, aliasBomb, NestedTooDeep, UnquotedScalar, notANumber,
}
