package document

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/private"
)

// yamlReader turns YAML into nodes and reports what YAML readers would disagree about or silently change.
type yamlReader struct {
	file       string
	text       []byte
	lines      []string // of text, once they are needed
	line       []rune   // the last that was looked at
	lineNumber int      // its number, from 0
	found      *diag.List
	aliases    []*yaml.Node // the anchors being expanded, outermost first
	budget     *int         // how much more aliases may bring
	depth      int
	offset     int  // how many lines of the file stand before text
	manifest   bool // as kubectl reads: merge keys are resolved, keys become strings
	withheld   bool // it may hold a Secret
	hidden     int  // how many values that may have to be hidden are open
	data       secretData
	misread    bool // a key begins with what looks like a space, and so the structure is another one than it seems
}

// ReadYAML gives the document in text, or nil where it could not be read. A second document may be there if it
// holds nothing, as after a "---" at the end of a file.
func ReadYAML(file string, text []byte, found *diag.List) *Node {
	var first *yaml.Node
	for dec := yaml.NewDecoder(bytes.NewReader(text)); ; {
		var doc yaml.Node
		switch err := dec.Decode(&doc); {
		case errors.Is(err, io.EOF) && first == nil:
			found.Add(diag.Pos{File: file, Line: 1, Col: 1}, EmptyFile, "the file holds no YAML document")
			return nil
		case errors.Is(err, io.EOF):
			aliases := fileAliases + perByte*len(text)
			r := &yamlReader{file: file, text: text, found: found, budget: &aliases}
			return r.readAll(first)
		case err != nil:
			reportYAMLError(file, text, 0, err, found)
			return nil
		case first == nil:
			first = doc.Content[0]
		case !isEmpty(doc.Content[0]):
			found.Add(secondDocument(file, text, &doc), severalDocuments, "the file holds more than one YAML document")
			return nil
		}
	}
}

// readAll reads a document, and gives nothing of one whose structure is another than it seems.
func (r *yamlReader) readAll(n *yaml.Node) *Node {
	root := r.read(n)
	if r.misread {
		return nil
	}
	return root
}

func isEmpty(n *yaml.Node) bool { return n.ShortTag() == "!!null" && n.Value == "" }

// secondDocument finds the "---" above the second document.
func secondDocument(file string, text []byte, doc *yaml.Node) diag.Pos {
	lines := strings.Split(string(text), "\n")
	for i := min(doc.Line, len(lines)) - 1; i > 0; i-- {
		if strings.HasPrefix(lines[i], "---") {
			return diag.Pos{File: file, Line: i + 1, Col: 1, Width: 3}
		}
	}
	return diag.Pos{File: file, Line: doc.Line, Col: 1}
}

func (r *yamlReader) pos(n *yaml.Node) diag.Pos {
	return diag.Pos{File: r.file, Line: r.offset + n.Line, Col: n.Column, Width: yamlWidth(n)}
}

// widest bounds what is counted of a scalar, in bytes: aliases may repeat a long one thousands of times, and no line
// that is shown is so long.
const widest = 4096

func yamlWidth(n *yaml.Node) int {
	if n.Kind == yaml.AliasNode {
		return utf8.RuneCountInString(n.Value) + 1
	}
	if n.Kind != yaml.ScalarNode || n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 || strings.Contains(n.Value, "\n") {
		return 1
	}
	width := utf8.RuneCountInString(n.Value[:min(len(n.Value), widest)])
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		width += 2
	}
	return max(width, 1)
}

func (r *yamlReader) read(n *yaml.Node) *Node {
	if len(r.aliases) > 0 {
		if *r.budget -= valueSize + len(n.Value); *r.budget < 0 {
			return &Node{Kind: Null, Pos: r.pos(n), Broken: true}
		}
	}
	r.data.passes(n)
	r.depth++
	defer func() { r.depth-- }()
	if r.depth > MaxDepth {
		r.found.Add(r.pos(n), NestedTooDeep, "values are nested more than %d deep", MaxDepth)
		return &Node{Kind: Null, Pos: r.pos(n), Broken: true}
	}
	switch n.Kind {
	case yaml.MappingNode:
		return r.readMap(n)
	case yaml.SequenceNode:
		list := &Node{Kind: List, Pos: r.pos(n)}
		for _, item := range n.Content {
			list.Items = append(list.Items, r.read(item))
		}
		return list
	case yaml.AliasNode:
		return r.readAlias(n)
	}
	return r.readScalar(n)
}

// readAlias expands an alias in place, with the alias's position for all that it brings.
func (r *yamlReader) readAlias(n *yaml.Node) *Node {
	if slices.Contains(r.aliases, n.Alias) {
		r.found.Add(r.pos(n), aliasLoop, "the alias stands inside the value that it repeats")
		return &Node{Kind: Null, Pos: r.pos(n), Broken: true}
	}
	if r.data.repeatedBy(n) {
		return &Node{Kind: Null, Pos: r.pos(n), Broken: true}
	}
	before := *r.budget
	r.aliases = append(r.aliases, n.Alias)
	value := r.read(n.Alias)
	r.aliases = r.aliases[:len(r.aliases)-1]
	if *r.budget < 0 && before >= 0 && len(r.aliases) == 0 {
		r.found.Add(r.pos(n), aliasBomb, "the alias makes the document grow beyond all measure")
	}
	return value
}

