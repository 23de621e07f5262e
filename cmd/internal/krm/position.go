package krm

import (
	"io/fs"
	"slices"

	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// lintKind is the kind that is about items which others bring.
const lintKind = schema.LintManifests

// nothingRule is that of a build which is not checked.
func nothingRule() *diag.Rule {
	return &diag.Rule{
		Code: "nothing-to-lint", Severity: diag.Warning,
		Title:  "a LintManifests is given no manifest",
		Why:    "nothing is checked: what is wrong in a build goes unnoticed. kustomize tells a generator nothing of the other resources",
		Fix:    "list it as the last of the transformers, in the kustomization whose output is applied",
		Source: "api/internal/plugins/fnplugin/fnplugin.go (Generate)",
	}
}

// Nothing reports that there is nothing to lint among the items.
func (c *Config) Nothing(found *diag.List, pos diag.Pos) {
	found.Add(pos, nothingRule(), "there is no manifest among the items: nothing is checked")
}

const refusedMessage = "kustomize refuses what a function under validators passes on"

// refusedRule is that of a list in which no function can be with kustomize v5.8.2.
func refusedRule() *diag.Rule {
	return &diag.Rule{
		Code: "validator-refused", Severity: diag.Warning,
		Title:  "a LintManifests under validators",
		Why:    `where nothing is wrong the build fails: "validator shouldn't modify the resource map". kustomize itself adds an annotation to each resource and takes it for the function's`,
		Fix:    "list it as the last of the transformers: what it is given is the same there, and it changes nothing",
		Source: "https://github.com/kubernetes-sigs/kustomize/issues/5036",
	}
}

// Refused reports, at its place in the kustomization, a function under validators whose items kustomize will refuse. It lets
// those pass that a function under transformers gave: they have the annotation already.
func (l *List) Refused(c *Config, fsys fs.FS, found *diag.List) {
	if c.path != "" || !slices.ContainsFunc(l.items, func(item *kyaml.RNode) bool { return pathOf(item.YNode()) == "" }) {
		return
	}
	this := slices.DeleteFunc(functions(fsys), func(f function) bool {
		return f.kind != c.Kind || f.name != scalar(l.config, "metadata", "name")
	})
	if slices.ContainsFunc(this, func(f function) bool { return f.list != "validators" }) {
		return // it may run from there
	}
	for _, f := range this {
		text, err := fs.ReadFile(fsys, f.pos.File)
		if err != nil {
			continue
		}
		name := itemsName + f.pos.File
		c.manifests.files[name] = &itemFile{path: f.pos.File, exact: true, text: text}
		found.AddSource(name, text)
		f.pos.File = name
		found.Add(f.pos, refusedRule(), refusedMessage)
	}
}
