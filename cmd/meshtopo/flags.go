package main

import (
	"errors"
	"strconv"

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

// limitFlag is how many times the usual limits a CUE package may take.
type limitFlag int

func addCUELimitFlag(f *pflag.FlagSet, p *limitFlag) {
	*p = 1
	f.Var(p, "cue-limit", "let a CUE package take `N` times 10 s of CPU time, 1 GiB of memory and 32 MiB of values")
}

// Set reads a number that makes sense.
func (f *limitFlag) Set(s string) error {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 1000 {
		return errors.New("write a whole number from 1 to 1000")
	}
	*f = limitFlag(n)
	return nil
}

// String gives what Set read.
func (f *limitFlag) String() string { return strconv.Itoa(int(*f)) }

// Type names the value in the help.
func (f *limitFlag) Type() string { return "N" }

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
