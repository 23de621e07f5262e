package render

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/render/tree"
)

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
			run.all = append(run.all, u.Patch)
			run.own = run.own || u.cluster != ""
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
	all     []*patch.Patch // the same
	own     bool           // some are the cluster's own
	key     string         // of the list of patches
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
		if r.wanted != nil && len(result.fit) > 0 && !bytes.Equal(piece, result.text) {
			r.changes = append(r.changes, change{f.Path, i, result.patches})
		}
	}
	f.Body = body
}

// note counts what a patch fits, and keeps what is wrong with it.
func (r *patchRun) note(result *patchedResult) {
	ps := r.directory.patches
	if r.own {
		ps.own[r.c.Name] = append(ps.own[r.c.Name], result.id)
	}
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
	if err != nil {
		return nil, err
	}
	r.directory.patches.done[key] = result
	r.directory.patches.objects = append(r.directory.patches.objects, result.id)
	return result, nil
}

var errUnreadable = errors.New("a rendered object cannot be read back to be patched")

func (r *patchRun) apply(text []byte) (*patchedResult, error) {
	if id, unfit := patch.Unfit(text, r.all, &r.directory.patches.work); unfit {
		return &patchedResult{text: text, id: id}, nil
	}
	o, err := patch.Read(text, r.owned, &r.directory.patches.work)
	if err != nil {
		return nil, errUnreadable // the error of the YAML reader may hold what is private
	}
	result := &patchedResult{text: text, id: o.Identity()}
	for _, u := range r.patches {
		fits, problems := u.Apply(o)
		if fits {
			result.fit, result.patches = append(result.fit, u), append(result.patches, u.Patch)
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
