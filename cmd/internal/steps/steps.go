// Package steps compares a topology with the tree that is there: what a step takes away must not be in use.
package steps

import (
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/upgrade"
)

// Check reports the steps from the tree in a directory to a topology that would cut something off. A topology that is
// nil, or has errors, takes no step.
func Check(t *schema.Topology, out string, found *diag.List) error {
	if t == nil || found.HasErrors() {
		return nil
	}
	dir, err := tree.Open(out)
	if err != nil {
		return err
	}
	defer dir.Close()
	before := map[string][]upgrade.Installed{}
	for _, c := range t.Clusters {
		before[c.Name] = upgrade.Recorded(dir.Records(t.Name, c.Name))
	}
	upgrade.CheckSteps(schema.Written{Topology: t}, before, found)
	return nil
}
