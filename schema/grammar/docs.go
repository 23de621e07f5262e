package grammar

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/document"
)

// Field is what a schema says of one field.
type Field struct {
	Path     string // spec.clusters.NAME.network
	Type     string // what its value is, in words
	Default  string // "" where there is none
	Doc      string
	Required bool
	Named    bool // a map whose keys are names
	Free     bool // a map whose fields the schema leaves to others
}

// Fields lists every field of the format in the order of the schema; NAME stands for the name of a cluster or
// network, or for the code of a rule.
func (g *Grammar) Fields() []Field {
	var fields []Field
	g.document.walk(nil, func(path []string, f *fieldShape) {
		fields = append(fields, Field{
			Path: strings.Join(path, "."), Type: expected(f.shape), Default: f.shape.defaultText(),
			Doc: f.doc, Required: f.required, Named: f.shape.value != nil, Free: f.shape.open,
		})
	})
	return fields
}

// anyName stands for the key of a map with a pattern.
const anyName = "NAME"

func (s *shape) walk(path []string, visit func([]string, *fieldShape)) {
	for _, f := range s.fields {
		below := append(slices.Clone(path), f.name)
		visit(below, f)
		f.shape.walk(below, visit)
	}
	if s.value != nil {
		s.value.walk(append(slices.Clone(path), anyName), visit)
	}
	if s.elem != nil {
		s.elem.walk(path, visit)
	}
}

func (s *shape) defaultText() string {
	switch {
	case s.presetAs != nil:
		return strings.Join(s.presetAs, ".")
	case s.preset == nil:
		return ""
	case s.preset.Kind == document.List:
		return `["` + strings.Join(s.preset.StringsAt(), `", "`) + `"]`
	case s.preset.Kind == document.String && s.preset.Text == "":
		return `""`
	}
	return s.preset.Text
}

// places gives the paths, without spec, at which the format has a field of that name.
func (g *Grammar) places(name string) []string {
	var places []string
	g.document.walk(nil, func(path []string, f *fieldShape) {
		if f.name == name {
			places = append(places, g.DisplayPath(path))
		}
	})
	return places
}
