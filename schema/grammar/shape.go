package grammar

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"meshtopo.dev/meshtopo/schema/document"
)

// shape is what topology.cue says of a value, read from the syntax of that file: its kind, its fields, its
// defaults and what a scalar may be. CUE itself checks every topology; shapes find the words and the places
// that CUE's own errors do not have, and fill in the defaults.
type shape struct {
	name     string // the definition it comes from, such as "#Label", or ""
	words    string // for a scalar: what it is, from the definition's comment
	kind     document.Kind
	fields   []*fieldShape  // of a map
	open     bool           // of a map: any other field is fine, whatever its value
	key      *shape         // of a map with a pattern: what its keys are
	value    *shape         // of a map with a pattern: what its values are
	elem     *shape         // of a list
	enum     []string       // of a scalar: the values allowed, apart from those that fit an alternative
	anyOf    [][]pattern    // of a string: it fits all patterns of one alternative; none and no enum: any string
	preset   *document.Node // the default, or nil
	presetAs []string       // the field that the default is copied from, or nil
	limits   *limits        // of a whole number
}

// fieldShape is one field of a map.
type fieldShape struct {
	name     string
	doc      string
	required bool
	optional bool // without a default: absent when not given
	shape    *shape
}

// pattern is a regular expression that a string must match, or must not, or a greatest length.
type pattern struct {
	re  func() *regexp.Regexp // compiled when first used; nil for a greatest length
	not bool
	max int // in characters
}

func (p pattern) fits(s string) bool {
	if p.re == nil {
		return utf8.RuneCountInString(s) <= p.max
	}
	return p.re().MatchString(s) != p.not
}

// fits reports whether a string is one of the values that the shape allows.
func (s *shape) fits(text string) bool {
	return slices.Contains(s.enum, text) || slices.ContainsFunc(s.anyOf, func(all []pattern) bool {
		return !slices.ContainsFunc(all, func(p pattern) bool { return !p.fits(text) })
	})
}

// summary gives the first sentence of a field's comment, as it follows a colon.
func (f *fieldShape) summary() string {
	sentence, _, _ := strings.Cut(f.doc+" ", ". ")
	return strings.ToLower(sentence[:1]) + strings.TrimSuffix(sentence[1:], ".")
}

// noun gives the first part of a scalar's words: "a lower-case RFC 1123 label".
func (s *shape) noun() string {
	noun, _, _ := strings.Cut(s.words, ": ")
	return noun
}

// brief says what a shape wants, without what its parts are.
func (s *shape) brief() string {
	switch {
	case s.words != "":
		return s.noun()
	case s.kind == document.List:
		return s.kind.String()
	}
	return expected(s)
}

// field gives the field of that name, or nil.
func (s *shape) field(name string) *fieldShape {
	for _, f := range s.fields {
		if f.name == name {
			return f
		}
	}
	return nil
}

// below gives the shape of the field or item of that name, or nil where the schema says nothing of it.
func (s *shape) below(name string) *shape {
	if s == nil {
		return nil
	}
	if f := s.field(name); f != nil {
		return f.shape
	}
	return cmp.Or(s.value, s.elem)
}

// fieldNames gives the names of all fields.
func (s *shape) fieldNames() []string {
	names := make([]string, len(s.fields))
	for i, f := range s.fields {
		names[i] = f.name
	}
	return names
}
