package krm

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/diag"
)

// ConfigName is how findings call the functionConfig, which comes by standard input.
const ConfigName = "<stdin>"

// Annotations by which kustomize tells where an item of a directory came from, now and formerly.
const (
	pathAnnotation        = "internal.config.kubernetes.io/path"
	legacyPathAnnotation  = "config.kubernetes.io/path"
	indexAnnotation       = "internal.config.kubernetes.io/index"
	legacyIndexAnnotation = "config.kubernetes.io/index"
	localConfig           = "config.kubernetes.io/local-config"
	originAnnotation      = "config.kubernetes.io/origin"
)

// Config is the functionConfig.
type Config struct {
	Kind string
	Text []byte // of File, or as kustomize gave it
	File string // the user's file, from the working directory; "" where none is known
	path string // where `kustomize fn run` read it, from the directory that it runs on; "" with kustomize build

	subjects  map[*diag.Diagnostic]Foreign // of findings about items
	manifests *Manifests                   // or nil
}

// Config gives the functionConfig. kustomize gives a copy, written anew: without comments, its fields in another order.
// So that findings have a place the user's own file is looked for where it can be, in the working directory, and is
// taken if it says the same.
func (l *List) Config(fsys fs.FS) (*Config, error) {
	text, err := yaml.Marshal(block(l.config))
	if err != nil {
		return nil, err
	}
	c := &Config{Kind: scalar(l.config, "kind"), Text: text, path: pathOf(l.config)}
	want, known := meaning(text)
	for _, file := range c.candidates(fsys) {
		text, err := fs.ReadFile(fsys, file)
		if err != nil {
			continue
		}
		if got, same := meaning(text); known && same && reflect.DeepEqual(got, want) {
			c.Text, c.File = text, file
			break
		}
	}
	return c, nil
}

// block gives a document in block style: what begins with a brace would be read as JSON.
func block(n *yaml.Node) *yaml.Node {
	c := *n
	c.Style &^= yaml.FlowStyle
	c.Content = make([]*yaml.Node, len(n.Content))
	for i, below := range n.Content {
		c.Content[i] = block(below)
	}
	return &c
}

// candidates are the files that may hold the functionConfig: the one that it says it is from, those that the
// kustomization names, and topologies by their usual name.
func (c *Config) candidates(fsys fs.FS) []string {
	files := []string{path.Clean(c.path)}
	for _, f := range functions(fsys) {
		files = append(files, f.file)
	}
	files = append(files, "topology.yaml", "topology.yml", "topology.json")
	return slices.DeleteFunc(files, func(name string) bool { return name == "." || !fs.ValidPath(name) })
}

// meaning decodes a document, without what kustomize adds to a functionConfig. It reports false for a text that is not
// one document.
func meaning(text []byte) (map[string]any, bool) {
	var doc map[string]any
	var second yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	if decoder.Decode(&doc) != nil || doc == nil || !errors.Is(decoder.Decode(&second), io.EOF) {
		return nil, false
	}
	forget(doc, added)
	return doc, true
}

// forget takes annotations out of an object, and metadata that holds nothing else.
func forget(doc map[string]any, all func(name string) bool) {
	metadata, ok := doc["metadata"].(map[string]any)
	if !ok {
		return
	}
	annotations, _ := metadata["annotations"].(map[string]any)
	for name := range annotations {
		if all(name) {
			delete(annotations, name)
		}
	}
	if annotations != nil && len(annotations) == 0 {
		delete(metadata, "annotations")
	}
	if len(metadata) == 0 {
		delete(doc, "metadata")
	}
}

// added reports whether an annotation may be kustomize's own.
func added(name string) bool {
	return name == localConfig || strings.HasPrefix(name, "internal.config.kubernetes.io/") ||
		slices.Contains([]string{legacyPathAnnotation, legacyIndexAnnotation, "config.k8s.io/id"}, name)
}

// noted reports whether an annotation of an item may be kustomize's own.
func noted(name string) bool {
	return added(name) || slices.Contains([]string{originAnnotation, "alpha.config.kubernetes.io/transformations", "kustomize.config.k8s.io/id"}, name)
}

// unplaced reports whether places in a file are not the user's.
func (c *Config) unplaced(file string) bool { return file == ConfigName && c.File == "" }

// Place makes findings about the functionConfig and the items such that people can use them: where their files are not known
// they name the field instead of a line, which would be one of kustomize's copy.
func (c *Config) Place(found *diag.List) {
	x := newIndex(c.Text)
	found.Each(func(d *diag.Diagnostic) {
		d.Pos, d.Message = c.unplace(x, d.Pos, d.Message)
		for i, r := range d.Related {
			d.Related[i].Pos, d.Related[i].Message = c.unplace(x, r.Pos, r.Message)
		}
	})
}

func (c *Config) unplace(x *index, pos diag.Pos, message string) (diag.Pos, string) {
	if f := c.manifests.file(pos.File); f != nil {
		return f.unplace(pos, message)
	}
	if !c.unplaced(pos.File) {
		return pos, message
	}
	return diag.Pos{File: pos.File}, withField(x.path(pos), message)
}

// withField begins a message with the field that it is about, unless it does already, or the field stands for the object as a
// whole.
func withField(field, message string) string {
	if slices.Contains([]string{"", "kind", "metadata.name"}, field) || strings.HasPrefix(message, strings.TrimPrefix(field, "spec.")) {
		return message
	}
	return field + ": " + message
}

// Shown says how people call what findings call so: the file that an item is from, or the item. It reports false for what no
// item is from.
func (c *Config) Shown(file string) (string, bool) {
	f := c.manifests.file(file)
	if f == nil {
		return "", false
	}
	return f.shown(), true
}

// pathOf is the file that an item came from, as `kustomize fn run` says, or "".
func pathOf(n *yaml.Node) string {
	annotations := child(child(n, "metadata"), "annotations")
	if p := scalar(annotations, pathAnnotation); p != "" {
		return path.Clean(p)
	}
	if p := scalar(annotations, legacyPathAnnotation); p != "" {
		return path.Clean(p)
	}
	return ""
}
