package krm

import (
	"fmt"
	"strconv"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/diag"
)

// Result is one finding as the specification has it.
type Result struct {
	Message     string            `yaml:"message"`
	Severity    string            `yaml:"severity"`
	ResourceRef *Reference        `yaml:"resourceRef,omitempty"`
	Field       *FieldRef         `yaml:"field,omitempty"`
	File        *FileRef          `yaml:"file,omitempty"`
	Tags        map[string]string `yaml:"tags"`
}

// Reference names the resource that a result is about.
type Reference struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string `yaml:"kind"`
	Namespace  string `yaml:"namespace,omitempty"`
	Name       string `yaml:"name,omitempty"`
}

// String names the resource for a message: Secret "istio-system/cacerts".
func (r Reference) String() string {
	if r.Namespace == "" {
		return fmt.Sprintf("%s %q", r.Kind, r.Name)
	}
	return fmt.Sprintf("%s %q", r.Kind, r.Namespace+"/"+r.Name)
}

// FieldRef is the path of a field in it.
type FieldRef struct {
	Path string `yaml:"path"`
}

// FileRef is the file that it is in.
type FileRef struct {
	Path  string `yaml:"path"`
	Index int    `yaml:"index,omitempty"`
}

// Sources tells of the files that findings are about.
type Sources interface {
	// Name is how a file is called from the working directory.
	Name(file string) string
	// Text is the content of a file, nil where it cannot be had.
	Text(file string) []byte
}

// Results gives findings as results. Those about the functionConfig have no file where none is known that says the
// same, and no line either.
func (c *Config) Results(found *diag.List, sources Sources) []Result {
	var results []Result
	indexes := map[string]*index{}
	for _, d := range found.Sorted() {
		file := d.Pos.File
		r := Result{Message: d.Message, Severity: d.Severity.String(), Tags: tags(d)}
		if f := c.manifests.file(file); f != nil {
			f.locate(&r, d.Pos)
			results = append(results, r)
			continue
		}
		if indexes[file] == nil {
			indexes[file] = newIndex(sources.Text(file))
		}
		r.ResourceRef, r.Field = indexes[file].reference(d.Pos), indexes[file].field(d.Pos)
		if !c.unplaced(file) {
			r.File = &FileRef{Path: sources.Name(file)}
			r.line(d.Pos)
		}
		if subject, ok := c.subjects[d]; ok {
			r.about(subject)
		}
		results = append(results, r)
	}
	return results
}

// line adds a place to a result, for which the specification has no field.
func (r *Result) line(pos diag.Pos) {
	if pos.Line > 0 {
		r.Tags["line"], r.Tags["column"] = strconv.Itoa(pos.Line), strconv.Itoa(pos.Col)
	}
}

// about makes an item the resource of a result, and the field one of its file, not of the functionConfig's.
func (r *Result) about(f Foreign) {
	r.ResourceRef, r.Field = &f.Object, nil
	if f.File != "" {
		r.File = &FileRef{f.File, f.Index}
		delete(r.Tags, "line")
		delete(r.Tags, "column")
	}
}

// tags are what the specification has no field for.
func tags(d *diag.Diagnostic) map[string]string {
	tags := map[string]string{"code": d.Code}
	if d.Why != "" {
		tags["why"] = d.Why
	}
	if d.Fix != "" {
		tags["fix"] = d.Fix
	}
	return tags
}

func (l *List) addResults(results []Result) error {
	for _, r := range results {
		var n yaml.Node
		if err := n.Encode(r); err != nil {
			return err
		}
		if l.results == nil {
			l.results = &yaml.Node{Kind: yaml.SequenceNode}
		}
		l.results.Content = append(l.results.Content, &n)
	}
	return nil
}
