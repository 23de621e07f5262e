package render

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// patches are those of a topology, read once, and what came of them so far.
type patches struct {
	topology *schema.Topology
	all      []*userPatch
	byPlace  map[string]*userPatch // by the path of the entry in the topology
	files    map[string][]byte     // the files that patches are in
	done     map[patchedText]*patchedResult
	problems []*clusterProblem
	known    map[string]*clusterProblem
	objects  []patch.Identity            // all that there are
	own      map[string][]patch.Identity // those of each cluster
}

// userPatch is an entry of patches.
type userPatch struct {
	*patch.Patch        // nil where it cannot be read, which is a problem
	cluster      string // whose it is, or "" for the mesh
	fits         bool
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
	source.Private = schema.PatchMayHoldSecrets(source.Text, entry.Target)
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
		Text: entry.Text,
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
	if entry.Target != nil {
		target := patch.Target(*entry.Target)
		source.Target = &target
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

// patch makes the patches of the mesh and those of the cluster on every object of the directory. What lists files for
// kubectl is no object of the cluster, and stays as it is.
func (d *directory) patch() {
	if d.patches == nil || d.err != nil || len(d.c.Istio.Patches) == 0 {
		return
	}
	run := &patchRun{directory: d}
	var places []string
	for _, entry := range d.c.Istio.Patches {
		places = append(places, place(entry))
		if u := d.patches.byPlace[place(entry)]; u.Patch != nil {
			run.patches = append(run.patches, u)
		}
	}
	run.key = strings.Join(places, "\x01")
	for i := range d.files {
		if f := &d.files[i]; !f.Unknown && layout.HoldsObjects(f.Path) {
			run.file(f)
		}
	}
}

// patchRun is the patching of one directory.
type patchRun struct {
	*directory
	patches []*userPatch
	key     string // of the list of patches
}

// file patches the objects of a file. Its body may be shared with other clusters, whose patches are others.
func (r *patchRun) file(f *tree.File) {
	body := slices.Clone(f.Body)
	for i, piece := range body {
		if i == 0 || bytes.Equal(piece, separator) {
			continue // the mark, and what stands between objects
		}
		result, err := r.object(piece)
		if err != nil {
			r.err = err
			return
		}
		body[i] = result.text
		r.note(result)
	}
	f.Body = body
}

// note counts what a patch fits, and keeps what is wrong with it.
func (r *patchRun) note(result *patchedResult) {
	ps := r.directory.patches
	ps.objects = append(ps.objects, result.id)
	ps.own[r.c.Name] = append(ps.own[r.c.Name], result.id)
	for _, u := range result.fit {
		u.fits = true
	}
	for _, p := range result.problems {
		ps.add(p, r.c.Name)
	}
}

// object patches one object. Clusters with the same patches share what they share without them.
func (r *patchRun) object(text []byte) (*patchedResult, error) {
	key := patchedText{&text[0], r.key}
	if done := r.directory.patches.done[key]; done != nil {
		return done, nil
	}
	result, err := r.apply(text)
	r.directory.patches.done[key] = result
	return result, err
}

var errUnreadable = errors.New("a rendered object cannot be read back to be patched")

func (r *patchRun) apply(text []byte) (*patchedResult, error) {
	o, err := patch.Read(text, r.owned)
	if err != nil {
		return nil, errUnreadable // the error of the YAML reader may hold what is private
	}
	result := &patchedResult{text: text, id: o.Identity()}
	for _, u := range r.patches {
		fits, problems := u.Apply(o)
		if fits {
			result.fit = append(result.fit, u)
		}
		result.problems = append(result.problems, problems...)
	}
	if o.Changed() {
		if result.text, err = o.Text(); err != nil {
			return nil, errUnreadable
		}
	}
	return result, nil
}
