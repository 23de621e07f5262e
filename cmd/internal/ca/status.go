package ca

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"meshtopo.dev/meshtopo/cmd/internal/console"
	"meshtopo.dev/meshtopo/cmd/internal/files"
	"meshtopo.dev/meshtopo/cmd/internal/flags"
	"meshtopo.dev/meshtopo/cmd/internal/report"
	"meshtopo.dev/meshtopo/cmd/internal/usage"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/loader"
)

type statusCommand struct {
	*command
	format string
	within flags.Within
	at     flags.Date
}

// statusFormats are the formats of a report that have a use for a list of dates alone.
var statusFormats = []string{"text", "json", "markdown"}

func newStatus(p Program) *cobra.Command {
	c := &statusCommand{command: p.command(), format: "text", within: flags.Within(90 * 24 * time.Hour)}
	cmd := &cobra.Command{
		Use:   "status [FILE|DIR|-]...",
		Short: "List what ends when: certificates and tokens of the whole mesh",
		Long: `List what ends when, the soonest first: roots, intermediates, the CAs of API servers, tokens that end, client certificates
and the certificates that Secrets are sealed with. On a terminal a bar shows how much of each life is left.

Exit code 1 means that something has expired, on the day of --at.`,
		Example: `  meshtopo ca status
  meshtopo ca status --expires-within 45d
  meshtopo ca status --at 2027-03-31 --format markdown`,
		RunE: func(_ *cobra.Command, args []string) error { return c.run(args) },
	}
	cmd.Flags().Var(&c.within, "expires-within", "mark what ends within this `TIME`, such as 45d")
	cmd.Flags().Var(&c.at, "at", "as on this `DATE`, such as 2027-03-31")
	cmd.Flags().StringVar(&c.format, "format", c.format, "the `FORMAT`: text, json or markdown")
	formats := cobra.FixedCompletions(statusFormats, cobra.ShellCompDirectiveNoFileComp)
	if err := cmd.RegisterFlagCompletionFunc("format", formats); err != nil {
		panic(err) // the flag does not exist
	}
	return cmd
}

func (c *statusCommand) run(args []string) error {
	if !slices.Contains(statusFormats, c.format) {
		return usage.Errorf("--format %s: write %s", c.format, strings.Join(statusFormats, ", "))
	}
	format, err := report.New(c.format, c.format == "text" && console.Colours(c.IO.Out))
	if err != nil {
		return err
	}
	src, err := files.OpenTopology(args, c.IO.In)
	if err != nil {
		return err
	}
	defer src.Close()
	c.IO.Begin("reading %s", src.Label())
	now := c.at.OrNow()
	var dated []schema.Expiry
	read := false
	_, found, err := loader.Load(loader.Input{
		FS: src.FS(), Files: src.Files, Stdin: src.Stdin, Material: src.Store, Now: now, Rules: c.Rules,
		Dated: func(all []schema.Expiry) { dated, read = all, true },
	})
	var path *fs.PathError
	switch {
	case errors.As(err, &path):
		return fmt.Errorf("%s: %w", src.Name(path.Path), path.Err)
	case err != nil:
		return err
	case !read:
		return c.report(found, src.Name)
	}
	r := &report.Report{Command: "ca status", Findings: &diag.List{}, FailOn: diag.Error, Rules: c.Rules, Name: src.Name}
	r.Expiries = report.NewExpiries(dated, src.Name, now, time.Duration(c.within))
	if err := format(c.IO.Out, r); err != nil {
		return err
	}
	return c.judge(src, r, found)
}

// judge tells what the list cannot show, and ends the command where something has expired.
func (c *statusCommand) judge(src *files.Topology, r *report.Report, found *diag.List) error {
	count := func(s report.State) (n int) {
		for _, e := range r.Expiries {
			if e.State == s {
				n++
			}
		}
		return n
	}
	c.IO.Say("%d of %d have expired, and %d end within %s", count(report.Expired), len(r.Expiries), count(report.Soon), c.within.String())
	if found.Count(diag.Error) > count(report.Expired) {
		c.IO.Say("%s has errors, and something may be missing here: meshtopo validate tells them", src.Label())
	}
	if slices.ContainsFunc(r.Expiries, func(e report.Expiry) bool { return e.State == report.Expired }) {
		return console.ErrFound
	}
	return nil
}
