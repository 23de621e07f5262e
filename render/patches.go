package render

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/render/installer"
	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/private"
)

// patches are those of a topology, read once, and what came of them so far.
type patches struct {
	topology *schema.Topology
	all      []*userPatch
	byPlace  map[string]*userPatch // by the path of the entry in the topology
	files    map[string][]byte     // the files that patches are in
	done     map[patchedText]*patchedResult
	work     patch.Work
	problems []*clusterProblem
	known    map[string]*clusterProblem
	objects  []patch.Identity            // all that there are
	own      map[string][]patch.Identity // those of each cluster that has patches of its own
}

// userPatch is an entry of patches.
type userPatch struct {
	*patch.Patch        // nil where it cannot be read, which is a problem
	cluster      string // whose it is, or "" for the mesh
	fits         bool
	secrets      map[*schema.Cluster]bool // see mayPatchSecrets
}

// patchedText is what decides how an object comes out: its text, which clusters share as they share the bytes, and
// the patches that are made on it.
type patchedText struct {
	text    *byte
	patches string
}

// patchedResult is how an object came out.
type patchedResult struct {
	text     []byte
	id       patch.Identity
	fit      []*userPatch
	patches  []*patch.Patch // the same
	problems []*patch.Problem
}

// patched reports whether there is any patch. Without one, nothing in this file costs anything.
func (p *Plan) patched() bool {
	return slices.ContainsFunc(p.topology.Clusters, func(c *schema.Cluster) bool { return len(c.Istio.Patches) > 0 })
}

// newPatches reads the patches of a topology; it gives nil where there are none.
func newPatches(p *Plan) (*patches, error) {
	if !p.patched() {
		return nil, nil
	}
	ps := &patches{
		topology: p.topology, byPlace: map[string]*userPatch{}, files: map[string][]byte{},
		done: map[patchedText]*patchedResult{}, known: map[string]*clusterProblem{}, own: map[string][]patch.Identity{},
	}
	for _, entry := range p.topology.Patches() {
		if err := ps.read(p, entry); err != nil {
			return nil, err
		}
	}
	return ps, nil
}

func place(entry schema.Patch) string { return strings.Join(entry.At, "\x00") }

func (ps *patches) read(p *Plan, entry schema.Patch) error {
	source := ps.source(entry)
	if entry.Path != "" {
		text, err := p.store.Public(entry.Path)
		if err != nil {
			return err
		}
		ps.files[entry.Path] = text
		source.Text = string(text)
	}
	source.Private = mayHoldSecrets(source.Text, entry.Target)
	u := &userPatch{cluster: entry.Cluster}
	var problem *patch.Problem
	if u.Patch, problem = patch.New(source); problem != nil {
		u.Patch = nil
		ps.add(problem, "")
	}
	ps.all, ps.byPlace[place(entry)] = append(ps.all, u), u
	return nil
}

// source gives a patch with its places in the topology or in its file.
func (ps *patches) source(entry schema.Patch) patch.Source {
	t, below := ps.topology, func(field ...string) []string { return slices.Concat(entry.At, field) }
	source := patch.Source{
		Text: entry.Text, Target: entry.Target,
		Pos:  t.Pos(below("patch")...),
		Line: func(line int) (diag.Pos, bool) { return t.LinePos(line, below("patch")...) },
		TargetPos: func(field string) diag.Pos {
			if field == "" {
				return t.Pos(below("target")...)
			}
			return t.Pos(below("target", field)...)
		},
	}
	if entry.Path != "" {
		source.Pos = t.Pos(below("path")...)
		source.Line = func(line int) (diag.Pos, bool) { return ps.filePos(entry.Path, line), true }
	}
	return source
}

// filePos marks a line of a patch's file, without the white space before it.
func (ps *patches) filePos(file string, line int) diag.Pos {
	lines := strings.Split(string(ps.files[file]), "\n")
	text := strings.TrimRight(lines[min(max(line, 1), len(lines))-1], " \t\r")
	trimmed := strings.TrimLeft(text, " \t")
	return diag.Pos{File: file, Line: line, Col: len(text) - len(trimmed) + 1, Width: max(len([]rune(trimmed)), 1)}
}

// mayHoldSecrets reports whether the text of a patch might hold private material, or its target could fit a Secret.
// Other objects of the tree are no Secrets.
func mayHoldSecrets(text string, target *schema.Target) bool {
	return private.InPatch(text) || target != nil && private.InTarget(target.Kind, target.Name, installer.Public())
}
