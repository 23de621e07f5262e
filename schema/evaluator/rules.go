package evaluator

import "meshtopo.dev/meshtopo/schema/diag"

// The rules of files that are put together, and of CUE.
var (
	ConflictingValues = &diag.Rule{
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
	cueLimit = &diag.Rule{
		Code: "cue-limit", Severity: diag.Error, Fixed: true,
		Title: "a CUE package takes too much CPU time or memory, or gives too many values",
		Why:   "a few characters of CUE can make any number of values, which would hold up the machine that reads them",
		Fix:   "look for a list.Range, a comprehension or a reference to a reference that makes much of little; if the package is right, raise the limits with --cue-limit",
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
	schemaMismatch = &diag.Rule{
		Code: "schema-mismatch", Severity: diag.Error, Fixed: true,
		Title: "CUE does not accept the document",
		Why:   "the schema and what meshtopo knows of it disagree; this is a mistake of meshtopo",
		Fix:   "compare the field with `meshtopo schema`, and report it",
	}
)

// Rules are all of them.
var Rules = []*diag.Rule{ConflictingValues, invalidCUE, cueLimit, notConcrete, unreadableFile, schemaMismatch}
