package render

import (
	"bytes"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/render/gitops"
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/tree"
)

// engine is the cluster as its GitOps engine has it.
func (d *directory) engine() gitops.Cluster {
	return gitops.Cluster{Installer: d.installer, Values: d.values}
}

// byHand reports whether people apply a layer.
func (d *directory) byHand(layer string) bool { return gitops.ByHand(d.installer, layer) }

// keep has the engine leave what must not be deleted with the tree.
func (d *directory) keep() {
	if d.topology.GitOps == nil || d.err != nil {
		return
	}
	for i := range d.files {
		f := &d.files[i]
		layer, _, _ := strings.Cut(f.Path[len(d.path("")):], "/")
		if !gitops.MayKeep(layer) || !layout.HoldsObjects(f.Path) {
			continue
		}
		f.Body = slices.Clone(f.Body)
		for j, piece := range f.Body {
			if j == 0 || bytes.Equal(piece, separator) {
				continue
			}
			if f.Body[j], d.err = gitops.Keep(d.topology.GitOps.Engine, piece, d.installer.Retired()); d.err != nil {
				return
			}
		}
	}
}

// values gives what is in a file of values, which is in what the engine reads then, and nowhere else.
func (d *directory) values(file string) []byte {
	at := slices.IndexFunc(d.files, func(f tree.File) bool { return f.Path == d.path(file) })
	if at < 0 {
		return nil
	}
	text := bytes.Join(d.files[at].Body[1:], nil)
	d.moved = append(d.moved, d.files[at].Path)
	d.files = slices.Delete(d.files, at, at+1)
	return text
}

// apply adds what the engine is told of the cluster.
func (d *directory) apply() {
	if d.topology.GitOps == nil || d.err != nil {
		return
	}
	for _, f := range d.engine().Files() {
		d.Add(f.Path, f.Objects...)
	}
}

// start gives the files with which the engine starts, where it is one for all clusters.
func (r *rendering) start() ([]tree.File, error) {
	whole := &directory{rendering: r} // of no cluster
	var files []tree.File
	for _, f := range gitops.Start(r.topology, whole.Compose) {
		files = append(files, tree.File{Path: layout.Path(f.Path), Body: whole.body(f.Objects...)})
	}
	return files, whole.err
}
