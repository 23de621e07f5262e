package progress

import (
	"encoding/hex"

	"meshtopo.dev/meshtopo/render/shell"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/trust"
)

// Rotation is that of the root certificate, while it is under way.
type Rotation struct {
	Phase    Phase
	Rows     []Signing
	Old, New string   // the roots
	Restart  []string // commands that have the control planes read their files again
	Given    []string // commands that show how many roots the workloads of a cluster are given
}

// Signing is a control plane and the root under which it signs.
type Signing struct{ Cluster, Root string }

// Phase is a step of a rotation.
type Phase string

// The phases of a rotation, which are what their sections of the README are called.
const (
	Distribute Phase = "distribute" // every cluster trusts the new root, and none signs under it yet
	Switch     Phase = "switch"     // some sign under the new root
	Retire     Phase = "retire"     // all do
)

// RotationOf gives the rotation that a topology is in: it has several roots, of which the first is the old one. Without
// one there is no phase.
func RotationOf(t *schema.Topology) Rotation {
	roots := t.Public.Roots
	if len(roots) < 2 {
		return Rotation{}
	}
	old, new := roots[0], roots[len(roots)-1]
	r := Rotation{Old: rootName(t, old), New: rootName(t, new)}
	var before, after bool
	for _, c := range t.Clusters {
		if !c.RunsControlPlane() {
			continue
		}
		row := Signing{c.Name, "not known here"}
		if root := t.Public.Signers[c.Name].Root; root != (trust.Digest{}) {
			row.Root = rootName(t, root)
			before, after = before || root != new, after || root == new
		}
		r.Rows = append(r.Rows, row)
		for _, p := range c.ControlPlanes() {
			r.Restart = append(r.Restart, shell.KubectlIn(p, "rollout restart deployment/"+p.IstiodName()))
		}
	}
	for _, c := range t.Clusters {
		if c.State == schema.Joining && !c.RunsControlPlane() {
			continue
		}
		r.Given = append(r.Given, shell.KubectlIn(c, `get configmap istio-ca-root-cert -o jsonpath='{.data.root-cert\.pem}' | awk '/BEGIN/ { n++ } END { print n + 0 }'`))
	}
	switch {
	case !after:
		r.Phase = Distribute
	case before:
		r.Phase = Switch
	default:
		r.Phase = Retire
	}
	return r
}

// rootName names a root by its file and the beginning of its fingerprint.
func rootName(t *schema.Topology, root trust.Digest) string {
	return code(t.Public.RootFiles[root]) + " (sha256:" + hex.EncodeToString(root[:4]) + "…)"
}
