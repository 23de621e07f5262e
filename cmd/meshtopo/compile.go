package main

import (
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"meshtopo.dev/meshtopo/cmd/internal/report"
	"meshtopo.dev/meshtopo/render"
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema"
)

// compiler is what render and diff have in common: from a topology to the tree that it gives, and from there to
// the difference between that tree and the output directory.
type compiler struct {
	io       stdio
	command  string
	format   *formatFlag
	out      string
	clusters []string
	shard    shardFlag
}

func (c *compiler) addFlags(cmd *cobra.Command) {
	c.format = addFormatFlag(cmd)
	cmd.Flags().StringVarP(&c.out, "output", "o", "", "the `DIR` that holds "+layout.Top+"/ (default: the root of the topology)")
	cmd.Flags().StringSliceVar(&c.clusters, "cluster", nil, "limit what is compared and written to the cluster `NAME`; repeatable")
	c.shard.add(cmd)
	complete(cmd, "output", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveFilterDirs
	})
	complete(cmd, "cluster", completeClusters)
}

// completeClusters offers the clusters of the topology to the shell.
func completeClusters(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	src, err := openSource(args, strings.NewReader(""))
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	defer src.close()
	t, _, err := src.load(false)
	if err != nil || t == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return clusterNames(t), cobra.ShellCompDirectiveNoFileComp
}

func clusterNames(t *schema.Topology) []string {
	names := make([]string, 0, len(t.Clusters))
	for _, c := range t.Clusters {
		names = append(names, c.Name)
	}
	return names
}

// compiled is a topology, what was found in it, and the tree that it gives.
type compiled struct {
	src    *source
	report *report.Report
	tree   tree.Tree
	scope  tree.Scope
	out    string // the output directory
	shown  string // how it is called in messages and reports
}

// compile reads and renders the topology. A topology with errors is reported, and ends the command.
func (c *compiler) compile(args []string, requireMaterial bool) (*compiled, error) {
	if len(c.clusters) > 0 && c.shard.count > 0 {
		return nil, usagef("--cluster and --shard exclude each other")
	}
	src, err := openSource(args, c.io.in)
	if err != nil {
		return nil, err
	}
	defer src.close()
	p := c.begin(src)
	if err := c.format.spare(src, p.out); err != nil {
		return nil, err
	}
	c.io.begin("reading %s", src.label())
	t, findings, err := src.load(requireMaterial)
	if err != nil {
		return nil, err
	}
	if err := c.format.spareNamed(src); err != nil {
		return nil, err
	}
	p.report = newReport(c.command, src, t, findings)
	p.report.Subject = path.Join(p.report.Subject, c.part())
	if findings.HasErrors() {
		return nil, c.finish(p.report, true)
	}
	if p.scope, err = c.scope(t); err != nil {
		return nil, err
	}
	p.report.Unchecked = unchecked(t, p.scope)
	collectOften(len(t.Clusters))
	c.io.begin("rendering %s on %s", report.Count(len(t.Clusters), "cluster"), report.Count(len(t.Networks), "network"))
	p.tree, err = render.NewPlan(t, src.store).Render()
	p.report.Checked = p.directories(nil)
	return p, err
}

// begin says where the tree is.
func (c *compiler) begin(src *source) *compiled {
	if c.out == "" {
		return &compiled{src: src, out: src.dir, shown: path.Clean(fromHere(src.dir))}
	}
	return &compiled{src: src, out: c.out, shown: path.Clean(fromHere(realPath(c.out)))}
}

// finish writes the report and ends the command: with exit code 1 if something was found.
func (c *compiler) finish(r *report.Report, found bool) error {
	if err := c.format.write(c.io, r); err != nil {
		return err
	}
	sayFindings(c.io, r.Findings)
	if found {
		return foundError{}
	}
	return nil
}

// beginComparing tells that the tree is being compared with the output directory.
func (c *compiler) beginComparing(p *compiled) {
	c.io.begin("comparing %s with %s", report.Count(len(p.tree.Files), "file"), p.path(layout.Top))
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
	clusters, rest, _ := strings.Cut(file, "/")
	name, _, below := strings.Cut(rest, "/")
	if !below {
		return clusters
	}
	return file[:len(clusters)+1+len(name)]
}

// path says how a file of the tree is called from the working directory.
func (p *compiled) path(file string) string {
	if p.shown == "." {
		return file
	}
	return strings.TrimSuffix(p.shown, "/") + "/" + file
}
