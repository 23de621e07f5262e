package istio

import (
	_ "embed"
	"strings"
	"sync"
)

// fieldsText has a line for each type and each enum, sorted by name, and below it, behind a tab, one for each field or
// value:
//
//	istio.mesh.v1alpha1.MeshConfig proto
//		accessLogFile,access_log_file string
//		configSources,config_sources []@istio.mesh.v1alpha1.ConfigSource
//	istio.mesh.v1alpha1.MeshConfig.H2UpgradePolicy enum
//		DO_NOT_UPGRADE
//
// A type has its decoder, which is protobuf's JSON (proto) or encoding/json (go). A field has its names, the one of
// protobuf's JSON first, and what it holds: a scalar, object or any; @ and a type; % and an enum; [] or {} before what
// its items, or the values of its keys, are. Behind that stand oneof= and the name of the oneof that it is a member of,
// served where CRDs have the second name too, deprecated, and by= and who reads it, if that is not who reads the type.
//
//go:embed fields.txt
var fieldsText string

// kindsText has a line for each kind of object, sorted: its apiVersion, its name, its type, and who reads it.
//
//go:embed kinds.txt
var kindsText string

// message is one type of fields.txt.
type message struct {
	fields []field
	names  []string // of all fields, for suggestions: deprecated ones last
}

// field is one field of a message.
type field struct {
	name       string // in JSON
	alias      string // the other name that protobuf's JSON reads, or ""
	value      Type
	reads      bool // value.reader is said by the table
	oneof      string
	served     bool // the CRDs have the other name too
	deprecated bool
}

// messages keeps the types that have been read.
var messages sync.Map

// message reads a type, as its version has it, once. Tests check that the tables have every type that they name.
func (t Type) message() *message {
	if m, ok := messages.Load(t); ok {
		return m.(*message)
	}
	m := newMessage(t.lines())
	messages.Store(t, m)
	return m
}

// words gives the names of an enum.
func (t Type) words() []string { return t.lines() }

// lines gives the lines below the name of a type or an enum.
func (t Type) lines() []string {
	name := t.expression[1:]
	return adjusted(block(fieldsText, name), name, t.minor)
}

// of gives another type of the same reader and version.
func (t Type) of(expression string) Type { return Type{expression, t.reader, t.minor} }

// in gives the type of a field of a message.
func (f *field) in(message Type) Type {
	t := message.of(f.value.expression)
	if f.reads {
		t.reader = f.value.reader
	}
	return t
}

func newMessage(lines []string) *message {
	m := &message{}
	var deprecated []string
	for _, line := range lines {
		f := newField(line)
		m.fields = append(m.fields, f)
		if f.deprecated {
			deprecated = append(deprecated, f.name)
		} else {
			m.names = append(m.names, f.name)
		}
	}
	m.names = append(m.names, deprecated...)
	return m
}

func newField(line string) field {
	words := strings.Fields(line)
	f := field{value: Type{expression: words[1]}}
	f.name, f.alias, _ = strings.Cut(words[0], ",")
	for _, word := range words[2:] {
		if reader, ok := strings.CutPrefix(word, "by="); ok {
			f.value.reader, f.reads = readers[reader], true
		} else if oneof, ok := strings.CutPrefix(word, "oneof="); ok {
			f.oneof = oneof
		} else {
			f.served = f.served || word == "served"
			f.deprecated = f.deprecated || word == "deprecated"
		}
	}
	return f
}

// field gives the field that a reader knows by a name, or nil. The schemas of CRDs have hardly any second names.
func (m *message) field(name string, by Reader) *field {
	for i := range m.fields {
		if f := &m.fields[i]; f.name == name || f.alias == name && name != "" && (f.served || by != APIServer) {
			return f
		}
	}
	return nil
}

// block gives the indented lines below the line of a table that begins with a name, or nil where there is no such line.
// Most runs ask for few of them.
func block(text, name string) []string {
	at := strings.Index(text, "\n"+name)
	for at >= 0 && !strings.ContainsRune(" \n", rune(text[at+1+len(name)])) { // a longer name
		next := strings.Index(text[at+1:], "\n"+name)
		if next < 0 {
			return nil
		}
		at += 1 + next
	}
	if at < 0 {
		return nil
	}
	_, below, _ := strings.Cut(text[at+1:], "\n")
	lines := []string{}
	for strings.HasPrefix(below, "\t") {
		var line string
		line, below, _ = strings.Cut(below[1:], "\n")
		lines = append(lines, line)
	}
	return lines
}