func (r *yamlReader) readMap(n *yaml.Node) *Node {
	m := &Node{Kind: Map, Pos: r.pos(n)}
	into := m
	for i := 0; i+1 < len(n.Content); i += 2 {
		if r.manifest && n.Content[i].ShortTag() == "!!merge" {
			continue
		}
		key, ok := r.readKey(n.Content[i])
		if !ok {
			continue
		}
		keyPos := r.pos(n.Content[i])
		first := into.Entry(key)
		if first != nil && !r.manifest && into == m {
			into = adopter(m, first)
			first = into.Entry(key)
		}
		if first != nil {
			ReportTwice(first, &Entry{KeyPos: keyPos}, r.shown(key), r.found)
			continue
		}
		read := r.read
		if isPatch(key) || r.withheld && !private.OpenMaps.Has(key) {
			read = r.readHidden
		}
		if r.withheld && private.DataMaps.Has(key) {
			read = r.readData
		}
		into.Add(key, keyPos, read(n.Content[i+1]))
		e := into.Fields[len(into.Fields)-1]
		e.Number, e.Bare = r.isNumber(n.Content[i]), r.isBare(n.Content[i], n.Content[i+1])
	}
	if r.manifest {
		r.merge(n, m)
	}
	return m
}

// ReportTwice reports the second of two fields of one name, which is shown so.
func ReportTwice(first, second *Entry, shown string, found *diag.List) {
	d := found.Add(second.KeyPos, duplicateKey, "%s is given twice", shown)
	d.Relate(first.KeyPos, "the first one")
}

// adopter gives the map that a field which is given twice was meant to stand in: that of the last key before it that
// has no value and stands after the first of the two. All that follows that key goes there. It is the map itself where
// there is no such key.
func adopter(m *Node, first *Entry) *Node {
	for i := len(m.Fields) - 1; i >= 0 && m.Fields[i] != first; i-- {
		e := m.Fields[i]
		if e.Value.Kind != Null || e.Bare || e.Value.Unquoted != "" {
			continue
		}
		below := slices.Clone(m.Fields[i+1:])
		m.Remove(below)
		e = m.Fields[i]
		e.Value = &Node{Kind: Map, Pos: e.Value.Pos, Adopted: true}
		for _, moved := range below {
			e.Value.Add(moved.Key, moved.KeyPos, moved.Value)
			*e.Value.Fields[len(e.Value.Fields)-1] = *moved
		}
		return e.Value
	}
	return m
}

// merge adds the fields that "<<" brings and that the map does not have itself, at the place of its anchor.
func (r *yamlReader) merge(n *yaml.Node, m *Node) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].ShortTag() != "!!merge" {
			continue
		}
		merged := r.read(n.Content[i+1])
		sources := []*Node{merged}
		if merged.Kind == List {
			sources = merged.Items
		}
		for _, source := range sources {
			for _, e := range source.Fields {
				if m.Entry(e.Key) == nil {
					m.Add(e.Key, e.KeyPos, e.Value)
				}
			}
		}
	}
}

// readHidden reads a value of which messages must not quote anything.
func (r *yamlReader) readHidden(n *yaml.Node) *Node {
	r.hidden++
	defer func() { r.hidden-- }()
	return r.read(n)
}

// readData reads the data of a Secret.
func (r *yamlReader) readData(n *yaml.Node) *Node {
	r.data.open++
	defer func() { r.data.open-- }()
	return r.readHidden(n)
}

// shown gives a key as a message may have it.
func (r *yamlReader) shown(key string) string {
	if r.hidden > 0 {
		return private.Hidden
	}
	return private.Key(key)
}

// isPatch reports whether what stands under a key of a topology is a patch, which may be one of a Secret.
func isPatch(key string) bool { return key == "patch" }

func (r *yamlReader) readKey(n *yaml.Node) (string, bool) {
	if n.Kind == yaml.AliasNode {
		if r.data.repeatedBy(n) {
			return "", false
		}
		n = n.Alias
	}
	switch {
	case n.Kind != yaml.ScalarNode:
		r.found.Add(r.pos(n), KeyNotString, "the key of a field must be a string")
		return "", false
	case n.ShortTag() == "!!merge":
		r.found.Add(r.pos(n), mergeKey, "the merge key << is not part of YAML 1.2")
		return "", false
	case r.isNumber(n):
	case isPlain(n) && r.hidden == 0 && !r.misread && misindented(r.pos(n), n.Value, r.found):
		r.misread = true
	case !r.manifest && isPlain(n) && (n.ShortTag() != "!!str" || changedByYAML11(n.Value)):
		d := r.found.Add(r.pos(n), UnquotedScalar, "the key %s is not a string for every YAML reader", private.Word(n.Value))
		d.Fix = "put it in quotes"
	}
	return n.Value, true
}

