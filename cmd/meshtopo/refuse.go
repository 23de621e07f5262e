package main

import (
	"path/filepath"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/cmd/internal/files"
	"meshtopo.dev/meshtopo/cmd/internal/usage"
	"meshtopo.dev/meshtopo/render/layout"
)

// refuseTopology refuses a report in a place that the command, or its next run, reads for something else: that of a
// file of the topology, and what is rendered below out.
func (f *formatFlag) refuseTopology(src *files.Topology, out string) error {
	out = files.RealDir(out)
	return f.refuse(func(path files.Output) string {
		switch {
		case slices.ContainsFunc(src.Files, func(file string) bool { return path.Replaces(src, file) }):
			return "write the report over the topology"
		case path.Below(filepath.Join(out, layout.Top)) || path.Below(filepath.Join(out, ".meshtopo")):
			return "write the report among the rendered files"
		}
		return ""
	})
}

// refuseNamed refuses a report in the place of a file that the topology names, which is known once that has been read.
func (f *formatFlag) refuseNamed(src *files.Topology) error {
	named := src.Store.Files()
	return f.refuse(func(path files.Output) string {
		if slices.ContainsFunc(named, func(file string) bool { return path.Replaces(src, file) }) {
			return "write the report over a file that the topology names"
		}
		return ""
	})
}

// refuseLinted refuses a report that the next run would take for a manifest.
func (f *formatFlag) refuseLinted(checked []string) error {
	return f.refuse(func(path files.Output) string {
		manifest := slices.Contains(files.ManifestTypes, strings.TrimPrefix(filepath.Ext(string(path)), "."))
		if manifest && slices.ContainsFunc(checked, func(dir string) bool { return files.IsDir(dir) && path.Below(dir) }) {
			return "write the report among the manifests that are linted"
		}
		return ""
	})
}

func (f *formatFlag) refuse(reason func(files.Output) string) error {
	for _, t := range f.targets {
		if t.path == "" {
			continue
		}
		if would := reason(t.path); would != "" {
			return usage.Errorf("--format %s would %s: name another file", t, would)
		}
	}
	return nil
}
