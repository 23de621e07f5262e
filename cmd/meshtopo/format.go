package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"meshtopo.dev/meshtopo/cmd/internal/console"
	"meshtopo.dev/meshtopo/cmd/internal/files"
	"meshtopo.dev/meshtopo/cmd/internal/report"
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
	case file && files.IsDir(path):
		return fmt.Errorf("%s is a directory", path)
	}
	t := target{name, files.Output(path)}
	if slices.ContainsFunc(f.targets, t.same) {
		return fmt.Errorf("another report goes there already: write this one to a file with %s=PATH", name)
	}
	if file {
		if err := t.checkOther(); err != nil {
			return err
		}
	}
	f.targets = append(f.targets, t)
	return nil
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
func (f *formatFlag) write(io console.IO, r *report.Report) error {
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
	return files.Output(path).Append(func(w io.Writer) error { return format(w, r) })
}
