package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"time"

	"meshtopo.dev/meshtopo/cmd/internal/console"
	"meshtopo.dev/meshtopo/cmd/internal/files"
	"meshtopo.dev/meshtopo/cmd/internal/patched"
	"meshtopo.dev/meshtopo/cmd/internal/report"
	"meshtopo.dev/meshtopo/cmd/internal/steps"
	"meshtopo.dev/meshtopo/cmd/internal/usage"
	"meshtopo.dev/meshtopo/render"
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/sample"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/loader"
)

// sourceUsage is how the verbs that read a topology name it.
const sourceUsage = "[FILE|DIR|-]..."

// sourceHelp explains sourceUsage.
const sourceHelp = `The topology is one YAML, JSON or CUE file, several that are unified, a directory that holds a CUE package, or -
for standard input. Without arguments it is topology.yaml, topology.yml or topology.json in the working directory,
or the CUE package there. Paths in it are relative to the directory of its first file (for a CUE package, of its
module) and cannot leave it.`

// openTopology finds the topology that the arguments name, and what is rendered from it below out, or else its root. No
// report may go there.
func openTopology(args []string, stdin io.Reader, format *formatFlag, out string) (*files.Topology, error) {
	if slices.Contains(report.Names(), out) && !files.IsDir(out) {
		return nil, usage.Errorf("--output names the directory that holds %s/: write --format %s for a report", layout.Top, out)
	}
	src, err := files.OpenTopology(args, stdin)
	if err != nil {
		return nil, err
	}
	if err := format.refuseTopology(src, cmp.Or(out, src.Dir)); err != nil {
		src.Close()
		return nil, err
	}
	return src, nil
}

// readTopology reads the topology, and refuses reports in the place of what it names.
func readTopology(src *files.Topology, in loader.Input, format *formatFlag) (*schema.Topology, *diag.List, error) {
	t, found, err := load(src, in)
	if err == nil {
		err = format.refuseNamed(src)
	}
	return t, found, err
}

// load reads the topology as the input says, and checks its patches as well. It gives no topology where there are
// errors.
func load(src *files.Topology, in loader.Input) (*schema.Topology, *diag.List, error) {
	in.FS, in.Files, in.Stdin, in.Material, in.Rules = src.RecordedFS(), src.Files, src.Stdin, src.Store, allRules
	if in.Now.IsZero() {
		in.Now = time.Now()
	}
	t, found, err := loader.Load(in)
	if err == nil && t != nil {
		var made []*sample.Cluster
		if made, err = render.NewPlan(t, src.Store).CheckPatches(found); err == nil {
			err = patched.Check(made, in.Now, found)
		}
		if err != nil || found.HasErrors() {
			t = nil
		}
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		err = fmt.Errorf("%s: %w", src.Name(path.Path), path.Err)
	}
	return t, found, err
}

// checkSteps reports steps from the tree below out, and from that of git's HEAD, that would cut something off.
func checkSteps(io console.IO, t *schema.Topology, out string, found *diag.List) error {
	skipped, err := steps.Check(t, out, found)
	if skipped != "" {
		io.Say("not compared with git's HEAD: %s", skipped)
	}
	return err
}
