package manifest

import (
	"bytes"
	"encoding/base64"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/placeholder"
)

// Item is one key of a Secret's data, decoded.
type Item struct {
	Key    string
	KeyPos diag.Pos
	Text   []byte
	Bad    bool           // the value is no base64, or no string at all
	node   *document.Node // as it stands in the Secret
	base64 bool           // it is encoded there
	file   string         // the item is the whole of this file, and stands in no Secret
}

// Whole gives the text of a file as an item, or one whose lines are no lines of a file, such as that of a variable:
// then file is "". At says where either is named.
func Whole(file string, at diag.Pos, text []byte) Item {
	return Item{KeyPos: at, Text: text, node: &document.Node{Kind: document.String}, file: file}
}

// Items gives the data of a Secret as Kubernetes sees it: stringData wins over data.
func (o *Object) Items() []Item {
	var items []Item
	plain := o.Root.At("stringData")
	if data := o.Root.At("data"); data != nil {
		for _, e := range data.Fields {
			if plain != nil && plain.Entry(e.Key) != nil {
				continue
			}
			text, ok := Decode(e.Value.Text)
			items = append(items, Item{Key: e.Key, KeyPos: e.KeyPos, Text: text, Bad: !ok || e.Value.Kind != document.String, node: e.Value, base64: true})
		}
	}
	if plain != nil {
		for _, e := range plain.Fields {
			items = append(items, Item{Key: e.Key, KeyPos: e.KeyPos, Text: []byte(e.Value.Text), Bad: e.Value.Kind != document.String, node: e.Value})
		}
	}
	return items
}

// Decode reads base64 as Kubernetes does, which takes line ends in it but no spaces (Go's encoding/base64).
func Decode(text string) ([]byte, bool) {
	decoded, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, false
	}
	return decoded, true
}

// Spaced reports whether a text would be base64 without the spaces in it: a folded block of YAML makes spaces of its
// line ends.
func Spaced(text string) bool {
	joined := strings.Join(strings.Fields(text), "")
	_, ok := Decode(joined)
	return ok && joined != "" && strings.ContainsAny(strings.TrimRight(text, "\r\n"), " \t")
}

// Place gives the place of a line of the item's text, counted from 1: the line itself where it stands in the file as it
// is, otherwise that of the key, and true if the message has to say which line of the text is meant.
func (i Item) Place(line int) (pos diag.Pos, within bool) {
	if i.file != "" {
		return diag.Pos{File: i.file, Line: line, Col: 1}, false
	}
	if i.node.Block != nil && !i.base64 {
		return i.node.Block.Pos(i.KeyPos.File, line), false
	}
	return i.KeyPos, true
}

// Exact gives the place of a part of a line, as Place does that of a line.
func (i Item) Exact(pos diag.Pos) (exact diag.Pos, within bool) {
	switch {
	case i.file != "":
		pos.File = i.file
		return pos, false
	case i.node.Block != nil && !i.base64:
		return i.node.Block.Move(i.KeyPos.File, pos), false
	}
	return i.KeyPos, true
}

// Document reads the item's text as YAML, such as the kubeconfig in a remote Secret. Places in it are lines of the
// text: see Place. It is nil where the text is empty or no YAML, which bad tells apart: the line from which on it
// cannot be read, or 0.
func (i Item) Document() (root *document.Node, bad int) {
	found := &diag.List{}
	text, ok := document.CheckText("", i.Text, found)
	if ok {
		root = document.ReadPart("", document.Part{Line: 1, Text: text}, found)
	}
	for _, d := range found.Sorted() {
		if d.Severity == diag.Error && len(bytes.TrimSpace(i.Text)) > 0 {
			return nil, max(d.Pos.Line, 1)
		}
	}
	placeholder.Restore(root, text, 1)
	return root, 0
}

// Raw gives the value as it stands in the Secret: for data, base64.
func (i Item) Raw() string { return i.node.Text }

// Kind gives what the value is in the Secret; Kubernetes takes strings only.
func (i Item) Kind() document.Kind { return i.node.Kind }
