package main

import (
	"cmp"
	"time"

	"github.com/spf13/cobra"

	"meshtopo.dev/meshtopo/cmd/internal/console"
	"meshtopo.dev/meshtopo/cmd/internal/flags"
	"meshtopo.dev/meshtopo/cmd/internal/git"
	"meshtopo.dev/meshtopo/cmd/internal/krm"
	"meshtopo.dev/meshtopo/cmd/internal/report"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/loader"
)

type validateCommand struct {
	io              console.IO
	format          *formatFlag
	failOn          *flags.Severity
	requireMaterial bool
	tracked         bool
	cueLimit        flags.Limit
	within          flags.Within
	at              flags.Date
	out             string
}

func newValidate(io console.IO) *cobra.Command {
	v := &validateCommand{io: io}
	c := &cobra.Command{
		Use:   "validate " + sourceUsage,
		Short: "Check a topology and report every problem in it",
		Long: `Check a topology: its fields, what its clusters mean to each other, and its certificates, keys and tokens.
Every problem of every file is reported in one run, at its place, with why it matters and how to fix it.

It is compared with the rendered tree, too, and with that of git's HEAD: a step that would cut traffic is refused, such as
one that takes away a root under which clusters sign, and the step that comes first is said.

` + trackedHelp + `

` + sourceHelp,
		Example: `  meshtopo validate
  meshtopo validate --fail-on warning --format json prod/topology.yaml
  cue export ./mesh --out json | meshtopo validate -`,
		RunE:              func(c *cobra.Command, args []string) error { return v.run(args, c.Flags().Changed("expires-within")) },
		ValidArgsFunction: completeTopologies,
	}
	v.format = addFormatFlag(c)
	addOutputFlag(c, &v.out)
	v.failOn = addFailOnFlag(c)
	addRequireMaterialFlag(c.Flags(), &v.requireMaterial)
	addCUELimitFlag(c.Flags(), &v.cueLimit)
	addTrackedFlag(c.Flags(), &v.tracked)
	v.within = flags.Within(90 * 24 * time.Hour)
	c.Flags().Var(&v.within, "expires-within", "list what ends when, and warn of what ends within this `TIME`, such as 45d")
	c.Flags().Var(&v.at, "at", "judge certificates and tokens as on this `DATE`, such as 2027-03-31")
	return c
}

func (v *validateCommand) run(args []string, dates bool) error {
	src, err := openTopology(args, v.io.In, v.format, v.out)
	if err != nil {
		return err
	}
	defer src.Close()
	v.io.Begin("reading %s", src.Label())
	var dated []schema.Expiry
	t, findings, err := readTopology(src, loader.Input{
		RequireMaterial: v.requireMaterial, CUELimit: int(v.cueLimit), Now: v.at.OrNow(), Within: max(time.Duration(v.within), 1),
		Dated: func(all []schema.Expiry) { dated = all },
	}, v.format)
	if err != nil {
		return err
	}
	krm.Note(src.FS(), findings)
	if v.tracked {
		if err := git.Check(src, neededBy(src), findings); err != nil {
			return err
		}
	}
	if err := checkSteps(v.io, t, cmp.Or(v.out, src.Dir), findings); err != nil {
		return err
	}
	r := newReport("validate", src, t, findings)
	r.FailOn = v.failOn.Severity
	if dates {
		r.Expiries = report.NewExpiries(dated, src.Name, v.at.OrNow(), time.Duration(v.within))
	}
	if err := v.format.write(v.io, r); err != nil {
		return err
	}
	sayUnchecked(v.io, r.Unchecked)
	if err := v.io.Outcome(r); err != nil {
		return err
	}
	v.io.Say("%s is valid: %s on %s", src.Label(),
		report.Count(len(t.Clusters), "cluster"), report.Count(len(t.Networks), "network"))
	return nil
}
