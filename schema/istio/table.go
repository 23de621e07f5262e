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
// A type has its decoder, which is protobuf's JSON (proto) or encoding/json (go). A field has its names, the one of protobuf's JSON first, and what it holds: a scalar, object or any; @ and a type; %
// and an enum; [] or {} before what its items, or the values of its keys, are. Behind that stand oneof= and the name of
// the oneof that it is a member of, served where CRDs have the second name too, deprecated, and by= and who reads it, if that is not who reads the type.
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

// known keeps the types that have been read.
var known struct {
	sync.Mutex
	messages map[string]*message
}

// messageOf reads a type of fields.txt once.
func messageOf(name string) *message {
	known.Lock()
	defer known.Unlock()
	if m, ok := known.messages[name]; ok {
		return m
	}
	block, ok := lookUp(fieldsText, name)
	if !ok {
		panic("fields.txt has no type " + name) // the tests have seen that it has every type that it names
	}
	if known.messages == nil {
		known.messages = map[string]*message{}
	}
	m := newMessage(block)
	known.messages[name] = m
	return m
}

func newMessage(block string) *message {
	_, rest, _ := strings.Cut(block, "\n")
	count := strings.Count(rest, "\n")
	m := &message{fields: make([]field, 0, count), names: make([]string, 0, count)}
	var deprecated []string
	for line := range strings.Lines(rest) {
		f := newField(strings.TrimSpace(line))
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
	names, rest, _ := strings.Cut(line, " ")
	f := field{}
	f.name, f.alias, _ = strings.Cut(names, ",")
	f.value.expression, rest, _ = strings.Cut(rest, " ")
	for rest != "" {
		var word string
		word, rest, _ = strings.Cut(rest, " ")
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

// enumOf gives the names of an enum of fields.txt.
func enumOf(name string) []string {
	block, ok := lookUp(fieldsText, name)
	if !ok {
		panic("fields.txt has no enum " + name) // as for types
	}
	return strings.Fields(block)[2:]
}

// lookUp finds the line that begins with a key and a space or a line's end, and the indented lines below it, in a text
// whose other lines are sorted.
func lookUp(text, key string) (block string, ok bool) {
	low, high := 0, len(text)
	for low < high {
		at := head(text, low+(high-low)/2, high)
		if at == high {
			high = low + (high-low)/2
			continue
		}
		line, _, _ := strings.Cut(text[at:], "\n")
		if rest, found := strings.CutPrefix(line, key); found && (rest == "" || rest[0] == ' ') {
			return text[at:head(text, at+1, len(text))], true
		}
		if key+" " < line {
			high = low + (high-low)/2
		} else {
			low = at + len(line)
		}
	}
	return "", false
}

// head gives the place of the first line at or behind from that is not indented, or high where there is none before it.
func head(text string, from, high int) int {
	for from < high {
		if text[from] != '\t' && (from == 0 || text[from-1] == '\n') {
			return from
		}
		next := strings.IndexByte(text[from:high], '\n')
		if next < 0 {
			return high
		}
		from += next + 1
	}
	return high
}
