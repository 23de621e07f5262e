// Package steps compares a topology with the tree that is there, and with the one that was committed: what a step takes
// away must not be in use, and what it brings must be accepted already.
package steps

import (
	"slices"

	"meshtopo.dev/meshtopo/cmd/internal/git"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/rotation"
	"meshtopo.dev/meshtopo/schema/upgrade"
)

// records are the lines that the sum files of a tree record, by cluster.
type records map[string][]string

// Check reports the steps to a topology that would cut something off: those from the tree in a directory, and those
// from the tree that git's HEAD has there, which is what clusters have while the other is not committed. A
// topology that is nil, or has errors, takes no step. Skipped says why HEAD could not be asked, or is "".
func Check(t *schema.Topology, out string, found *diag.List) (skipped string, err error) {
	if t == nil || found.HasErrors() {
		return "", nil
	}
	here, err := onDisk(t, out)
	if err != nil {
		return "", err
	}
	committed, err := inHead(t, out)
	if err != nil {
		skipped = err.Error()
	}
	fromHere, fromHead := check(t, here), check(t, committed)
	fromHead.Delete(func(d *diag.Diagnostic) bool { return has(fromHere, d) })
	fromHead.Each(func(d *diag.Diagnostic) {
		d.Append(", in git's HEAD")
		if len(here) > 0 {
			d.Fix = "commit the tree that is here, have it applied in every cluster, and take this step after that"
		}
	})
	found.Append(fromHere)
	found.Append(fromHead)
	return skipped, nil
}

// has reports whether a list has a finding of the same rule at the same place.
func has(l *diag.List, d *diag.Diagnostic) bool {
	for other := range l.At(d.Pos) {
		if other.Code == d.Code {
			return true
		}
	}
	return false
}

// onDisk gives what the tree in a directory records.
func onDisk(t *schema.Topology, out string) (records, error) {
	dir, err := tree.Open(out)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	all := records{}
	for _, c := range t.Clusters {
		if lines := dir.Records(t.Name, c.Name); lines != nil {
			all[c.Name] = lines
		}
	}
	return all, nil
}

// inHead gives what the tree that is committed there records.
func inHead(t *schema.Topology, out string) (records, error) {
	var paths []string
	for _, c := range t.Clusters {
		paths = append(paths, tree.SumPath(c.Name))
	}
	files, err := git.Committed(out, paths)
	if err != nil {
		return nil, err
	}
	all := records{}
	for i, c := range t.Clusters {
		if lines := tree.Records(t.Name, files[paths[i]]); lines != nil {
			all[c.Name] = lines
		}
	}
	return all, nil
}

// check gives what is wrong with the step from a tree.
func check(t *schema.Topology, before records) *diag.List {
	found, planes, trusts := &diag.List{}, map[string][]upgrade.Installed{}, map[string]rotation.State{}
	for name, lines := range before {
		planes[name], trusts[name] = upgrade.Recorded(lines), rotation.Recorded(lines)
	}
	upgrade.CheckSteps(schema.Written{Topology: t}, planes, found)
	rotation.CheckSteps(schema.Written{Topology: t}, trusts, found)
	return found
}

// Rules gives every rule that Check reports.
func Rules() []*diag.Rule { return slices.Concat(upgrade.StepRules(), rotation.Rules()) }
