package lint

import (
	"cmp"
	"crypto/sha256"
	"time"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/carrier"
	"meshtopo.dev/meshtopo/schema/diag"
)

// cluster is one cluster while its manifests are checked: what they say, and what was found out about it.
type cluster struct {
	facts

	name     string   // in messages
	fallback diag.Pos // see Input.Named
	applied  bool     // its objects are applied by kubectl
	carried  carrier.Set
	taken    *taken // or nil where nobody asks
	now      time.Time

	originals    map[string]original // the objects that have been read, by group, kind, namespace and name
	copies       []copied            // those of which there was one already
	told         map[string]*told    // the notes that are given once
	unread       bool                // a part of the manifests could not be read, and may have what seems to be missing
	joinsWrongly bool                // an object of a kind that does not exist was meant to join another cluster
	called       string              // its name in the manifests of the other clusters, if its own have another one

	topology *schema.Topology // that the manifests are compared with, or nil
	rendered bool             // meshtopo made some of its objects
	files    map[string]bool  // the names of all that were given
}

// wanted gives what the topology says of the cluster, or nil.
func (c *cluster) wanted() *schema.Cluster {
	if c.topology == nil {
		return nil
	}
	return cmp.Or(c.topology.Cluster(c.name), c.topology.Cluster(c.clusterName()))
}

// group is the rules of one file, and their check, if they have one. It runs once all manifests of a cluster are read.
type group struct {
	rules []*diag.Rule
	check func(*cluster, *diag.List)
}

// original is an object, as far as another of its name is compared with it.
type original struct {
	object   string // in messages
	pos      diag.Pos
	digest   [sha256.Size]byte
	installs []string // of an IstioOperator: what it installs
}

// copied is an object, and the one of the same name that was read before.
type copied struct {
	original
	of original
}

// told is a note that is given once for all objects with the same cause.
type told struct {
	note  *diag.Diagnostic
	first string // the object that it is about, in messages
	count int    // of the objects
}
