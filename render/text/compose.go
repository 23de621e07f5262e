package text

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"text/template"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/templates"
)

// Composition says what a text is made of.
type Composition struct {
	Object   string         // the template of an object
	Options  []string       // templates that are merged into it
	Settings map[string]any // the user's, which are merged into it then
	Into     string         // where the object is only the source of another one: the template that gets parts of it
	Moves    []Move         // these parts
}

// If gives an option on a condition, and none otherwise.
func If(condition bool, option string) []string {
	if !condition {
		return nil
	}
	return []string{option}
}

// Compose gives the template of a composition. It works on the text with its holes, so clusters with the same options
// and settings share one result.
func (t *Templates) Compose(c Composition) (*template.Template, error) {
	if len(c.Options) == 0 && len(c.Settings) == 0 && c.Into == "" {
		return t.Named(c.Object)
	}
	marshalled, err := json.Marshal(c.Settings)
	if err != nil {
		return nil, err
	}
	key := fmt.Sprintf("%s %q %s %s %v", c.Object, c.Options, marshalled, c.Into, c.Moves)
	if composed, ok := t.composed[key]; ok {
		return composed, nil
	}
	text, err := c.text(templates.FS)
	if err != nil {
		return nil, fmt.Errorf("template %s: %w", c.Object, err)
	}
	composed, err := template.New(c.Object).Funcs(functions).Parse(text)
	if err != nil {
		return nil, err
	}
	t.composed[key] = composed
	return composed, nil
}

// text merges the texts of options and the settings into the text of an object. Holes are covered while the text is
// YAML, and what looks like a hole in the settings is escaped before they are uncovered.
func (c Composition) text(fsys fs.FS) (string, error) {
	added := settingsNode(c.Settings)
	holes := newHoles(added)
	merged, err := holes.read(fsys, c.Object)
	if err != nil {
		return "", err
	}
	for _, option := range c.Options {
		node, err := holes.read(fsys, option)
		if err != nil {
			return "", err
		}
		fill(merged, node)
	}
	fill(merged, added)
	sortSpec(merged)
	if c.Into != "" {
		into, err := holes.read(fsys, c.Into)
		if err != nil {
			return "", err
		}
		merged = moved(merged, into, c.Moves)
	}
	text, err := patch.Encode(merged)
	return holes.uncover(string(text)), err
}

// specOrder is the order in which Istio's reference lists the fields of an IstioOperator's spec. Options and
// settings would all end up behind the template's own fields.
var specOrder = []string{"profile", "hub", "tag", "revision", "meshConfig", "components", "values"}

func sortSpec(object *yaml.Node) {
	spec := value(object, "spec")
	if spec == nil || spec.Kind != yaml.MappingNode {
		return
	}
	place := func(field []*yaml.Node) int {
		if at := slices.Index(specOrder, field[0].Value); at >= 0 {
			return at
		}
		return len(specOrder)
	}
	fields := slices.Collect(slices.Chunk(spec.Content, 2))
	slices.SortStableFunc(fields, func(a, b []*yaml.Node) int { return place(a) - place(b) })
	spec.Content = slices.Concat(fields...)
}

// holes covers the holes of a text with plain words while the text is handled as YAML.
type holes struct {
	prefix string
	texts  []string // by number
}

var hole = diag.OnceRegexp(`\{\{.*?\}\}`)

// newHoles finds a word that the settings do not hold.
func newHoles(settings *yaml.Node) *holes {
	h := &holes{prefix: "hole"}
	for mentions(settings, h.prefix) {
		h.prefix += "x"
	}
	return h
}

func mentions(n *yaml.Node, word string) bool {
	return strings.Contains(n.Value, word) || slices.ContainsFunc(n.Content, func(child *yaml.Node) bool {
		return mentions(child, word)
	})
}

// read parses a template's text as YAML, with its holes covered.
func (h *holes) read(fsys fs.FS, path string) (*yaml.Node, error) {
	source, err := fs.ReadFile(fsys, path)
	if err != nil {
		return nil, err
	}
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(h.cover(string(source))), &document); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return document.Content[0], nil
}

func (h *holes) cover(text string) string {
	return hole().ReplaceAllStringFunc(text, func(found string) string {
		h.texts = append(h.texts, found)
		return h.word(len(h.texts) - 1)
	})
}

func (h *holes) word(number int) string { return fmt.Sprintf("%s-%d-", h.prefix, number) }

// uncover puts the holes back. What looks like one in the text by then is the user's, and is printed as it is.
func (h *holes) uncover(text string) string {
	words := make([]string, 0, 2*len(h.texts)+2)
	for i, found := range h.texts {
		words = append(words, h.word(i), found)
	}
	words = append(words, "{{", `{{"{{"}}`)
	return strings.NewReplacer(words...).Replace(text)
}
