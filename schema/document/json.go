package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/private"
)

// jsonReader turns JSON into nodes.
type jsonReader struct {
	file  string
	text  []byte
	dec   *json.Decoder
	found *diag.List

	line, col, scanned int // the place of offset scanned
	depth              int
	withheld           bool // it may hold a Secret
	hidden             int  // how many values that may have to be hidden are open
}

var errNested = errors.New("nested too deep")

// ReadJSON gives the document in text, or nil where it could not be read.
func ReadJSON(file string, text []byte, found *diag.List) *Node {
	return ReadJSONPart(file, Part{Line: 1, Text: text}, found)
}

// ReadJSONPart is ReadJSON for a manifest, which is one part.
func ReadJSONPart(file string, p Part, found *diag.List) *Node {
	text := p.Text
	r := &jsonReader{file: file, text: text, dec: json.NewDecoder(bytes.NewReader(text)), found: found, line: 1, col: 1, withheld: p.Private}
	r.dec.UseNumber()
	n, err := r.value()
	if err != nil {
		r.reportError(err)
		return nil
	}
	end := r.next()
	if _, err := r.dec.Token(); !errors.Is(err, io.EOF) {
		found.Add(PosAt(file, text, end), invalidJSON, "something follows the document")
		return nil
	}
	return n
}

func (r *jsonReader) reportError(err error) {
	at := len(bytes.TrimRight(r.text, " \t\r\n"))
	if errors.Is(err, errNested) {
		r.found.Add(PosAt(r.file, r.text, r.next()), NestedTooDeep, "values are nested more than %d deep", MaxDepth)
		return
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		at = max(int(syntax.Offset)-1, 0)
		if !strings.Contains(syntax.Error(), "in string literal") { // there a line break is the mistake
			at += len(r.text[at:]) - len(bytes.TrimLeft(r.text[at:], " \t\r\n"))
		}
	}
	if at >= len(bytes.TrimRight(r.text, " \t\r\n")) {
		d := r.found.Add(PosAt(r.file, r.text, len(bytes.TrimRight(r.text, " \t\r\n"))), invalidJSON, "the file ends before the document does")
		d.Fix = "close what is open, or fetch the file again: it may be cut off"
		return
	}
	d := r.found.Add(PosAt(r.file, r.text, at), invalidJSON, "the file is not valid JSON here")
	for _, m := range jsonMessages {
		if strings.Contains(err.Error(), m.part) {
			d.Message, d.Fix = m.message, m.fix
			return
		}
	}
}

// jsonMessages says in our words what the JSON reader found, by a part of its own message.
var jsonMessages = []struct{ part, message, fix string }{
	{"object key string", "the name of a field must stand here", `write "name": value, or delete the comma before this`},
	{"beginning of value", "a value must stand here", "write the value, in double quotes if it is a text, or delete the comma before this"},
	{"after object key:value pair", `a "," or "}" must stand here`, "separate fields with commas"},
	{"after object key", `a ":" must stand here`, `write "name": value`},
	{"after array element", `a "," or "]" must stand here`, "separate items with commas"},
	{"in string literal", "this character cannot stand in a text", `write it as an escape, such as \n, or close the quote before it`},
	{"escape", `a "\" starts no known escape`, `write "\\"`},
}

// next gives the offset at which the next token starts.
func (r *jsonReader) next() int {
	i := int(r.dec.InputOffset())
	for i < len(r.text) && strings.IndexByte(" \t\r\n,:", r.text[i]) >= 0 {
		i++
	}
	return i
}

// pos gives the position of the token from start to end. Tokens come in order, so lines and characters are counted
// once.
func (r *jsonReader) pos(start, end int) diag.Pos {
	before := r.text[r.scanned:start]
	if i := bytes.LastIndexByte(before, '\n'); i >= 0 {
		r.line += bytes.Count(before, []byte{'\n'})
		r.col = 1
		before = before[i+1:]
	}
	r.col += utf8.RuneCount(before)
	r.scanned = start
	return diag.Pos{File: r.file, Line: r.line, Col: r.col, Width: max(utf8.RuneCount(r.text[start:end]), 1)}
}

func (r *jsonReader) value() (*Node, error) {
	r.depth++
	defer func() { r.depth-- }()
	if r.depth > MaxDepth {
		return nil, errNested
	}
	start := r.next()
	t, err := r.dec.Token()
	if err != nil {
		return nil, err
	}
	n := &Node{Pos: r.pos(start, int(r.dec.InputOffset()))}
	switch t := t.(type) {
	case json.Delim:
		if t == '{' {
			n.Kind = Map
			return n, r.object(n)
		}
		n.Kind = List
		return n, r.list(n)
	case string:
		n.Kind, n.Text = String, t
	case bool:
		n.Kind, n.Text = Bool, strconv.FormatBool(t)
	case json.Number:
		r.number(n, t)
	case nil:
		n.Kind = Null
	}
	return n, nil
}

func (r *jsonReader) number(n *Node, t json.Number) {
	n.Kind, n.Text, n.Unquoted = Int, t.String(), t.String()
	if !strings.ContainsAny(n.Text, ".eE") {
		return
	}
	n.Kind = Float
	f, err := t.Float64()
	if err != nil {
		r.found.Add(n.Pos, notANumber, "this is not a number that fits")
		n.Broken = true
	}
	n.Text = FormatFloat(f)
}

func (r *jsonReader) object(m *Node) error {
	for r.dec.More() {
		start := r.next()
		t, err := r.dec.Token()
		if err != nil {
			return err
		}
		key, _ := t.(string)
		keyPos := r.pos(start, int(r.dec.InputOffset()))
		value, err := r.under(key)
		if err != nil {
			return err
		}
		if first := m.Entry(key); first != nil {
			d := r.found.Add(keyPos, duplicateKey, "%s is given twice", r.shown(key))
			d.Relate(first.KeyPos, "the first one")
			continue
		}
		m.Add(key, keyPos, value)
	}
	_, err := r.dec.Token()
	return err
}

// under reads the value of a key.
func (r *jsonReader) under(key string) (*Node, error) {
	if r.withheld && !private.OpenMaps.Has(key) {
		r.hidden++
		defer func() { r.hidden-- }()
	}
	return r.value()
}

// shown gives a key as a message may have it.
func (r *jsonReader) shown(key string) string {
	if r.hidden > 0 {
		return private.Hidden
	}
	return private.Key(key)
}

func (r *jsonReader) list(l *Node) error {
	for r.dec.More() {
		item, err := r.value()
		if err != nil {
			return err
		}
		l.Items = append(l.Items, item)
	}
	_, err := r.dec.Token()
	return err
}
