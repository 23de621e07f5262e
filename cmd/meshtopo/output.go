package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"meshtopo.dev/meshtopo/cmd/internal/report"
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// formatFlag is --format: the notations that a report is written in, and where to.
type formatFlag struct{ targets []target }

func addFormatFlag(c *cobra.Command) *formatFlag {
	f := &formatFlag{}
	c.Flags().Var(f, "format", "report `FORMAT[=PATH]`, to a file or stdout: "+strings.Join(report.Names(), ", ")+"; repeatable (default text)")
	complete(c, "format", words(report.Names()...))
	return f
}

// Set adds a target. Only one report fits on stdout.
func (f *formatFlag) Set(spec string) error {
	name, path, file := strings.Cut(spec, "=")
	if _, err := report.New(name, false); err != nil {
		return err
	}
	switch {
	case file && path == "":
		return fmt.Errorf("no path behind %q", "=")
	case path == "-":
		return fmt.Errorf("leave out %q for stdout, or write ./- for a file of that name", "=-")
	case file && isDir(path):
		return fmt.Errorf("%s is a directory", path)
	}
	t := target{name, path}
	if slices.ContainsFunc(f.targets, t.is) {
		return fmt.Errorf("another report goes there already: write this one to a file with %s=PATH", name)
	}
	if file {
		if err := t.spareOthers(); err != nil {
			return err
		}
	}
	f.targets = append(f.targets, t)
	return nil
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// String gives what Set read.
func (f *formatFlag) String() string {
	var specs []string
	for _, t := range f.targets {
		specs = append(specs, t.String())
	}
	return strings.Join(specs, ",")
}

// Type names the value in the help.
func (f *formatFlag) Type() string { return "FORMAT[=PATH]" }

// usesStdout reports whether somebody asked for a report on stdout.
func (f *formatFlag) usesStdout() bool {
	return slices.ContainsFunc(f.targets, func(t target) bool { return t.path == "" })
}

// write writes the report everywhere it was asked for; without --format, as text on stdout. A report that cannot be
// written does not keep the others from those who read them.
func (f *formatFlag) write(io stdio, r *report.Report) error {
	targets := f.targets
	if len(targets) == 0 {
		targets = []target{{format: "text"}}
	}
	var failed []error
	for _, t := range targets {
		failed = append(failed, t.write(io, r))
	}
	if slices.ContainsFunc(targets, func(t target) bool { return t.format == "github" }) {
		failed = append(failed, writeSummary(r))
	}
	return errors.Join(failed...)
}

// writeSummary adds to the summary of a GitHub workflow's step, for those who look at one: the file is named by
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions#adding-a-job-summary.
func writeSummary(r *report.Report) error {
	path := os.Getenv("GITHUB_STEP_SUMMARY")
	if path == "" {
		return nil
	}
	format, err := report.New("markdown", false)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	return finish(file, format, r)
}

// colours reports whether w is a terminal whose user has not declined colours (https://no-color.org). CI logs
// are read as plain text, even by runners that offer a terminal.
func colours(w any) bool {
	if c, ok := w.(*checkedWriter); ok {
		w = c.w
	}
	file, ok := w.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" || os.Getenv("CI") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	return isTerminal(file)
}

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

// newReport begins the report about a topology, which is nil if it has errors.
func newReport(command string, src *source, t *schema.Topology, findings *diag.List) *report.Report {
	r := &report.Report{
		Command: command, Version: versionNumber(), Findings: findings, FailOn: diag.Error, Rules: rules,
		Name: src.name, Unchecked: unchecked(t, nil),
	}
	for _, file := range src.files {
		r.Checked = append(r.Checked, src.name(file))
	}
	r.Subject = subject(r.Checked)
	return r
}

// subject names several files or directories in one word.
func subject(names []string) string { return strings.Join(names, "+") }

// unchecked names the private material that was not there and that goes into files within the scope, each place once.
func unchecked(t *schema.Topology, scope tree.Scope) []string {
	if t == nil {
		return nil
	}
	inScope := func(cluster string) bool { return scope.Contains(layout.Path(cluster)) }
	var places []string
	for _, u := range t.Unread {
		if slices.ContainsFunc(u.Holders, inScope) {
			places = append(places, u.Place.String())
		}
	}
	slices.Sort(places)
	return slices.Compact(places)
}

// sayUnchecked tells in one line what could not be checked without private material.
func sayUnchecked(io stdio, places []string) {
	if len(places) > 0 {
		io.say("not checked, because it is not here: %s", strings.Join(places, ", "))
	}
}

// sayFindings tells how many findings there were.
func sayFindings(io stdio, findings *diag.List) {
	if summary := report.Summary(findings); summary != "" {
		io.say("%s", summary)
	}
}
