package krm

import (
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/lint"
)

// itemsName begins how findings call what the items are read from. No file of the user is called so.
const itemsName = "<items>/"

// Manifests are the items of a list as package lint reads them: in the user's own files where those say the same, and
// otherwise in texts of this package, whose lines mean nothing to anybody else.
type Manifests struct {
	Clusters []lint.Source
	Several  bool // the clusters are those of a directory, not the one that a build is for
	Applied  bool // kubectl gets them

	files map[string]*itemFile // by how findings call them
}

// itemFile is a file with items, or what stands for one.
type itemFile struct {
	path  string // the user's, from the working directory; "" where none is known
	exact bool   // the text is the user's
	text  []byte
	items []*yaml.Node // in their order in the text
	index *index
}

// name is how findings call the file. A name that ends in .json would have a text of ours be read as JSON.
func (f *itemFile) name(number int) string {
	if f.path != "" && (f.exact || path.Ext(f.path) != ".json") {
		return itemsName + f.path
	}
	return fmt.Sprintf("%s%06d", itemsName, number)
}

// read takes the user's file if it says what the items say, and else writes the items.
func (f *itemFile) read(fsys fs.FS) {
	if fs.ValidPath(f.path) {
		if text, err := fs.ReadFile(fsys, f.path); err == nil && f.holds(documents(text)) {
			f.text, f.exact = text, true
			return
		}
	}
	var texts []string
	for _, n := range f.items {
		text, err := yaml.Marshal(plain(n))
		if err != nil {
			text = []byte("{}\n") // an item that cannot be written says nothing
		}
		texts = append(texts, string(text))
	}
	f.text = []byte(strings.Join(texts, "---\n"))
}

// holds reports whether the documents of a file are what the items say, in whichever order.
func (f *itemFile) holds(docs []*yaml.Node) bool {
	if len(docs) != len(f.items) {
		return false
	}
	left := map[id][]map[string]any{}
	for _, n := range f.items {
		left[idOf(n)] = append(left[idOf(n)], meaningOf(n))
	}
	for _, doc := range docs {
		key, want := idOf(doc), meaningOf(doc)
		i := slices.IndexFunc(left[key], func(said map[string]any) bool { return said != nil && reflect.DeepEqual(said, want) })
		if i < 0 {
			return false
		}
		left[key] = slices.Delete(left[key], i, i+1)
	}
	return true
}

// meaningOf decodes an item without what kustomize notes in it, or gives nil.
func meaningOf(n *yaml.Node) map[string]any {
	var doc map[string]any
	if n.Decode(&doc) != nil {
		return nil
	}
	forget(doc, noted)
	return doc
}

// file gives the file that findings call so, or nil.
func (m *Manifests) file(name string) *itemFile {
	if m == nil {
		return nil
	}
	return m.files[name]
}

// shown is how people call the file, or else the object that it stands for.
func (f *itemFile) shown() string {
	if f.path != "" {
		return f.path
	}
	return label(f.items[0])
}

// places finds objects and fields in the file.
func (f *itemFile) places() *index {
	if f.index == nil {
		f.index = newIndex(f.text)
	}
	return f.index
}

// unplace names the object and the field in the place of a line which is not the user's.
func (f *itemFile) unplace(pos diag.Pos, message string) (diag.Pos, string) {
	if f.exact {
		return pos, message
	}
	message = withField(f.places().path(pos), message)
	if o := f.places().at(pos); o != nil {
		if name := label(o.node); name != f.shown() {
			message = name + ": " + message
		}
	}
	return diag.Pos{File: pos.File}, message
}

// locate says in a result what a place in the file is.
func (f *itemFile) locate(r *Result, pos diag.Pos) {
	r.ResourceRef, r.Field = f.places().reference(pos), f.places().field(pos)
	if f.path == "" {
		return
	}
	r.File = &FileRef{Path: f.path}
	if o := f.places().at(pos); o != nil && o.number < len(f.items) {
		r.File.Index = indexOf(f.items[o.number])
		if f.exact {
			r.File.Index = o.number
		}
	}
	if f.exact {
		r.line(pos)
	}
}

// withField begins a message with the field that it is about, unless it does already, or the field stands for the
// object as a whole.
func withField(field, message string) string {
	if slices.Contains([]string{"", "kind", "metadata.name"}, field) || strings.HasPrefix(message, strings.TrimPrefix(field, "spec.")) {
		return message
	}
	return field + ": " + message
}
