package patched

import (
	"fmt"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/render/sample"
	"meshtopo.dev/meshtopo/schema/diag"
)

// judge finds the patches that findings come from.
type judge struct {
	files   map[string]*patchedFile
	changed map[string]*patchedFile // the last that a patch changed, of each cluster and of all
	before  map[mistake]bool
	found   map[mistake]*finding
}

// patchedFile is a file of a cluster, whose objects are read where a finding is in them.
type patchedFile struct {
	sample.File
	cluster       *sample.Cluster
	before, after *objects
}

// mistake is a finding wherever it is: in which cluster, and in which line of it.
type mistake struct{ code, object, path string }

// finding is one of several clusters, at the patch that it comes from.
type finding struct {
	*diag.Diagnostic        // the first
	patch            string // the patch, or a line of it
	object           string
}

func newJudge(clusters []*sample.Cluster) *judge {
	j := &judge{
		files: map[string]*patchedFile{}, changed: map[string]*patchedFile{},
		before: map[mistake]bool{}, found: map[mistake]*finding{},
	}
	for _, c := range clusters {
		for _, f := range c.Files {
			file := &patchedFile{File: f, cluster: c}
			j.files[f.Path] = file
			if len(f.Patches) > 0 {
				j.changed[c.Name], j.changed[""] = file, file
			}
		}
	}
	return j
}

// known notes what is found without the patches.
func (j *judge) known(d *diag.Diagnostic) {
	if f := j.files[d.Pos.File]; f != nil {
		if f.before == nil {
			f.before = read(joined(f.File, f.Before))
		}
		j.before[f.before.mistake(d)] = true
	}
}

func (o *objects) mistake(d *diag.Diagnostic) mistake {
	at, ok := o.at(d.Pos)
	if !ok {
		return mistake{code: d.Code}
	}
	return mistake{d.Code, o.names[at.object], strings.Join(at.path, "\x00")}
}

func (f *patchedFile) read() *objects {
	if f.after == nil {
		f.after = read(joined(f.File, f.After))
	}
	return f.after
}

// place gives a finding the place of the patch that it comes from, and reports whether it is one of its own.
func (j *judge) place(d *diag.Diagnostic) bool {
	f := j.files[d.Pos.File]
	if f == nil || j.before[f.read().mistake(d)] {
		return false
	}
	m := f.read().mistake(d)
	culprit, pos, says := j.culprit(d)
	if culprit.Faulty() {
		return false
	}
	m.path += fmt.Sprint(pos)
	_, file, _ := layout.Split(f.Path)
	made := diag.Made{Clusters: f.cluster.Alike, File: file, Line: d.Pos.Line}
	if known := j.found[m]; known != nil {
		known.Made = append(known.Made, made)
		return false
	}
	j.found[m] = &finding{d, says, m.object}
	d.Pos, d.Related, d.Instead, d.Edits, d.Made = pos, nil, "", nil, []diag.Made{made}
	return true
}

// finish says of each finding where the patch makes it so.
func (j *judge) finish() {
	for _, f := range j.found {
		var clusters []string
		for _, made := range f.Made {
			clusters = append(clusters, made.Clusters...)
		}
		slices.Sort(clusters)
		f.Append("; %s makes it so in %s of %s", f.patch, f.object, diag.NameClusters(slices.Compact(clusters)))
	}
}

// culprit gives the patch, and the place in it, that a finding comes from: of those that change an object which the
// finding points to, the one that writes nearest to it; else one that changes the cluster.
func (j *judge) culprit(d *diag.Diagnostic) (p *patch.Patch, pos diag.Pos, says string) {
	places := []diag.Pos{d.Pos}
	for _, related := range d.Related {
		places = append(places, related.Pos)
	}
	for _, pos := range places {
		if f := j.files[pos.File]; f != nil {
			if at, ok := f.read().at(pos); ok && len(f.Patches[at.object]) > 0 {
				return nearest(f.Patches[at.object], at.path)
			}
		}
	}
	for _, pos := range places {
		if f := j.files[pos.File]; f != nil && j.changed[f.cluster.Name] != nil {
			return j.changed[f.cluster.Name].nearest()
		}
	}
	return j.changed[""].nearest()
}

// nearest gives the place of the last patch of the file.
func (f *patchedFile) nearest() (p *patch.Patch, pos diag.Pos, says string) {
	last := -1
	for object := range f.Patches {
		last = max(last, object)
	}
	return nearest(f.Patches[last], nil)
}

// nearest gives a faulty patch first: the object is not what it would be without the fault.
func nearest(patches []*patch.Patch, path []string) (nearest *patch.Patch, pos diag.Pos, says string) {
	if i := slices.IndexFunc(patches, (*patch.Patch).Faulty); i >= 0 {
		return patches[i], pos, ""
	}
	most := -1
	for _, p := range patches {
		if near, at, line := p.Closest(path); near >= most { // the last one counts
			most, nearest, pos, says = near, p, at, line
		}
	}
	return nearest, pos, says
}
