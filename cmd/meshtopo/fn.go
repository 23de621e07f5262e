package main

import (
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"meshtopo.dev/meshtopo/cmd/internal/console"
	"meshtopo.dev/meshtopo/cmd/internal/encrypted"
	"meshtopo.dev/meshtopo/cmd/internal/files"
	"meshtopo.dev/meshtopo/cmd/internal/flags"
	"meshtopo.dev/meshtopo/cmd/internal/krm"
	"meshtopo.dev/meshtopo/cmd/internal/report"
	"meshtopo.dev/meshtopo/cmd/internal/usage"
	"meshtopo.dev/meshtopo/render"
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/fnconfig"
	"meshtopo.dev/meshtopo/schema/loader"
)

type fnCommand struct {
	io       console.IO
	clusters []string
	layers   []string
	cueLimit flags.Limit

	list     *krm.List
	config   *krm.Config
	src      *files.Topology // nil until it is known which topology is meant
	request  *fnconfig.Config
	findings *diag.List
}

func newFn(io console.IO) *cobra.Command {
	f := &fnCommand{io: io, findings: &diag.List{}}
	c := &cobra.Command{
		Use:   "fn",
		Short: "Render or lint one cluster inside kustomize, as a KRM function",
		Long: `Read a ResourceList from standard input, do with its items what the functionConfig says, and write it to standard output.
A RenderCluster, or the topology itself with --cluster, has the objects of one cluster put among the items: kustomize
runs this as a generator or a transformer. A LintManifests has the items checked as lint does, and changes none: it is
the last of the transformers. Paths are relative to the working directory, which for kustomize build is that of the
kustomization.

What is found goes to standard error as validate and lint have it, and into the results of the list. With an error
nothing is rendered: the items are left as they are, and the exit code is 1.

kustomize build needs --enable-alpha-plugins and, unless the function is a container, --enable-exec: without that it
skips the function and exits with 0.`,
		Example: `  kustomize build --enable-alpha-plugins --enable-exec deploy/cluster-a`,
		Args:    noArgs,
		RunE:    func(*cobra.Command, []string) error { return f.run() },
	}
	c.Flags().StringSliceVar(&f.clusters, "cluster", nil, "the cluster `NAME` to render, where the functionConfig is a topology")
	c.Flags().StringSliceVar(&f.layers, "layer", nil, "render the `LAYER` "+strings.Join(layout.Layers(), ", ")+
		", where the functionConfig is a topology; repeatable (default "+strings.Join(fnconfig.DefaultLayers(), ", ")+")")
	complete(c, "layer", words(layout.Layers()...))
	addCUELimitFlag(c.Flags(), &f.cueLimit)
	return c
}

func (f *fnCommand) run() (err error) {
	f.io.Begin("reading a ResourceList from standard input")
	if f.list, err = krm.Read(f.io.In); err != nil {
		return err
	}
	if f.config, err = f.list.Config(files.WorkingDir()); err != nil {
		return err
	}
	err = f.call()
	if f.src != nil {
		defer f.src.Close()
	}
	if err != nil {
		return err
	}
	if err := f.list.Write(f.io.Out, f.config.Results(f.findings, f.name, f.text)); err != nil {
		return err
	}
	return f.finish()
}

// call does what the functionConfig wants, if it can be had.
func (f *fnCommand) call() error {
	if err := f.open(); err != nil || f.findings.HasErrors() {
		return err
	}
	if f.request.Kind == fnconfig.LintManifests {
		return f.lint()
	}
	return f.render()
}

// render renders into the list, unless there are errors.
func (f *fnCommand) render() error {
	t, found, err := load(f.src, loader.Input{
		RequireMaterial: slices.Contains(f.request.Layers, "secrets"),
		Committed:       true,
		RequireFor:      f.request.Cluster, // who builds one cluster has no use for the keys and tokens of others
		CUELimit:        int(f.cueLimit),
	})
	if err != nil {
		return err
	}
	f.findings.Append(found)
	if t == nil {
		return nil
	}
	if err := f.checkCluster(t); err != nil || f.findings.HasErrors() {
		return err
	}
	f.io.Begin("rendering cluster %q", f.request.Cluster)
	rendered, err := f.rendered(t)
	if err != nil || f.findings.HasErrors() {
		return err
	}
	err = f.list.Merge(f.config, krm.Rendered{Tree: rendered, Cluster: f.request.Cluster, Layers: f.request.Layers})
	several, foreign := krm.SeveralError{}, krm.ForeignError{}
	switch {
	case errors.As(err, &several):
		f.request.Several(f.findings, several.Cluster)
	case errors.As(err, &foreign):
		f.config.Foreign(f.findings, foreign, f.request.Pos("layers"), f.place)
	default:
		return err
	}
	return nil
}

