package settings

import "meshtopo.dev/meshtopo/schema/diag"

// Verdict says what is done about a setting.
type Verdict string

// The verdicts.
const (
	Harmless Verdict = "harmless"     // to other clusters it means the same as in a mesh of one
	Rendered Verdict = "rendered for" // what it needs in other clusters is rendered
	Unjudged Verdict = "not judged"   // whether it breaks anything is not in the files
	Warned   Verdict = "warned of"    // it breaks some meshes of several clusters, or part of one
	Refused  Verdict = "refused"      // it breaks every one
)

// Effect says what one setting of Istio does to a mesh of several clusters.
type Effect struct {
	// Setting is its path below meshConfig, values or components, a variable of istiod as pilot.env.NAME, or for an
	// object its kind and the path in it.
	Setting string
	Verdict Verdict
	Does    string
	Source  string // where Istio's source says so, with the version that it came with where it is not in all
	Code    string // of the rule that reports it, or ""
	Feature string // of a variable: its name in pilot/pkg/features, or ""

	check func(Installation, Mesh, *diag.List) // nil where something else reports it
}

// Mesh is what is known of the mesh that a control plane is part of, as far as its settings are judged by that.
type Mesh struct {
	Clusters, Networks int    // as many as are known
	Remotes            bool   // the control plane has some
	Secrets            bool   // there are remote Secrets for it
	Namespace          string // of the control plane and the gateways
	Ambient            bool   // the profile says so
	Minor              int    // the version of the control plane, or 0
	Sidecars           *Place // something that sidecars are known by
	Labelled           *Place // a labelled remote Secret for it, where it has no other control plane beside it
	Hostname           *Place // the address of a gateway that is a host name
	Referred           *Place // a Gateway that says where the gateway of a network is which istiod cannot read
}

// Place is a place in a file and what stands there.
type Place struct {
	Pos  diag.Pos
	What string
}

// crosses reports whether calls go through gateways that istiod has to find.
func (m Mesh) crosses() bool { return m.Networks > 1 || m.Remotes }
