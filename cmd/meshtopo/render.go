package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"meshtopo.dev/meshtopo/cmd/internal/console"
	"meshtopo.dev/meshtopo/cmd/internal/encrypted"
	"meshtopo.dev/meshtopo/cmd/internal/files"
	"meshtopo.dev/meshtopo/cmd/internal/report"
	"meshtopo.dev/meshtopo/cmd/internal/usage"
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/tree"
)

type renderCommand struct {
	compiler
	stdout, dryRun, verify bool
	stream                 io.Writer // for --stdout
}

func newRender(std console.IO) *cobra.Command {
	r := &renderCommand{compiler: compiler{io: std, command: "render"}}
	c := &cobra.Command{
		Use:   "render " + sourceUsage,
		Short: "Write the manifests of each cluster",
		Long: `Write clusters/NAME/ for each cluster of a topology, with a README.md that says how to apply it, and
clusters/README.md with the order across clusters. Only files that carry this topology's mark are replaced or
removed. If the topology has an error, or something else stands where a file should go, nothing is written.

What patches make of the objects is judged always, by the rules of meshtopo lint, in clusters that stand for all.
With --verify everything is linted, of every cluster, before anything is written: also Secrets, what no patch
touches, and what a patch makes whose own errors have been lowered. An error there is one of a patch or of a
setting of Istio's own, or a mistake of meshtopo.

With --stdout, IstioOperator objects are part of the stream: they are for istioctl, and kubectl does not know them.

` + sourceHelp,
		Example: `  meshtopo render
  meshtopo render --dry-run
  meshtopo render -o rendered --cluster cluster-a --cluster cluster-b prod/topology.yaml
  meshtopo render --stdout --cluster cluster-a`,
		RunE:              func(_ *cobra.Command, args []string) error { return r.run(args) },
		ValidArgsFunction: completeTopologies,
	}
	r.addFlags(c)
	c.Flags().BoolVar(&r.stdout, "stdout", false, "print the objects, keys and tokens included, as one YAML stream, and write no file")
	c.Flags().BoolVar(&r.dryRun, "dry-run", false, "print what would change, as diff does, and write no file")
	c.Flags().StringSliceVar(&r.again, "reencrypt", nil, "encrypt the Secret `NAME` anew, although it is current; repeatable")
	c.Flags().BoolVar(&r.verify, "verify", false, "lint the manifests first, and write nothing if that finds an error")
	return c
}

func (r *renderCommand) run(args []string) error {
	if err := r.check(); err != nil {
		return err
	}
	r.encrypts = !r.stdout && !r.dryRun
	p, err := r.compile(args, true)
	if err != nil {
		return err
	}
	if r.verify {
		if err := r.lint(p); err != nil {
			return err
		}
	}
	switch {
	case r.stdout:
		return r.print(p)
	case r.dryRun:
		return r.preview(p)
	}
	return r.apply(p)
}

// check refuses flags that contradict each other. With --stdout, reports leave stdout to the manifests.
func (r *renderCommand) check() error {
	switch {
	case !r.stdout:
		return nil
	case r.dryRun:
		return usage.Errorf("--stdout and --dry-run exclude each other")
	case r.out != "":
		return usage.Errorf("--stdout and --output exclude each other")
	case r.format.usesStdout():
		return usage.Errorf("--stdout prints the manifests there: write the report to a file with --format FORMAT=PATH")
	}
	r.stream, r.io.Out = r.io.Out, r.io.Err
	return nil
}

// preview prints what would change.
func (r *renderCommand) preview(p *compiled) error {
	dir, _, err := r.drift(p)
	if err != nil {
		return err
	}
	defer dir.Close()
	return r.finish(p.report)
}

