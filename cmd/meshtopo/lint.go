package main

import (
	"errors"
	"path"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"meshtopo.dev/meshtopo/cmd/internal/console"
	"meshtopo.dev/meshtopo/cmd/internal/files"
	"meshtopo.dev/meshtopo/cmd/internal/flags"
	"meshtopo.dev/meshtopo/cmd/internal/report"
	"meshtopo.dev/meshtopo/cmd/internal/usage"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/lint"
	"meshtopo.dev/meshtopo/schema/loader"
)

type lintCommand struct {
	io       console.IO
	format   *formatFlag
	failOn   *flags.Severity
	clusters []string
	topology string
	fix      bool
	dryRun   bool
	secrets  bool // that none is in clear
	cueLimit flags.Limit
}

func newLint(io console.IO) *cobra.Command {
	l := &lintCommand{io: io}
	c := &cobra.Command{
		Use:   "lint [DIR|FILE|-]...",
		Short: "Find multicluster mistakes in manifests that were written by hand",
		Long: `Read the manifests of one or several clusters and report what would fail when they are applied: in each document, between
the documents of a cluster, and between clusters. Nothing is applied and no cluster is asked.

Each DIR holds the manifests of one cluster: all .yaml, .yml and .json files below it. A directory that has a directory
clusters, or is called so, holds one cluster in each directory of that; one in which installations have several names holds that many,
and that is said. FILEs, and - for standard input, are together one cluster. --cluster NAME=PATH says which is which. Without arguments,
the working directory is linted.

What is found below a directory and cannot be read is a finding, and the rest is linted; what is named and cannot be read ends the
command with 3, after that.

--fix makes the edits that are safe, such as of a misspelt field or a missing label, and reports what is left. It changes
nothing but the places of the findings, and no JSON. With --dry-run it writes nothing and shows what it would change, without what Secrets hold.

--no-plaintext judges one thing only, and no other rule: no private key, token, password or value of a Secret may stand in clear. All
files are read, whatever their names are, and base64, archives of Helm, pages, scripts, patches and comments are looked into. Below a
directory, .git is passed over and links are not followed. Certificates, public keys, placeholders and what sops, sealed-secrets, age or PGP
have encrypted are no findings; a key that only a passphrase protects is a warning. Of what is found, only the place and the kind are told.`,
		Example: `  meshtopo lint clusters/
  meshtopo lint --cluster east=deploy/east --cluster west=deploy/west
  meshtopo lint --fix --dry-run clusters/
  meshtopo lint --no-plaintext .
  istioctl manifest generate -f east.yaml | meshtopo lint -`,
		RunE:              func(_ *cobra.Command, args []string) error { return l.run(args) },
		ValidArgsFunction: completeManifests,
	}
	l.format = addFormatFlag(c)
	l.failOn = addFailOnFlag(c)
	c.Flags().StringArrayVar(&l.clusters, "cluster", nil, "lint the file or directory PATH as the cluster NAME: `NAME=PATH`; repeatable")
	c.Flags().StringVar(&l.topology, "topology", "", "compare the manifests with the topology in `FILE` as well")
	complete(c, "topology", completeTopologies)
	addCUELimitFlag(c.Flags(), &l.cueLimit)
	c.Flags().BoolVar(&l.fix, "fix", false, "make the edits that are safe, and report what is left")
	c.Flags().BoolVar(&l.dryRun, "dry-run", false, "with --fix: show what it would change, and write no file")
	c.Flags().BoolVar(&l.secrets, "no-plaintext", false, "look for nothing but private keys, tokens and Secrets in clear, in all files")
	return c
}

// completeManifests offers the directories and files that manifests can be in.
func completeManifests(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return files.ManifestTypes, cobra.ShellCompDirectiveFilterFileExt
}

