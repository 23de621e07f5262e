package patched

import (
	"bytes"
	"path"
	"strings"

	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/target"
)

// fluxPatches is what a Kustomization of Flux changes in the manifests that it applies
// (https://fluxcd.io/flux/components/kustomize/kustomizations/#patches).
type fluxPatches struct {
	path    string // of the directory in its repository
	targets target.List
}

const fluxGroup = "kustomize.toolkit.fluxcd.io"

// addFlux notes the patches of the Kustomizations of Flux in a file. Few files have any, and only these are parsed.
func (p *Patches) addFlux(file manifest.File) {
	text, err := file.Read()
	if err != nil || len(text) > document.MaxFileSize || !bytes.Contains(text, []byte(fluxGroup)) || !bytes.Contains(text, []byte("patches")) {
		return
	}
	for _, o := range objectsOf(file) {
		if o.Is(fluxGroup, "Kustomization") {
			f := fluxPatches{path: strings.Trim(path.Clean("/"+o.Root.StringAt("spec", "path")), "/")}
			f.add(o)
			p.flux = append(p.flux, f)
		}
	}
}

func (f *fluxPatches) add(o *manifest.Object) {
	by := o.Pos().File
	for _, list := range []string{"patches", "patchesStrategicMerge", "patchesJson6902"} {
		for _, item := range o.Root.ItemsAt("spec", list) {
			patches := []*manifest.Object{{Root: item.At("patch")}}
			if item.At("patch") == nil || item.At("patch").Kind == document.String {
				inline := item.StringAt("patch")
				patches = objectsOf(manifest.File{Name: by, Read: func() ([]byte, error) { return []byte(inline), nil }})
			}
			if list == "patchesStrategicMerge" {
				patches = []*manifest.Object{{Root: item, Kind: item.StringAt("kind"), Name: item.StringAt("metadata", "name")}}
			}
			if to := item.At("target"); to != nil {
				kind := to.StringAt("kind")
				if kind != "HelmRelease" || changesValues(item.At("patch")) {
					f.targets.Add(f.targets.Expression(kind), f.targets.Expression(to.StringAt("name")), by)
				}
				continue
			}
			for _, patch := range patches { // the patch itself names its target
				if patch.Kind != "" && (patch.Kind != "HelmRelease" || patch.Root.At("spec", "values") != nil || patch.Root.At("spec", "valuesFrom") != nil) {
					f.targets.Add(target.Exactly(patch.Kind), target.Exactly(patch.Name), by)
				}
			}
		}
	}
}

// changesValues reports whether a patch for releases may change their values. Many change versions and intervals alone.
func changesValues(patch *document.Node) bool {
	return patch == nil || patch.Kind != document.String || strings.Contains(patch.Text, "values")
}

// has reports whether a file may be in the directory.
func (f *fluxPatches) has(file string) bool {
	for dir := path.Dir(file); ; dir = path.Dir(dir) {
		if f.path == "" || dir == f.path || strings.HasSuffix(dir, "/"+f.path) || strings.Contains(dir, "/") && strings.HasSuffix(f.path, "/"+dir) {
			return true
		}
		if dir == "." || dir == "/" {
			return false
		}
	}
}

// Of gives the file whose patch changes an object of a file, or may change it, or "".
func (p *Patches) Of(kind, name, file string) (by string, certain bool) {
	by, certain = p.Targets.Of(kind, name)
	for i := range p.flux {
		if f := &p.flux[i]; !certain && f.has(file) {
			if other, sure := f.targets.Of(kind, name); other != "" {
				by, certain = other, sure
			}
		}
	}
	return by, certain
}
