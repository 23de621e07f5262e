package carrier

import (
	"bytes"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// inside reads a text of YAML that is a value, and gives what it says with the places of the file where it stands. Of a
// text that is no literal block of YAML, every place is that of its key. It gives false where the text cannot be read.
func inside(n *document.Node, keyPos diag.Pos, templated bool) (*document.Node, bool) {
	text := n.Text
	if templated {
		text = filled(text)
	}
	if strings.TrimSpace(text) == "" {
		return nil, true
	}
	found := &diag.List{}
	raw, ok := document.CheckText("", []byte(text), found)
	if !ok || bytes.Contains(raw, []byte("\n---")) {
		return nil, false
	}
	root := document.ReadPart("", document.Part{Line: 1, Text: raw}, found)
	if found.HasErrors() {
		return nil, false
	}
	if root == nil {
		return nil, true
	}
	return moved(root, func(pos diag.Pos) diag.Pos {
		if n.Block == nil {
			return keyPos
		}
		return n.Block.Move(keyPos.File, pos)
	}), true
}

// moved gives a copy of a value whose places are elsewhere.
func moved(n *document.Node, to func(diag.Pos) diag.Pos) *document.Node {
	m := *n
	m.Pos, m.Block, m.Fields, m.Items = to(n.Pos), nil, nil, nil
	if n.Kind == document.Map {
		m = document.Node{Kind: document.Map, Pos: m.Pos, Broken: n.Broken}
		for _, e := range n.Fields {
			m.Add(e.Key, to(e.KeyPos), moved(e.Value, to))
			m.Fields[len(m.Fields)-1].Bare = e.Bare
		}
	}
	for _, item := range n.Items {
		m.Items = append(m.Items, moved(item, to))
	}
	return &m
}

// filled gives a template with a placeholder of the same length for each of its actions, which YAML can read: what it
// gives is filled in before YAML is read, so it may stand without quotes.
func filled(text string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "{{")
		if b.WriteString(before); !ok {
			return b.String()
		}
		action, after, ok := strings.Cut(rest, "}}")
		if !ok || strings.Contains(action, "\n") {
			b.WriteString("{{" + rest)
			return b.String()
		}
		b.WriteString("${" + strings.Repeat("x", len([]rune(action))+1) + "}")
		text = after
	}
}