func (l *lintCommand) run(args []string) error {
	if err := l.check(args); err != nil {
		return err
	}
	if l.secrets {
		return l.runPlaintext(args)
	}
	l.io.Begin("looking for manifests")
	sources, err := files.OpenManifests(args, l.clusters, l.io.In, l.io.Say)
	if err != nil {
		return err
	}
	if err := l.format.refuseLinted(sources.Checked); err != nil {
		return err
	}
	in := lint.Input{Clusters: sources.Clusters, Now: time.Now()}
	top := &comparison{name: func(file string) string { return file }, sources: &diag.List{}}
	if l.topology != "" {
		if top, err = l.readTopology(l.subject(args)); err != nil {
			return err
		}
		in.Topology = top.topology
		sources.Regroup(namesOf(top.topology))
		in.Clusters = sources.Clusters
	}
	if l.io.Talk.Verbose {
		in.Taken = func(file, as string) { l.io.Note("%s: %s", file, as) }
	}
	l.io.Begin("linting %s", report.Count(len(sources.Clusters), "cluster"))
	collectWhenFull(sources.Count())
	r := &report.Report{
		Command: "lint", Version: versionNumber(), FailOn: l.failOn.Severity, Rules: allRules,
		Name: top.name, Checked: sources.Checked, Subject: l.subject(args),
	}
	if err := l.lint(in, sources, r); err != nil {
		return err
	}
	r.Findings.Append(sources.Guessed)
	r.Findings.AppendSources(top.sources)
	if err := l.format.write(l.io, r); err != nil {
		return err
	}
	found := l.io.Outcome(r)
	if err := errors.Join(sources.Unreadable...); err != nil {
		return err
	}
	if unread := lint.Unread(r.Findings); unread > 0 {
		l.io.Say("%s in %s: %d mention Istio in a form that is not read, or not as a whole", report.Count(sources.Count(), "file"), report.Count(len(sources.Clusters), "cluster"), unread)
	} else if r.Findings.Len() == 0 {
		l.io.Say("%s in %s: nothing to report", report.Count(sources.Count(), "file"), report.Count(len(sources.Clusters), "cluster"))
	}
	return found
}

// subject is what the command line names. Which clusters that are may change without another subject.
func (l *lintCommand) subject(args []string) string {
	var names []string
	for _, name := range slices.Concat(l.clusters, args) {
		names = append(names, path.Clean(filepath.ToSlash(name)))
	}
	if len(names) == 0 {
		return "."
	}
	return subject(names)
}

// check refuses flags that make no sense.
func (l *lintCommand) check(args []string) error {
	switch {
	case l.dryRun && !l.fix:
		return usage.Errorf("--dry-run is about --fix: lint writes nothing without it")
	case l.fix && !l.dryRun && slices.Contains(args, files.Stdin):
		return usage.Errorf("--fix cannot change standard input: name files, or see the changes with --dry-run")
	}
	return nil
}

// lint fills in what is found; with --fix, what is left after what could be mended is.
func (l *lintCommand) lint(in lint.Input, sources *files.Manifests, r *report.Report) (err error) {
	if !l.fix {
		r.Findings, err = lint.Run(in)
		return err
	}
	m, first, left, err := mend(in)
	if err != nil {
		return err
	}
	if l.dryRun {
		r.Findings, r.Changes = first, m.changes()
		l.io.Say("--fix would mend %s", m)
		return nil
	}
	r.Findings = left
	if err := sources.Rewrite(l.io.Talk.Commit(), m.before, m.after); err != nil {
		return err
	}
	for _, file := range m.files() {
		l.io.Note("mended %s", file)
	}
	l.io.Say("mended %s", m)
	return nil
}

// comparison is the topology that manifests are compared with, and what a report needs to point into it.
type comparison struct {
	topology *schema.Topology
	name     func(file string) string
	sources  *diag.List
}

// readTopology gives the topology that --topology names. One with errors is reported, and ends the command.
func (l *lintCommand) readTopology(linted string) (*comparison, error) {
	src, err := openTopology([]string{l.topology}, l.io.In, l.format, "")
	if err != nil {
		return nil, err
	}
	defer src.Close()
	t, findings, err := readTopology(src, loader.Input{CUELimit: int(l.cueLimit)}, l.format)
	if err != nil {
		return nil, err
	}
	if t == nil {
		r := newReport("lint", src, nil, findings)
		r.Subject = linted
		if err := l.format.write(l.io, r); err != nil {
			return nil, err
		}
		return nil, l.io.Outcome(r)
	}
	name := func(file string) string {
		if slices.Contains(src.Files, file) {
			return src.Name(file)
		}
		return file
	}
	return &comparison{t, name, findings}, nil
}

// namesOf gives the names of a topology's clusters.
func namesOf(t *schema.Topology) []string {
	var names []string
	for _, c := range t.Clusters {
		names = append(names, c.Name)
	}
	return names
}