// apply writes what differs. An interrupt ends the waiting for another render and the preparations, and leaves
// the tree as it was; once files are being switched it comes too late.
func (r *renderCommand) apply(p *compiled) error {
	r.beginComparing(p)
	dir, err := tree.Open(p.out)
	if err != nil {
		return err
	}
	defer dir.Close()
	changes, err := tree.Apply(r.io.Talk.Commit(), dir, &p.tree, p.scope, func(holder string) {
		r.io.Say("waiting for %s, which renders into the same directory", holder)
	})
	if err != nil {
		return r.obstacles(p, err)
	}
	protected, err := tree.Protect(dir, &p.tree, p.scope)
	if err != nil {
		return err
	}
	p.report.Changes, p.report.Checked = p.reported(changes), p.directories(changes)
	p.report.Result = p.result(changes)
	for _, c := range p.report.Changes {
		r.io.Note("%s %s", c.Kind, c.Path)
	}
	if err := r.finish(p.report); err != nil {
		return err
	}
	r.io.SayAll(encrypted.Reasons(changes), encrypted.Unproven(&p.tree, p.scope))
	r.sayProtected(p, protected)
	r.sayPlaintext(p, changes)
	r.sayNext(p, changes)
	return nil
}

// result says what was done: clusters: 3 files written, 1 removed, 20 unchanged.
func (p *compiled) result(changes []tree.Change) string {
	total := 0
	for _, f := range p.tree.Files {
		if p.scope.Contains(f.Path) {
			total++
		}
	}
	removed := 0
	for _, c := range changes {
		if c.Kind == tree.Removed {
			removed++
		}
	}
	written := len(changes) - removed
	if len(changes) == 0 {
		return fmt.Sprintf("%s: unchanged, %s", p.path(layout.Top), report.Count(total, "file"))
	}
	parts := []string{report.Count(written, "file") + " written"}
	if removed > 0 {
		parts = append(parts, fmt.Sprintf("%d removed", removed))
	}
	if unchanged := total - written; unchanged > 0 {
		parts = append(parts, fmt.Sprintf("%d unchanged", unchanged))
	}
	return p.path(layout.Top) + ": " + strings.Join(parts, ", ")
}

// sayProtected says which files others could read until now.
func (r *renderCommand) sayProtected(p *compiled, protected []string) {
	for i, path := range protected {
		protected[i] = p.path(path)
	}
	if len(protected) > 0 {
		r.io.Say("%s with keys or tokens could be read by others, and now by their owner alone (mode 0600): %s",
			report.Count(len(protected), "file"), some(protected))
	}
}

// sayPlaintext warns where keys or tokens have just been written into a git work tree as they are.
func (r *renderCommand) sayPlaintext(p *compiled, changes []tree.Change) {
	written := slices.ContainsFunc(changes, func(c tree.Change) bool { return c.Private && !c.Encrypted && c.Kind != tree.Removed })
	if written && inWorkTree(files.RealDir(p.out)) {
		r.io.Say("warning: %s holds private keys and tokens in plain text, in a git work tree: unless git ignores them, whoever can read its commits can read them", p.path(layout.Top))
	}
}

// sayNext points to what no tool does: applying, and taking away what is no longer in the tree.
func (r *renderCommand) sayNext(p *compiled, changes []tree.Change) {
	if len(changes) == 0 {
		return
	}
	readme := p.path(layout.Path(layout.Readme))
	r.io.Say("%s has the order in which to apply it", readme)
	if slices.ContainsFunc(changes, func(c tree.Change) bool { return c.Kind == tree.Removed }) {
		r.io.Say("what the removed files put into the clusters stays there until it is pruned, as %s says", readme)
	}
}

// inWorkTree reports whether a directory is part of a git work tree. In a linked one .git is a file.
func inWorkTree(dir string) bool {
	for {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return false
		}
		dir = parent
	}
}

// print writes the rendered objects as one stream of YAML documents, each file behind a comment with its name.
func (r *renderCommand) print(p *compiled) error {
	encrypted.Refuse(&p.tree, p.scope, encrypted.PlacesOf(p.src, p.out, p.path), p.report.Findings)
	if err := r.finish(p.report); err != nil {
		return err
	}
	out := bufio.NewWriter(r.stream)
	for i := range p.tree.Files {
		f := &p.tree.Files[i]
		if !p.scope.Contains(f.Path) || !layout.HoldsObjects(f.Path) {
			continue
		}
		fmt.Fprintf(out, "---\n# Source: %s\n", f.Path)
		if _, err := f.WriteTo(out); err != nil {
			return err
		}
	}
	return out.Flush()
}
