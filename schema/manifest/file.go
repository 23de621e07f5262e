package manifest

import "meshtopo.dev/meshtopo/schema/diag"

// File is one file of manifests. It is read when it is its turn, and again if a finding of another file points into it.
type File struct {
	Name string // in positions
	Read func() ([]byte, error)
}

// Unreadable is about a file that was found in a directory of manifests. A file that was named is reported where it is
// opened.
var Unreadable = &diag.Rule{
	Code: "unreadable-manifest", Severity: diag.Error,
	Title:  "a file or directory of manifests that cannot be read",
	Why:    "what is wrong in it is not found, and what is in it counts as missing",
	Fix:    "make it readable, or take it out of the directory",
	Source: "schema/lint/README.md of meshtopo",
}
