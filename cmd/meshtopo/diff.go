package main

import (
	"slices"

	"github.com/spf13/cobra"

	"meshtopo.dev/meshtopo/cmd/internal/console"
	"meshtopo.dev/meshtopo/cmd/internal/drift"
	"meshtopo.dev/meshtopo/cmd/internal/encrypted"
	"meshtopo.dev/meshtopo/cmd/internal/git"
	"meshtopo.dev/meshtopo/cmd/internal/report"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema/diag"
)

type diffCommand struct {
	compiler
	requireMaterial bool
	tracked         bool
}

func newDiff(io console.IO) *cobra.Command {
	d := &diffCommand{compiler: compiler{io: io, command: "diff"}}
	c := &cobra.Command{
		Use:   "diff " + sourceUsage,
		Short: "Tell whether the rendered tree is still what the topology says",
		Long: `Compare the tree on disk with what render would write, and exit with 1 if they differ: a line for each file that
render would add, change or remove, or that was edited by hand, or that an interrupted render left behind; then
the resources that this means in each cluster; then the differences. Files with private material are named and
never shown.

Warnings about the topology are validate's to give. Private keys and tokens need not be there, so this runs in CI:
what depends on them is not compared, which is said in a line. --require-material makes that a failure.

` + trackedHelp + `

` + sourceHelp,
		Example: `  meshtopo diff
  meshtopo diff --format text --format sarif=drift.sarif
  meshtopo diff -o rendered --cluster cluster-a prod/topology.yaml`,
		RunE:              func(_ *cobra.Command, args []string) error { return d.run(args) },
		ValidArgsFunction: completeTopologies,
	}
	d.addFlags(c)
	addRequireMaterialFlag(c.Flags(), &d.requireMaterial)
	addTrackedFlag(c.Flags(), &d.tracked)
	return c
}

func (d *diffCommand) run(args []string) error {
	p, err := d.compile(args, d.requireMaterial)
	if err != nil {
		return err
	}
	dir, changes, err := d.drift(p)
	if err != nil {
		return err
	}
	defer dir.Close()
	p.report.Findings = &diag.List{} // warnings are validate's to give: without drift there is nothing to say
	if d.tracked {
		if err := git.Check(p.src, slices.Concat(neededBy(p.src), p.needed()), p.report.Findings); err != nil {
			return err
		}
	}
	for i := range p.report.Changes {
		p.report.Changes[i].Rule = drift.Rule(p.report.Changes[i].Kind)
	}
	if err := d.format.write(d.io, p.report); err != nil {
		return err
	}
	err = d.io.Outcome(p.report)
	p.sayNotCompared(d.io)
	d.io.SayAll(encrypted.Unproven(&p.tree, p.scope))
	if len(changes) > 0 {
		d.sayDrift(p, changes)
		return console.ErrFound
	}
	return err
}

func (d *diffCommand) sayDrift(p *compiled, changes []tree.Change) {
	d.io.Say("%s not as %s says: meshtopo render writes what it should be", differ(len(changes)), p.src.Label())
	if slices.ContainsFunc(changes, func(c tree.Change) bool { return c.Kind == tree.HandEdited }) {
		d.io.Say("a render discards what was edited by hand: say it in the topology instead")
	}
}

func differ(n int) string {
	if n == 1 {
		return "1 file is"
	}
	return report.Count(n, "file") + " are"
}
