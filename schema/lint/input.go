package lint

import (
	"time"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// Input is what is linted.
type Input struct {
	Clusters []Source
	Now      time.Time        // the time at which certificates and tokens must be valid
	Topology *schema.Topology // what the manifests should say, or nil
	Part     bool             // only some of the topology's clusters are given: the others are not missing
	Named    diag.Pos         // where a cluster without an installation is reported; its first file by default
	Applied  bool             // the objects are applied by kubectl, except those that kustomize leaves out
	Edits    bool             // add the edits that fix them to the findings

	Taken func(file, as string) // is told what each file was taken for, or nil
}

// Source is where the manifests of one cluster are.
type Source struct {
	Cluster string // its name in messages; its manifests may have another
	Mesh    string // clusters of different meshes are not compared, unless with a topology
	Partial bool   // it may have more manifests: what is missing may be there
	Files   []File // in the order in which they are read
}

// File is one file of manifests. If it cannot be read, that is a finding.
type File = manifest.File
