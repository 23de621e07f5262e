package main

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"meshtopo.dev/meshtopo/cmd/internal/flags"
	"meshtopo.dev/meshtopo/cmd/internal/usage"
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/schema/diag"
)

func addFailOnFlag(c *cobra.Command) *flags.Severity {
	f := &flags.Severity{Severity: diag.Error}
	c.Flags().Var(f, "fail-on", "exit 1 for findings of this `SEVERITY` and above: info, warning or error")
	complete(c, "fail-on", words("info", "warning", "error"))
	return f
}

func addOutputFlag(c *cobra.Command, p *string) {
	c.Flags().StringVarP(p, "output", "o", "", "the `DIR` that holds "+layout.Top+"/ (default: the root of the topology)")
	complete(c, "output", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveFilterDirs
	})
}

func addRequireMaterialFlag(f *pflag.FlagSet, p *bool) {
	f.BoolVar(p, "require-material", false, "private keys and tokens that are not there are errors")
}

func addCUELimitFlag(f *pflag.FlagSet, p *flags.Limit) {
	*p = 1
	f.Var(p, "cue-limit", "let a CUE package take `N` times 10 s of CPU time, 1 GiB of memory and 32 MiB of values")
}

// complete registers what the shell is offered as values of a flag.
func complete(c *cobra.Command, flag string, values cobra.CompletionFunc) {
	if err := c.RegisterFlagCompletionFunc(flag, values); err != nil {
		panic(err) // the flag does not exist
	}
}

// words offers fixed values to the shell.
func words(values ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)
}

// completeTopologies offers the files that a topology can be.
func completeTopologies(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{"yaml", "yml", "json", "cue"}, cobra.ShellCompDirectiveFilterFileExt
}

// noArgs is for commands that take flags only.
func noArgs(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage.Errorf("%s takes no arguments, but got %q", c.CommandPath(), args[0])
	}
	return nil
}
