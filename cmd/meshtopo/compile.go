package main

import (
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"meshtopo.dev/meshtopo/cmd/internal/console"
	"meshtopo.dev/meshtopo/cmd/internal/encrypted"
	"meshtopo.dev/meshtopo/cmd/internal/files"
	"meshtopo.dev/meshtopo/cmd/internal/flags"
	"meshtopo.dev/meshtopo/cmd/internal/report"
	"meshtopo.dev/meshtopo/cmd/internal/usage"
	"meshtopo.dev/meshtopo/render"
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema/loader"
)

// compiler is what render and diff have in common: from a topology to the tree that it gives, and from there to
// the difference between that tree and the output directory.
type compiler struct {
	io      console.IO
	command string
	format  *formatFlag
	out     string
	limit   flags.Limit
	selection

	encrypts bool     // what is encrypted and no longer current is encrypted anew
	again    []string // names of Secrets that are encrypted anew although they are current
}

func (c *compiler) addFlags(cmd *cobra.Command) {
	c.format = addFormatFlag(cmd)
	addOutputFlag(cmd, &c.out)
	addCUELimitFlag(cmd.Flags(), &c.limit)
	c.selection.addFlags(cmd)
}

// compiled is a topology, what was found in it, and the tree that it gives.
type compiled struct {
	src    *files.Topology
	report *report.Report
	tree   tree.Tree
	scope  tree.Scope
	out    string // the output directory
	shown  string // how it is called in messages and reports
}

// compile reads and renders the topology. A topology with errors is reported, and ends the command.
func (c *compiler) compile(args []string, requireMaterial bool) (*compiled, error) {
	if err := c.selection.check(); err != nil {
		return nil, err
	}
	src, err := openTopology(args, c.io.In, c.format, c.out)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	if err := c.checkOutput(src); err != nil {
		return nil, err
	}
	p := c.begin(src)
	c.io.Begin("reading %s", src.Label())
	t, findings, err := readTopology(src, loader.Input{RequireMaterial: requireMaterial, Committed: c.command == "render", CUELimit: int(c.limit)}, c.format)
	if err != nil {
		return nil, err
	}
	if err := checkSteps(c.io, t, p.out, findings); err != nil {
		return nil, err
	}
	p.report = newReport(c.command, src, t, findings)
	p.report.Subject = path.Join(p.report.Subject, c.part())
	if findings.HasErrors() {
		return nil, c.finish(p.report)
	}
	if p.scope, err = c.scope(t); err != nil {
		return nil, err
	}
	p.report.Unchecked = unchecked(t, p.scope)
	collectOften(len(t.Clusters))
	c.io.Begin("rendering %s on %s", report.Count(len(t.Clusters), "cluster"), report.Count(len(t.Networks), "network"))
	run := &encrypted.Run{
		Out: p.out, Encrypt: c.encrypts, Again: c.again, Within: p.scope,
		Progress: func(done, total int) { c.io.Begin("encrypting: %d of %d", done, total) },
	}
	if p.tree, err = run.Render(t, render.NewPlan(t, src.Store), ""); err == nil {
		p.report.Checked = p.directories(nil)
		return p, nil
	}
	if err := encrypted.Explain(err, encrypted.PlacesOf(src, p.out, p.path), findings); err != nil {
		return nil, err
	}
	return nil, c.finish(p.report)
}

// checkOutput refuses the directory clusters itself, below which there would be another one, unless there is one
// already, or the topology stands there.
func (c *compiler) checkOutput(src *files.Topology) error {
	if filepath.Base(c.out) != layout.Top || files.IsDir(filepath.Join(c.out, layout.Top)) || files.RealDir(c.out) == src.Dir {
		return nil
	}
	parent := filepath.ToSlash(filepath.Dir(filepath.Clean(c.out)))
	return usage.Errorf("--output names the directory that holds %[1]s/, and with %[2]s the tree would be %[2]s/%[1]s: write --output %[3]s, or %[2]s/. if that is meant",
		layout.Top, strings.TrimSuffix(filepath.ToSlash(c.out), "/"), parent)
}

// begin says where the tree is.
func (c *compiler) begin(src *files.Topology) *compiled {
	if c.out == "" {
		return &compiled{src: src, out: src.Dir, shown: path.Clean(files.FromHere(src.Dir))}
	}
	return &compiled{src: src, out: c.out, shown: path.Clean(files.FromHere(files.RealPath(c.out)))}
}

// finish writes the report, and ends the command if an error was found.
func (c *compiler) finish(r *report.Report) error {
	if err := c.format.write(c.io, r); err != nil {
		return err
	}
	return c.io.Outcome(r)
}

// beginComparing tells that the tree is being compared with the output directory.
func (c *compiler) beginComparing(p *compiled) {
	c.io.Begin("comparing %s with %s", report.Count(len(p.tree.Files), "file"), p.path(layout.Top))
}

// directories are those of the clusters, and the one that holds them, as far as they are in scope: those that the
// topology gives, and those of clusters that are there and no longer in it, of which the changes tell.
func (p *compiled) directories(changes []tree.Change) []string {
	seen := map[string]bool{} // as the tree calls them
	for _, f := range p.tree.Files {
		if p.scope.Contains(f.Path) {
			seen[directory(f.Path)] = true
		}
	}
	for _, c := range changes {
		seen[directory(c.Path)] = true
	}
	if len(seen) == 0 {
		return []string{p.path(layout.Top)} // a shard without clusters: that was looked for
	}
	var dirs []string
	for dir := range seen {
		dirs = append(dirs, p.path(dir))
	}
	slices.Sort(dirs)
	return dirs
}

// directory is that of the cluster whose file it is: clusters/NAME; clusters for the README there.
func directory(file string) string {
	if cluster, _, ok := layout.Split(file); ok {
		return layout.Path(cluster)
	}
	return layout.Top
}

// path says how a file of the tree is called from the working directory.
func (p *compiled) path(file string) string {
	if p.shown == "." {
		return file
	}
	return strings.TrimSuffix(p.shown, "/") + "/" + file
}
