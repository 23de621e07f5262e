package main

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"meshtopo.dev/meshtopo/cmd/internal/usage"
	"meshtopo.dev/meshtopo/schema/diag"
)

// severityFlag is a severity on the command line.
type severityFlag struct{ severity diag.Severity }

func addFailOnFlag(c *cobra.Command) *severityFlag {
	f := &severityFlag{diag.Error}
	c.Flags().Var(f, "fail-on", "exit 1 for findings of this `SEVERITY` and above: info, warning or error")
	complete(c, "fail-on", words("info", "warning", "error"))
	return f
}

// Set reads a severity.
func (f *severityFlag) Set(s string) (err error) {
	f.severity, err = diag.ParseSeverity(s)
	return err
}

// String gives what Set read.
func (f *severityFlag) String() string { return f.severity.String() }

// Type names the value in the help.
func (f *severityFlag) Type() string { return "SEVERITY" }

func addRequireMaterialFlag(f *pflag.FlagSet, p *bool) {
	f.BoolVar(p, "require-material", false, "private keys and tokens that are not there are errors")
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