// rendered gives the files of the cluster. Encrypted Secrets are those that lie in the tree beside the topology: where
// they are wanted and are not current, that is a finding.
func (f *fnCommand) rendered(t *schema.Topology) (tree.Tree, error) {
	same := func(file string) string { return file }
	at, run := encrypted.Places{Path: same, File: same, Rel: f.src.Rel}, &encrypted.Run{Out: f.src.Dir}
	if !slices.Contains(f.request.Layers, "secrets") {
		run.Within = tree.Clusters() // of none
	}
	rendered, err := run.Render(t, render.NewPlan(t, f.src.Store), f.request.Cluster)
	if err != nil {
		return rendered, encrypted.Explain(err, at, f.findings)
	}
	encrypted.Refuse(&rendered, run.Within, at, f.findings)
	return rendered, nil
}

// place is that of a file which is named from the working directory.
func (f *fnCommand) place(file string) diag.Pos {
	return diag.Pos{File: f.src.Rel(filepath.Join(files.Here(), filepath.FromSlash(file)))}
}

// open finds out what is wanted, and opens the topology that it is about.
func (f *fnCommand) open() error {
	flags := f.clusters != nil || f.layers != nil
	switch {
	case flags && slices.Contains(fnconfig.Kinds(), f.config.Kind):
		return usage.Errorf("--cluster and --layer are for a functionConfig of kind Topology; a %s has fields of its own", f.config.Kind)
	case flags || f.config.Kind == "Topology":
		return f.openTopology()
	}
	var found *diag.List
	f.request, found = fnconfig.Load(krm.ConfigName, f.config.Text)
	f.findings.Append(found)
	if f.request == nil || f.request.Topology == "" {
		return nil
	}
	if f.request.Topology == files.Stdin {
		f.request.Missing(f.findings, "standard input has the ResourceList")
		return nil
	}
	src, err := files.OpenTopology([]string{f.request.Topology}, nil)
	if err != nil {
		f.request.Missing(f.findings, strings.TrimPrefix(err.Error(), f.request.Topology+": "))
		return nil
	}
	f.src = src
	return nil
}

// openTopology opens the functionConfig itself: the user's file if it is known, else the copy that kustomize gave. The
// working directory is its root in either case.
func (f *fnCommand) openTopology() error {
	if err := f.checkFlags(); err != nil {
		return err
	}
	f.request = fnconfig.New(krm.ConfigName, f.clusters[0], f.layers)
	src, err := files.OpenHere(f.config.File, f.config.Text)
	f.src = src
	return err
}

// checkFlags refuses flags that do not say what to render of a topology.
func (f *fnCommand) checkFlags() error {
	switch {
	case f.layers == nil:
		f.layers = fnconfig.DefaultLayers()
	case len(f.layers) == 0:
		return usage.Errorf("--layer names no layer; use %s", strings.Join(layout.Layers(), ", "))
	}
	for _, layer := range f.layers {
		if known := layout.Layers(); !slices.Contains(known, layer) {
			hint := diag.Hint(layer, known, "use "+strings.Join(known, ", "))
			return usage.Errorf("--layer %s: there is no such layer; %s", layer, hint)
		}
	}
	switch len(f.clusters) {
	case 0:
		return usage.Errorf("which cluster is meant? Say --cluster NAME in the args of the function")
	case 1:
		return nil
	}
	return usage.Errorf("--cluster is given more than once: the objects of two clusters have the same names, so a build can have one only")
}

// checkCluster looks for the cluster in the topology. One that --cluster names is a mistake of the command line.
func (f *fnCommand) checkCluster(t *schema.Topology) error {
	if f.request.Topology == "" { // it is the functionConfig
		return checkClusters(t, f.clusters)
	}
	f.request.CheckCluster(t, f.findings)
	return nil
}

// finish says what was found. It is the way of kustomize to show it, as results are for other programs.
func (f *fnCommand) finish() error {
	f.config.Place(f.findings)
	f.io.Out = f.io.Err
	r := &report.Report{Command: "fn", Findings: f.findings, FailOn: diag.Error, Name: f.name}
	if f.request != nil {
		r.FailOn = f.request.FailOn
	}
	if err := (&formatFlag{}).write(f.io, r); err != nil {
		return err
	}
	return f.io.Outcome(r)
}

// name says how a file is called from the working directory. A functionConfig that no file is known for keeps the name
// that it has in the ResourceList.
func (f *fnCommand) name(file string) string {
	shown, ok := f.config.Shown(file)
	switch {
	case ok:
		return shown
	case file != krm.ConfigName:
		return f.src.Name(file)
	case f.config.File != "":
		return f.config.File
	}
	return "functionConfig"
}

// text gives the content of a file in which something was found.
func (f *fnCommand) text(file string) []byte {
	if file == krm.ConfigName {
		return f.config.Text
	}
	text, err := fs.ReadFile(f.src.FS(), file)
	if err != nil || path.Ext(file) == ".cue" {
		return nil
	}
	return text
}
