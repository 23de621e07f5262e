package istio

import (
	"fmt"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/private"
)

// ProblemKind says what is wrong with a value.
type ProblemKind uint8

// The kinds of problems.
const (
	UnknownField ProblemKind = iota // the type has no field of that name
	WrongType                       // the value is of another type, or cannot be read as one of the type
	WrongKey                        // the key of a map must be a number
	UnknownValue                    // an enum has no value of that name
	Exclusive                       // two fields of which one at most may be given
	GivenTwice                      // one field under both of its names
)

// Problem is one difference between a document and a type.
type Problem struct {
	Kind    ProblemKind
	Pos     diag.Pos        // of the key for fields, maps and lists; of the value for scalars
	Path    []string        // below what was checked; list items are "0", "1", …
	Node    *document.Node  // the value
	Reader  Reader          // who decodes it
	Want    string          // of a WrongType: what the value must be, as in "a string"
	Private bool            // the value may be private: it is in a map of the user, or a field for anything
	Quoted  bool            // of a WrongType: the value is right without its quotes
	Near    string          // the field or value that was probably meant, or ""
	Instead string          // Near, where --fix may write it: only one is near, it is not set, and the value suits it
	Known   []string        // of an UnknownField or UnknownValue: all that the type has
	Since   int             // of an UnknownField: the later minor version that brought it, or 0
	Until   int             // of an UnknownField: the last earlier minor version that had it, or 0
	Other   *document.Entry // of Exclusive and GivenTwice: the field that stands before it
}

// Place writes a path as people do: defaultConfig.proxyMetadata.A, extensionProviders[0].name.
func Place(path []string) string {
	var b strings.Builder
	for i, key := range path {
		switch {
		case key != "" && strings.Trim(key, "0123456789") == "":
			b.WriteString("[" + key + "]")
			continue
		case b.Len() > 0:
			b.WriteString(".")
		}
		b.WriteString(shownKey(key, i > 0 && path[i-1] == "meshNetworks"))
	}
	return b.String()
}

// Place names the setting that has the problem, in the part of the configuration that was checked.
func (p *Problem) Place(part string) string {
	return strings.TrimPrefix(Place(append([]string{part}, p.Path...)), "spec.")
}

// Wrong gives what is wrong at the place: the value, or the other setting that it contradicts; "" where it is the name.
func (p *Problem) Wrong() string {
	switch {
	case p.Kind == UnknownField || p.Kind == WrongKey:
		return ""
	case p.Other != nil:
		return p.Other.Key
	}
	return given(p.Node, p.Want)
}

// Message says what is wrong; where is the path of what was checked.
func (p *Problem) Message(where ...string) string {
	path := append(where[:len(where):len(where)], p.Path...)
	last := path[len(path)-1]
	switch p.Kind {
	case UnknownField:
		return fmt.Sprintf("%s has no field %s", Place(path[:len(path)-1]), private.Key(last))
	case WrongKey:
		return fmt.Sprintf("the key %s in %s must be a whole number that is not negative", private.Key(last), Place(path[:len(path)-1]))
	case UnknownValue:
		if p.Private {
			return fmt.Sprintf("%s is not one of %s", Place(path), strings.Join(p.Known, ", "))
		}
		return fmt.Sprintf("%s %q is not one of %s", Place(path), p.Node.Text, strings.Join(p.Known, ", "))
	case Exclusive:
		return fmt.Sprintf("%s has both %q and %q, of which one at most may be given", Place(path[:len(path)-1]), p.Other.Key, last)
	case GivenTwice:
		return fmt.Sprintf("%s has both %q and %q, which are one field", Place(path[:len(path)-1]), p.Other.Key, last)
	}
	if p.Private && p.Node.Kind != document.Bool || p.Want == document.Map.String() || p.Want == document.List.String() {
		return fmt.Sprintf("%s must be %s, not %s", Place(path), p.Want, p.Node.Kind)
	}
	return fmt.Sprintf("%s must be %s, not %s", Place(path), p.Want, given(p.Node, p.Want))
}

// shownKey gives an element of a path as a message may have it: a key that is known, or that has the form of one, or
// the name of a network.
func shownKey(key string, isName bool) string {
	if key == "" || private.IsKey(key) || IsField(key) || Pilot.Has(key) || Agent.Has(key) || private.IsKnownLabel(key) || isName && !private.LooksPrivate(key) {
		return key
	}
	return private.Hidden
}

// given says what a value is, for "must be …, not …".
func given(n *document.Node, want string) string {
	switch {
	case n.Kind.String() == want || n.Kind == document.String && want != "true or false":
		return fmt.Sprintf("%q", n.Text)
	case n.Kind == document.String:
		return fmt.Sprintf("the string %q", n.Text)
	case n.Kind == document.Int || n.Kind == document.Float:
		return shortNumber(n.Text)
	case n.Kind == document.Bool:
		return n.Text
	}
	return n.Kind.String()
}

// shortNumber gives a number as a message may have it: a long one may be a password.
func shortNumber(text string) string {
	const longest = 6
	if len(text) > longest {
		return "a number"
	}
	return "the number " + text
}

// Fix says how to cure it in the smallest edit.
func (p *Problem) Fix() string {
	if l, ok := p.lookAlike(); ok {
		return l.Advice()
	}
	switch {
	case p.Near != "":
		return fmt.Sprintf("did you mean %q?", p.Near)
	case p.Kind == UnknownField:
		return "use one of " + some(p.Known) + ", or delete it"
	case p.Kind == UnknownValue:
		return "use one of " + some(p.Known)
	case p.Kind == WrongKey:
		return "give a number"
	case p.Other != nil:
		return "delete one of the two"
	}
	return p.rightType()
}

// lookAlike gives the character of what is wrong that looks like another.
func (p *Problem) lookAlike() (document.LookAlike, bool) {
	switch {
	case p.Kind == UnknownField && len(p.Path) > 0:
		return document.FindLookAlike(p.Path[len(p.Path)-1])
	case p.Kind == UnknownValue, p.Kind == WrongType && p.Node.Kind == document.String:
		return document.FindLookAlike(p.Node.Text)
	}
	return document.LookAlike{}, false
}

// LacksQuotes reports whether the value is a scalar where a string is wanted: it is the string that it looks like, in
// quotes.
func (p *Problem) LacksQuotes() bool {
	return p.Kind == WrongType && p.Want == document.String.String() && p.Node.Kind != document.Map && p.Node.Kind != document.List
}

// rightType says how to give a value of the type that is wanted.
func (p *Problem) rightType() string {
	switch n := p.Node; {
	case p.LacksQuotes() && n.Kind != document.Bool && (p.Private || len(text(n)) > 6):
		return "put it in quotes"
	case p.Quoted && p.Private:
		return "write it without quotes"
	case p.LacksQuotes():
		return fmt.Sprintf("put it in quotes: %q", text(n))
	case p.Quoted:
		return "write it without quotes: " + n.Text
	case p.Want == document.List.String() && n.Kind == document.Map:
		return `write a list: "- " before each of its items`
	}
	return "give it " + p.Want
}

// text gives a scalar as it was written.
func text(n *document.Node) string {
	if n.Unquoted != "" {
		return n.Unquoted
	}
	return n.Text
}

// some names a few of many.
func some(names []string) string {
	const few = 12
	if len(names) > few {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:few], ", "), len(names)-few)
	}
	return strings.Join(names, ", ")
}
