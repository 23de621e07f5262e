package krm

import (
	"io/fs"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/fnconfig"
	"meshtopo.dev/meshtopo/schema/shown"
)

// lintKind is the kind that is about items which others bring.
const lintKind = fnconfig.LintManifests

const refusedMessage = "kustomize refuses what a function under validators passes on"

// entry is an entry of a kustomization that runs meshtopo.
type entry struct {
	file       string // which holds the functionConfig; "" where the kustomization itself does
	list       string // generators, transformers or validators
	kind, name string
	container  bool
	pos        diag.Pos
}

// Note tells the user of a topology how its kustomization has to be built, if it runs meshtopo.
func Note(fsys fs.FS, found *diag.List) {
	for _, f := range entries(fsys) {
		if text, err := fs.ReadFile(fsys, f.pos.File); err == nil {
			found.AddSource(f.pos.File, text)
			found.Show(shown.File)
		}
		f.note(found)
	}
}

func (e entry) note(found *diag.List) {
	switch {
	case e.kind == lintKind && e.list == "generators":
		d := found.Add(e.pos, kustomizeFlags, "kustomize tells a generator nothing of the other resources, so meshtopo checks nothing here")
		d.Why, d.Fix = nothingToLint.Why, nothingToLint.Fix
	case e.kind == lintKind && e.list == "validators":
		d := found.Add(e.pos, kustomizeFlags, "%s", refusedMessage)
		d.Why, d.Fix = validatorRefused.Why, validatorRefused.Fix
	case e.list == "validators":
		d := found.Add(e.pos, kustomizeFlags, "kustomize lets validators add nothing, so meshtopo renders nothing here")
		d.Why, d.Fix = "what a validator adds is dropped silently", "list it under generators or transformers"
	case e.container:
		d := found.Add(e.pos, kustomizeFlags, "kustomize build runs meshtopo only with --enable-alpha-plugins")
		d.Why = "the flag is needed for every function; without it the build fails"
		d.Fix = "build with --enable-alpha-plugins, and with --as-current-user where keys and tokens are readable for you alone"
	default:
		found.Add(e.pos, kustomizeFlags, "kustomize build runs meshtopo only with --enable-alpha-plugins --enable-exec")
	}
}

// entries finds the entries that run meshtopo in the kustomization of a directory.
func entries(fsys fs.FS) []entry {
	// kustomize accepts one of them
	for _, name := range []string{"kustomization.yaml", "kustomization.yml", "Kustomization"} {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			continue
		}
		var doc yaml.Node
		if yaml.Unmarshal(text, &doc) != nil || len(doc.Content) == 0 {
			return nil
		}
		return entriesIn(fsys, name, doc.Content[0])
	}
	return nil
}

func entriesIn(fsys fs.FS, name string, doc *yaml.Node) []entry {
	var all []entry
	for _, list := range []string{"generators", "transformers", "validators"} {
		entries := child(doc, list)
		if entries == nil || entries.Kind != yaml.SequenceNode {
			continue
		}
		for _, e := range entries.Content {
			f := entry{list: list, pos: diag.Pos{File: name, Line: e.Line, Col: e.Column, Width: len(firstLine(e.Value))}}
			if f.read(fsys, e) {
				all = append(all, f)
			}
		}
	}
	return all
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// read reports whether an entry, the path of a file or the text of one, is a functionConfig of ours.
func (f *entry) read(fsys fs.FS, entry *yaml.Node) bool {
	if entry.Kind != yaml.ScalarNode {
		return false
	}
	text := []byte(entry.Value)
	if !strings.Contains(entry.Value, "\n") {
		f.file = path.Clean(entry.Value)
		if !fs.ValidPath(f.file) {
			return false
		}
		var err error
		if text, err = fs.ReadFile(fsys, f.file); err != nil {
			return false
		}
	}
	var doc yaml.Node
	if yaml.Unmarshal(text, &doc) != nil || len(doc.Content) == 0 {
		return false
	}
	config := doc.Content[0]
	f.kind, f.name = scalar(config, "kind"), scalar(config, "metadata", "name")
	spec := scalar(config, "metadata", "annotations", "config.kubernetes.io/function")
	var run struct {
		Container map[string]any `yaml:"container"`
	}
	f.container = yaml.Unmarshal([]byte(spec), &run) == nil && run.Container != nil
	return spec != "" && strings.HasPrefix(scalar(config, "apiVersion"), "meshtopo.dev/")
}
