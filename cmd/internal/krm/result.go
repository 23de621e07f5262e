package krm

import (
	"strconv"

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

// FieldRef is the path of a field in it.
type FieldRef struct {
	Path string `yaml:"path"`
}

// FileRef is the file that it is in.
type FileRef struct {
	Path  string `yaml:"path"`
	Index int    `yaml:"index,omitempty"`
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
