package render

import (
	"fmt"

	"meshtopo.dev/meshtopo/render/gitops"
	"meshtopo.dev/meshtopo/render/progress"
	"meshtopo.dev/meshtopo/schema/diag"
)

// fleetRotation says where a rotation of the root stands, and which trust domains are accepted beside that of the mesh.
func (r *rendering) fleetRotation(s *sections) {
	apply, next := "apply `2-secrets` and `3-control-plane` of every cluster with a control plane", "apply"
	if g := r.topology.GitOps; g != nil {
		apply, next = "wait until "+gitops.Engine(g)+" has applied this tree", "commit and push"
	}
	if u := progress.RotationOf(r.topology); u.Phase != "" {
		table := []string{"| control plane | signs under |", "|---|---|"}
		for _, row := range u.Rows {
			table = append(table, fmt.Sprintf("| %s | %s |", row.Cluster, row.Root))
		}
		s.add("fleet-rotation", struct{ Table string }{lines(table)})
		s.add("fleet-rotation-"+string(u.Phase), struct {
			Old, New, Apply, Next, Given, Restart string
			Roots                                 int
		}{u.Old, u.New, apply, next, lines(u.Given), lines(u.Restart), len(r.topology.Public.Roots)})
	}
	var aliases []string
	for _, alias := range r.topology.Mesh.TrustDomainAliases {
		aliases = append(aliases, code(alias))
	}
	if aliases != nil {
		s.add("fleet-trust-domains", struct{ Domain, Aliases, Apply, Next string }{code(r.topology.Mesh.TrustDomain), diag.Enumerate(aliases, "and"), apply, next})
	}
}
