package krm

import (
	"io/fs"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/diag"
)

// flagsRule is the one rule about a kustomization, which kustomize itself does not tell.
func flagsRule() *diag.Rule {
	return &diag.Rule{
		Code: "kustomize-flags", Severity: diag.Info,
		Title:  "the kustomization beside the topology runs meshtopo as a function",
		Why:    "without --enable-exec, kustomize build skips the function: the objects of the mesh are missing from the output, or are not checked, and it exits with 0",
		Fix:    "always build with --enable-alpha-plugins --enable-exec, in kustomize.buildOptions of Argo CD too",
		Source: "https://github.com/kubernetes-sigs/kustomize/issues/4399",
	}
}

// Rules are the rules of this package.
func Rules() []*diag.Rule {
	return []*diag.Rule{flagsRule(), foreignRule(), nothingRule(), refusedRule()}
}

// function is an entry of a kustomization that runs meshtopo.
type function struct {
	file       string // which holds the functionConfig; "" where the kustomization itself does
	list       string // generators, transformers or validators
	kind, name string
	container  bool
	pos        diag.Pos
}

// Note tells the user of a topology how its kustomization has to be built, if it runs meshtopo.
func Note(fsys fs.FS, found *diag.List) {
	for _, f := range functions(fsys) {
		if text, err := fs.ReadFile(fsys, f.pos.File); err == nil {
			found.AddSource(f.pos.File, text)
		}
		f.note(found)
	}
}

func (f function) note(found *diag.List) {
	rule := flagsRule()
	switch {
	case f.kind == lintKind && f.list == "generators":
		d := found.Add(f.pos, rule, "kustomize tells a generator nothing of the other resources, so meshtopo checks nothing here")
		d.Why, d.Fix = nothingRule().Why, nothingRule().Fix
	case f.kind == lintKind && f.list == "validators":
		d := found.Add(f.pos, rule, "%s", refusedMessage)
		d.Why, d.Fix = refusedRule().Why, refusedRule().Fix
	case f.list == "validators":
		d := found.Add(f.pos, rule, "kustomize lets validators add nothing, so meshtopo renders nothing here")
		d.Why, d.Fix = "what a validator adds is dropped without a word", "list it under generators or transformers"
	case f.container:
		d := found.Add(f.pos, rule, "kustomize build runs meshtopo only with --enable-alpha-plugins")
		d.Why = "the flag is needed for every function; without it the build fails"
		d.Fix = "build with --enable-alpha-plugins, and with --as-current-user where keys and tokens are readable for you alone"
	default:
		found.Add(f.pos, rule, "kustomize build runs meshtopo only with --enable-alpha-plugins --enable-exec")
	}
}

// functions finds the entries that run meshtopo in the kustomization of a directory.
func functions(fsys fs.FS) []function {
	for _, name := range []string{"kustomization.yaml", "kustomization.yml", "Kustomization"} { // kustomize accepts one of them
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			continue
		}
		var doc yaml.Node
		if yaml.Unmarshal(text, &doc) != nil || len(doc.Content) == 0 {
			return nil
		}
		return functionsIn(fsys, name, doc.Content[0])
	}
	return nil
}

func functionsIn(fsys fs.FS, name string, doc *yaml.Node) []function {
	var all []function
	for _, list := range []string{"generators", "transformers", "validators"} {
		entries := child(doc, list)
		if entries == nil || entries.Kind != yaml.SequenceNode {
			continue
		}
		for _, e := range entries.Content {
			f := function{list: list, pos: diag.Pos{File: name, Line: e.Line, Col: e.Column, Width: len(firstLine(e.Value))}}
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
func (f *function) read(fsys fs.FS, entry *yaml.Node) bool {
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
