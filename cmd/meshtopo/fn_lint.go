package main

import (
	"path/filepath"
	"time"

	"meshtopo.dev/meshtopo/cmd/internal/files"
	"meshtopo.dev/meshtopo/cmd/internal/report"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/lint"
	"meshtopo.dev/meshtopo/schema/loader"
)

// lint checks the items as meshtopo lint checks files, and leaves them as they are.
func (f *fnCommand) lint() error {
	t, sources, err := f.lintTopology()
	if err != nil || f.findings.HasErrors() {
		return err
	}
	dir := files.WorkingDir()
	m := f.list.Manifests(f.config, f.request.Cluster, dir, filepath.Base(files.Here()))
	f.list.Refused(f.config, dir, f.findings)
	if len(m.Clusters) == 0 {
		f.config.Nothing(f.findings, f.request.Pos("kind"))
		return nil
	}
	f.io.Begin("linting %s", report.Count(len(m.Clusters), "cluster"))
	in := lint.Input{Clusters: m.Clusters, Now: time.Now(), Topology: t, Part: !m.Several, Named: f.request.Pos("topology"), Applied: m.Applied}
	found, err := lint.Run(in)
	if err != nil {
		return err
	}
	f.findings.Append(found)
	f.findings.AppendSources(sources)
	return nil
}

// lintTopology gives the topology to compare with, or nil where none is wanted, or it has errors. What validate warns
// of is for validate to tell.
func (f *fnCommand) lintTopology() (*schema.Topology, *diag.List, error) {
	if f.src == nil {
		return nil, &diag.List{}, nil
	}
	t, found, err := load(f.src, loader.Input{CUELimit: int(f.cueLimit)})
	switch {
	case err != nil:
		return nil, nil, err
	case t == nil:
		f.findings.Append(found)
	case f.request.Cluster != "":
		f.request.CheckCluster(t, f.findings)
	}
	return t, found, nil
}
