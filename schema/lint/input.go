package lint

import (
	"time"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// Input is what is linted.
type Input struct {
	Clusters []Source
	Now      time.Time        // the clock of expiry checks
	Topology *schema.Topology // what the manifests should say, or nil
	Part     bool             // the clusters are some of the topology's: nothing is said of the others
	Named    diag.Pos         // the place of findings about a cluster without an installation; its first file by default
	Applied  bool             // kubectl gets all objects but those that kustomize keeps to itself
	Edits    bool             // give findings the edits that mend them
}

// Source is where the manifests of one cluster are.
type Source struct {
	Cluster string // how the cluster is called in messages; its manifests may give it another name
	Files   []File // in the order in which they are read
}

// unreadable is about a file that was found where manifests are. What somebody names is reported by whoever opens it.
var unreadable = &diag.Rule{
	Code: "unreadable-manifest", Severity: diag.Error,
	Title:  "a file or directory of manifests that cannot be read",
	Why:    "what is wrong in it is not found, and what is in it counts as missing",
	Fix:    "make it readable, or take it out of the directory",
	Source: "schema/lint/README.md of meshtopo",
}

// File is one file of manifests. It is read when its turn comes, and again if a finding of another file points into it. One that
// cannot be read is a finding.
type File struct {
	Name string // in positions
	Read func() ([]byte, error)
}
