// Package patched says what the kustomizations beside manifests change in them: which files are patches, which objects
// these change, and which labels all objects get. What an object is after that, only kustomize knows.
package patched

import (
	"path"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/target"
)

// Patches is what the kustomizations of a cluster change.
type Patches struct {
	Files   map[string]bool // that have nothing but patches
	Targets target.List

	places map[string]string // by directory of a kustomization: the namespace and parts of names that objects get
	labels []labelling
	flux   []fluxPatches
}

// labelling is a label that a kustomization gives to all objects of its directory.
type labelling struct {
	dir   string
	entry *document.Entry
}

// Read reads the kustomizations among the files of a cluster. What is wrong with them is reported later, when
// they are checked.
func Read(files []manifest.File) *Patches {
	p := &Patches{Files: map[string]bool{}, places: map[string]string{}}
	for _, file := range files {
		switch path.Base(file.Name) {
		case "kustomization.yaml", "kustomization.yml", "Kustomization":
			for _, o := range objectsOf(file) {
				p.add(o, files)
			}
		default:
			p.addFlux(file)
		}
	}
	return p
}

// objectsOf gives the objects of a file, as far as it can be read.
func objectsOf(file manifest.File) []*manifest.Object {
	text, err := file.Read()
	if err != nil || len(text) > document.MaxFileSize {
		return nil
	}
	return manifest.Read(file.Name, text, &diag.List{})
}

// add notes the patches and labels of one kustomization.
func (p *Patches) add(o *manifest.Object, files []manifest.File) {
	by := o.Pos().File
	p.replace(o)
	if place := o.Root.StringAt("namePrefix") + o.Root.StringAt("namespace") + o.Root.StringAt("nameSuffix"); place != "" {
		p.places[path.Dir(by)] = place
	}
	pairs := []*document.Node{o.Root.At("commonLabels")}
	for _, item := range o.Root.ItemsAt("labels") {
		pairs = append(pairs, item.At("pairs"))
	}
	for _, n := range pairs {
		if n == nil {
			continue
		}
		for _, e := range n.Fields {
			if e.Value.Kind == document.String { // kustomize refuses others
				p.labels = append(p.labels, labelling{path.Dir(by), e})
			}
		}
	}
	for _, list := range []string{"patches", "patchesStrategicMerge", "patchesJson6902"} {
		for _, item := range o.Root.ItemsAt(list) {
			name, inline := item.StringAt("path"), item.StringAt("patch")
			if item.Kind == document.String { // of patchesStrategicMerge: a file, or the patch itself
				name, inline = item.Text, item.Text
			}
			patch := manifest.File{Name: by, Read: func() ([]byte, error) { return []byte(inline), nil }}
			if i := slices.IndexFunc(files, func(f manifest.File) bool { return name != "" && f.Name == path.Join(path.Dir(by), name) }); i >= 0 {
				patch = files[i]
				p.Files[patch.Name] = true
			}
			if to := item.At("target"); to != nil {
				p.Targets.Add(p.Targets.Expression(to.StringAt("kind")), p.Targets.Expression(to.StringAt("name")), by)
				continue
			}
			for _, o := range objectsOf(patch) { // the patch itself names its target
				if o.Unknown {
					continue
				}
				p.Targets.Add(target.Exactly(o.Kind), target.Exactly(o.Name), by)
			}
		}
	}
}

// replace notes what a replacement changes.
func (p *Patches) replace(o *manifest.Object) {
	for _, item := range o.Root.ItemsAt("replacements") {
		for _, to := range item.ItemsAt("targets") {
			p.Targets.Add(target.Exactly(to.At("select").StringAt("kind")), target.Exactly(to.At("select").StringAt("name")), o.Pos().File)
		}
	}
}

// Label gives an object the labels that kustomizations beside its file, or above it, add.
func (p *Patches) Label(o *manifest.Object) {
	for _, l := range p.labels {
		metadata := o.Root.At("metadata")
		if metadata == nil || metadata.Kind != document.Map || o.Kind == "Kustomization" || l.dir != "." && !strings.HasPrefix(o.Root.Pos.File, l.dir+"/") {
			continue
		}
		if metadata.At("labels") == nil {
			metadata.Add("labels", l.entry.KeyPos, &document.Node{Kind: document.Map, Pos: l.entry.KeyPos})
		}
		labels := metadata.At("labels")
		if e := labels.Entry(l.entry.Key); e != nil {
			e.KeyPos, e.Value = l.entry.KeyPos, l.entry.Value
		} else if labels.Kind == document.Map {
			labels.Add(l.entry.Key, l.entry.KeyPos, l.entry.Value)
		}
	}
}

// PlaceOf tells apart where kustomize puts the objects of files that lie in different directories.
func (p *Patches) PlaceOf(file string) string {
	for dir := path.Dir(file); ; dir = path.Dir(dir) {
		if place, ok := p.places[dir]; ok || dir == "." || dir == "/" {
			return place
		}
	}
}
