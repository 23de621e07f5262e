package krm

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path"
	"reflect"
	"slices"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/diag"
)

// ConfigName is how findings call the functionConfig, which comes by standard input.
const ConfigName = "<stdin>"

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

// candidates are the files that may hold the functionConfig: the one that it says it is from, those that the
// kustomization names, and topologies by their usual name.
func (c *Config) candidates(fsys fs.FS) []string {
	files := []string{path.Clean(c.path)}
	for _, f := range entries(fsys) {
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
