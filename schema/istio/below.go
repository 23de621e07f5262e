package istio

import (
	"strings"
	"sync"

	"meshtopo.dev/meshtopo/schema/document"
)

// Below gives the type of what stands under a key of a value, or of an item of a list, and whether the tables have the
// key: those of a map are the user's. A value that nobody knows is of the type any.
func (t Type) Below(key string) (below Type, known bool) {
	switch rest := t.expression; {
	case strings.HasPrefix(rest, "[]"):
		return t.of(rest[2:]), true
	case strings.HasPrefix(rest, "{"):
		_, of, _ := strings.Cut(rest, "}")
		return t.of(of), false
	case strings.HasPrefix(rest, "@"):
		if f := t.message().field(key, t.reader); f != nil {
			return t.of(f.value.expression), true
		}
	}
	return Unknown(), false
}

// ObjectLike gives the type of an object as Object does, and of one whose API version has no such kind, as after a slip
// or in a patch without one: that of its kind in another version, if there is none of another group.
func ObjectLike(apiVersion, kind string) (Type, bool) {
	if t, ok := Object(apiVersion, kind); ok {
		return t, ok
	}
	like, groups := Unknown(), map[string]bool{}
	for known, t := range kinds() {
		version, of, _ := strings.Cut(known, " ")
		group, _, _ := strings.Cut(version, "/")
		if of == kind && (apiVersion == "" || strings.HasPrefix(apiVersion, group)) {
			like, groups[group] = t, true
		}
	}
	return like, len(groups) == 1
}

// Unknown is the type of what the tables say nothing of.
func Unknown() Type { return Type{expression: "any"} }

// IsScalar reports whether a value is one scalar that the tables know.
func (t Type) IsScalar() bool {
	return t.expression != "any" && t.expression != "object" && !strings.ContainsAny(t.expression[:1], "[{@")
}

// Words says what a value of the type is.
func (t Type) Words() string {
	switch rest := t.expression; {
	case strings.HasPrefix(rest, "[]"):
		return document.List.String()
	case strings.HasPrefix(rest, "{"), strings.HasPrefix(rest, "@"):
		return document.Map.String()
	case strings.HasPrefix(rest, "%"):
		return "one of " + strings.Join(t.words(), ", ")
	}
	return scalars[t.expression].words
}

// Fields gives the names of the fields that a value of the type has, or those of each of its items; none where the keys
// are the user's.
func (t Type) Fields() []string {
	for strings.HasPrefix(t.expression, "[]") {
		t = t.of(t.expression[2:])
	}
	if !strings.HasPrefix(t.expression, "@") {
		return nil
	}
	return t.message().names
}

// IsField reports whether any type of the tables has a field of that name.
func IsField(name string) bool { return fieldNames()[name] }

var fieldNames = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for line := range strings.Lines(fieldsText) {
		if line[0] != '\t' {
			continue
		}
		words, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		for name := range strings.SplitSeq(words, ",") {
			names[name] = true
		}
	}
	return names
})
