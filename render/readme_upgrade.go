package render

import (
	"fmt"

	"meshtopo.dev/meshtopo/render/gitops"
	"meshtopo.dev/meshtopo/render/progress"
	"meshtopo.dev/meshtopo/schema/diag"
)

// fleetUpgrade says where an upgrade stands, and what comes next.
func (r *rendering) fleetUpgrade(s *sections) {
	u := progress.Of(r.topology)
	if len(u.Rows) == 0 {
		return
	}
	table := []string{"| cluster | default | beside it | tags |", "|---|---|---|---|"}
	for _, row := range u.Rows {
		table = append(table, fmt.Sprintf("| %s | %s | %s | %s |", row.Cluster, row.Default, row.Beside, row.Tags))
	}
	s.add("fleet-upgrade", struct{ Table string }{lines(table)})
	data := struct{ Newer, Older, Commands, Apply, Next string }{
		diag.Enumerate(u.Newer, "and"), diag.Enumerate(u.Older, "and"), lines(u.Ask), "apply everything above", "apply everything",
	}
	if g := r.topology.GitOps; g != nil {
		data.Apply, data.Next = "wait until "+gitops.Engine(g)+" has applied this tree", "commit and push"
	}
	if len(u.Newer) > 0 {
		s.add("fleet-upgrade-try", data)
	}
	if len(u.Older) > 0 {
		s.add("fleet-upgrade-leave", data)
	}
}
