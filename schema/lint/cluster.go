package lint

import (
	"time"

	"meshtopo.dev/meshtopo/schema/diag"
)

// cluster is one cluster while its manifests are judged: what they say, and what has become clear of it.
type cluster struct {
	facts

	name     string   // how it is called in messages
	fallback diag.Pos // see Input.Named
	applied  bool     // its objects are what kubectl gets
	now      time.Time

	unread   bool   // a part of the manifests could not be read, and may have what is missed
	invented bool   // an object of no kind was meant to join another cluster
	called   string // by the other clusters, where only its own manifests say another name
}

// group is what a file is about: its rules, and what looks for them in the manifests of one cluster once all are read, or nil.
type group struct {
	rules []*diag.Rule
	check func(*cluster, *diag.List)
}
