package render

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/render/installer"
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/render/protect"
	"meshtopo.dev/meshtopo/render/reader"
	"meshtopo.dev/meshtopo/render/text"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/handed"
)

// rendering is one run: what clusters share is made once and kept here.
type rendering struct {
	*Plan
	texts   *text.Templates
	patches *patches // nil where there are none
	mesh    *reader.Mesh
	reads   *handed.Discovery
	mark    []byte // the first line of a YAML file

	placeholders bool                                  // in the place of private material
	wanted       func(reader, of *schema.Cluster) bool // where not all remote Secrets are, only patches are checked
	kubeconfigs  map[string]string                     // by cluster, in base64; "" where the token is not there
	remote       map[secretPlace][][]byte              // remote Secrets, which readers share
	encrypted    map[encryptedPlace]*protect.Item      // what encrypted Secrets have in common
	directories  []*directory                          // of the clusters, in their order
}

// secretPlace is what decides how a remote Secret comes out: its name, and the namespace of the reader.
type secretPlace struct{ name, namespace string }

func newRendering(p *Plan) (*rendering, error) {
	texts, err := text.New()
	if err != nil {
		return nil, err
	}
	patches, err := newPatches(p)
	if err != nil {
		return nil, err
	}
	return &rendering{
		Plan:        p,
		texts:       texts,
		patches:     patches,
		mesh:        reader.New(p.topology, p.store.Public),
		reads:       handed.NewDiscovery(p.topology),
		mark:        []byte("# " + tree.Marker(p.topology.Name) + "\n"),
		kubeconfigs: map[string]string{},
		remote:      map[secretPlace][][]byte{},
		encrypted:   map[encryptedPlace]*protect.Item{},
	}, nil
}

// directory is the directory of one cluster while it is filled, layer by layer. After an error it stays as it is.
type directory struct {
	*rendering
	c     *schema.Cluster
	files []tree.File
	moved []string        // the paths of files whose content a GitOps engine is told elsewhere
	items []*protect.Item // the files of encrypted Secrets
	err   error

	installer installer.Installer
	changes   []change // what patches changed, where only they are checked

	exposed []string // the names of the Istio resources
}

// change is an object that patches change, as a piece of a file.
type change struct {
	file    string
	piece   int
	patches []*patch.Patch
}

// ownFiles is about how many files a directory has beside its remote Secrets.
const ownFiles = 12

// object is what most templates hold of the cluster.
func (d *directory) object() text.Object {
	return text.Object{Topology: d.topology.Name, Namespace: d.c.Istio.Namespace}
}

// separator stands between two objects of a file.
var separator = []byte("---\n")

// Add adds a public file that holds one object or several.
func (d *directory) Add(path string, objects ...[]byte) {
	d.addFile(tree.File{Path: path, Body: d.body(objects...)})
}

// body gives the text of a file that holds objects.
func (r *rendering) body(objects ...[]byte) [][]byte {
	body := [][]byte{r.mark}
	for i, text := range objects {
		if i > 0 {
			body = append(body, separator)
		}
		body = append(body, text)
	}
	return body
}

// path gives the path of a file of the directory below the output directory.
func (d *directory) path(file string) string { return layout.Path(d.c.Name, file) }

func (d *directory) addFile(f tree.File) {
	f.Path = d.path(f.Path)
	d.files = append(d.files, f)
}

// text fills the holes of a template with options.
func (d *directory) text(template string, data any, options ...string) []byte {
	return d.Compose(text.Composition{Object: template, Options: options}, data)
}

// Compose fills the holes of a text that is composed of templates and the user's settings.
func (d *directory) Compose(of text.Composition, data any) []byte {
	if d.err != nil {
		return nil
	}
	t, err := d.texts.Compose(of)
	if err != nil {
		d.err = err
		return nil
	}
	text, err := d.texts.Fill(t, data)
	if err != nil {
		d.err = err
	}
	return text
}

// Kustomization lists the files of a layer for kubectl, unless there are none.
func (d *directory) Kustomization(layer string) {
	data := struct{ Resources []string }{}
	dir := layout.Path(d.c.Name, layer) + "/"
	for _, f := range d.files {
		if name, ok := strings.CutPrefix(f.Path, dir); ok && layout.Chart(name) == "" {
			data.Resources = append(data.Resources, name)
		}
	}
	if len(data.Resources) > 0 {
		d.Add(layer+"/"+layout.Kustomization, d.text("kustomization.yaml", data))
	}
}

// Has reports whether the directory has a file, or files of a layer. What has moved counts where it was.
func (d *directory) Has(path string) bool {
	path = layout.Path(d.c.Name, path)
	in := func(file string) bool {
		below, ok := strings.CutPrefix(file, path)
		return ok && (below == "" || below[0] == '/')
	}
	return slices.ContainsFunc(d.files, func(f tree.File) bool { return in(f.Path) }) || slices.ContainsFunc(d.moved, in)
}