// isBare reports whether a key has no ":" of its own.
func (r *yamlReader) isBare(key, value *yaml.Node) bool {
	if value.Value != "" || !isEmpty(value) || key.Line-1 >= len(r.allLines()) {
		return false
	}
	line := r.runesOf(key.Line - 1)
	at := key.Column - 1 + yamlWidth(key)
	for at < len(line) && (line[at] == ' ' || line[at] == '\t') {
		at++
	}
	return at >= len(line) || line[at] != ':'
}

// runesOf gives the characters of a line. Keys come in order: the next one is often in the same line.
func (r *yamlReader) runesOf(number int) []rune {
	if r.line == nil || r.lineNumber != number {
		r.line, r.lineNumber = []rune(r.allLines()[number]), number
	}
	return r.line
}

func (r *yamlReader) allLines() []string {
	if r.lines == nil {
		r.lines = strings.Split(string(r.text), "\n")
	}
	return r.lines
}

// isNumber reports whether a key is a number where a reader may want one. kubectl and istioctl take it for a string, as
// JSON has no other keys (sigs.k8s.io/yaml, convertToJSONableObject), and Istio's documentation writes ports so.
func (r *yamlReader) isNumber(n *yaml.Node) bool {
	return !r.manifest && r.hidden == 0 && isPlain(n) && isWhole(n.Value)
}

// isWhole reports whether a text is a whole number that every reader writes the same way when it makes a string of one.
// What readers make of other numbers, of booleans and of null differs.
func isWhole(text string) bool { return wholeNumber().MatchString(text) }

var wholeNumber = diag.OnceRegexp(`^(?:0|[1-9][0-9]{0,17})$`)

func isPlain(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle|yaml.TaggedStyle) == 0
}

// readScalar decodes a scalar by the core schema of YAML 1.2.
func (r *yamlReader) readScalar(n *yaml.Node) *Node {
	out := &Node{Kind: String, Text: n.Value, Pos: r.pos(n), Block: r.block(n)}
	plain := isPlain(n)
	if plain && changedByYAML11(n.Value) {
		out.Unquoted, out.Ambiguous = n.Value, true
	}
	switch n.ShortTag() {
	case "!!str":
	case "!!null":
		out.Kind, out.Text = Null, ""
	case "!!bool":
		out.Kind, out.Text, out.Unquoted = Bool, strings.ToLower(n.Value), n.Value
	case "!!int":
		r.readInt(n, out)
	case "!!float":
		r.readFloat(n, out)
	case "!!timestamp":
		out.Unquoted, out.Ambiguous = n.Value, true
	default:
		pos := r.pos(n)
		pos.Width = utf8.RuneCountInString(n.Tag)
		r.found.Add(pos, yamlTag, "the tag is not understood here")
		out.Broken = true
	}
	return out
}

func (r *yamlReader) readInt(n *yaml.Node, out *Node) {
	var v any
	out.Kind, out.Unquoted = Int, n.Value
	if err := n.Decode(&v); err != nil {
		out.Kind = String
		return
	}
	out.Text = fmt.Sprint(v)
}

func (r *yamlReader) readFloat(n *yaml.Node, out *Node) {
	var v float64
	out.Kind, out.Unquoted = Float, n.Value
	if err := n.Decode(&v); err != nil || v != v || v > 1e308 || v < -1e308 {
		r.found.Add(r.pos(n), notANumber, "this is not a number that JSON can hold")
		out.Broken = true
		return
	}
	out.Text = FormatFloat(v)
}

// yaml11Number matches plain scalars that YAML 1.1 readers take for a number or a date, and that other readers leave
// alone or read differently (https://yaml.org/type/).
var yaml11Number = diag.OnceRegexp(`^(?:[-+]?0[0-7_]+|[-+]?0b[01_]+|0o[0-7]+|[-+]?[0-9][0-9_]*_[0-9_]*(?:\.[0-9_]*)?` +
	`|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?|[-+]?0[0-9]+|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?)$`)

// changedByYAML11 reports whether YAML 1.1 readers take a plain scalar for a boolean, a number or a date where others
// do not.
func changedByYAML11(text string) bool {
	switch text {
	case "y", "Y", "yes", "Yes", "YES", "n", "N", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF", "=":
		return true
	}
	return yaml11Number().MatchString(text)
}

// plain matches strings that every YAML reader takes for a string without quotes, unless it is one of their words.
var plain = diag.OnceRegexp(`^[A-Za-z_][A-Za-z0-9_./-]*$`)

// IsPlain reports whether a string needs no quotes: it is made of letters and what names have, and no reader takes it
// for a boolean or for nothing.
func IsPlain(text string) bool {
	switch strings.ToLower(text) {
	case "true", "false", "null":
		return false
	}
	return plain().MatchString(text) && !changedByYAML11(text)
}
