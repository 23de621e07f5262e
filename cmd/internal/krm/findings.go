package krm

import (
	"fmt"
	"io/fs"
	"slices"

	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"

	"meshtopo.dev/meshtopo/cmd/internal/report"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/shown"
)

// Results gives findings as results. Those about the functionConfig have no file where none is known that says the
// same, and no line either. The functions tell of a file how it is called from the working directory, and its content,
// nil where that cannot be had.
func (c *Config) Results(found *diag.List, name func(file string) string, text func(file string) []byte) []Result {
	var results []Result
	indexes := map[string]*index{}
	for _, d := range found.Shown() {
		file := d.Pos.File
		r := Result{Severity: d.Severity.String()}
		r.Message, r.Tags = report.Texts(d)
		if f := c.manifests.file(file); f != nil {
			f.locate(&r, d.Pos)
			results = append(results, r)
			continue
		}
		if indexes[file] == nil {
			indexes[file] = newIndex(text(file))
		}
		r.ResourceRef, r.Field = indexes[file].reference(d.Pos), indexes[file].field(d.Pos)
		if !c.unplaced(file) {
			r.File = &FileRef{Path: name(file)}
			r.line(d.Pos)
		}
		if subject, ok := c.subjects[d]; ok {
			r.about(subject)
		}
		results = append(results, r)
	}
	return results
}

// unplaced reports whether places in a file are not the user's.
func (c *Config) unplaced(file string) bool { return file == ConfigName && c.File == "" }

// Place makes findings about the functionConfig and the items such that people can use them: where their files are not
// known they name the field instead of a line, which would be one of kustomize's copy.
func (c *Config) Place(found *diag.List) {
	x := newIndex(c.Text)
	found.Each(func(d *diag.Diagnostic) {
		d.EachPlace(func(pos *diag.Pos, message *string) { *pos, *message = c.unplace(x, *pos, *message) })
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

// Shown says how people call what findings call so: the file that an item is from, or the item. It reports false for
// what no item is from.
func (c *Config) Shown(file string) (string, bool) {
	f := c.manifests.file(file)
	if f == nil {
		return "", false
	}
	return f.shown(), true
}

// Foreign reports the foreign items. In a directory of files a finding is about the file; kustomize build seldom says
// where an item is from, and the finding is at layers, the place by which the function can be told to do without.
func (c *Config) Foreign(found *diag.List, e ForeignError, layers diag.Pos, place func(file string) diag.Pos) {
	for _, f := range e.Objects {
		pos, from := layers, ""
		switch {
		case c.path != "":
			pos = place(f.File)
		case f.File == f.madeUp():
			f.File = ""
		default:
			from = ", from " + f.File
		}
		d := found.Add(pos, foreignObject, "%s is there already%s, and is not of Topology/%s", f.Object, from, e.Topology)
		d.Fix = fmt.Sprintf("delete it, and say in a patch of the topology what it has beyond the rendered one; or leave out the layer %q", f.Layer)
		if f.Owner != "" {
			d.Message = fmt.Sprintf("%s is there already%s, and is of Topology/%s, not of Topology/%s", f.Object, from, f.Owner, e.Topology)
			d.Fix = "keep the two topologies in kustomizations of their own"
		}
		if c.subjects == nil {
			c.subjects = map[*diag.Diagnostic]Foreign{}
		}
		c.subjects[d] = f
	}
}

// Nothing reports that there is nothing to lint among the items.
func (c *Config) Nothing(found *diag.List, pos diag.Pos) {
	found.Add(pos, nothingToLint, "there is no manifest among the items: nothing is checked")
}

// Refused reports, at its place in the kustomization, a function under validators whose items kustomize will refuse. It
// lets those pass that a function under transformers gave: they have the annotation already.
func (l *List) Refused(c *Config, fsys fs.FS, found *diag.List) {
	if c.path != "" || !slices.ContainsFunc(l.items, func(item *kyaml.RNode) bool { return pathOf(item.YNode()) == "" }) {
		return
	}
	this := slices.DeleteFunc(entries(fsys), func(f entry) bool {
		return f.kind != c.Kind || f.name != scalar(l.config, "metadata", "name")
	})
	if slices.ContainsFunc(this, func(f entry) bool { return f.list != "validators" }) {
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
		found.Show(shown.File)
		f.pos.File = name
		found.Add(f.pos, validatorRefused, refusedMessage)
	}
}
