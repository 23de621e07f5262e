package placeholder

import (
	"bytes"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// setter matches the comments by which kpt and ytt say what a value will be (https://kpt.dev/reference/annotations/,
// https://carvel.dev/ytt/docs/latest/lang-ref-ytt/).
var setter = diag.OnceRegexp(`(?:^|[\s:-])#(?: ?kpt-set: ?(\S.*)|(@ .*))$`)

// Restore puts placeholders into a document that YAML reads as something else: those of Python, which are maps without
// quotes ({name}), and those that a comment of kpt or ytt names. Text is the document's, its first line has that
// number.
func Restore(root *document.Node, text []byte, line int) {
	if root == nil || !bytes.ContainsAny(text, "{#") {
		return
	}
	restore(root, setters(text, line))
}

// setters gives the placeholders in comments, by line.
func setters(text []byte, line int) map[int]string {
	if !bytes.Contains(text, []byte("kpt-set:")) && !bytes.Contains(text, []byte("#@ ")) {
		return nil
	}
	at := map[int]string{}
	for l := range bytes.Lines(text) {
		if m := setter().FindSubmatch(bytes.TrimSpace(l)); m != nil {
			at[line] = strings.TrimSpace(string(m[1]))
			if len(m[2]) > 0 {
				at[line] = "#" + string(m[2])
			}
		}
		line++
	}
	return at
}

func restore(n *document.Node, setters map[int]string) {
	switch n.Kind {
	case document.Map:
		if len(n.Fields) == 1 && n.Fields[0].Bare && In("{"+n.Fields[0].Key+"}") {
			*n = document.Node{Kind: document.String, Text: "{" + n.Fields[0].Key + "}", Pos: n.Pos}
			return
		}
		for _, e := range n.Fields {
			restoreValue(e.Value, e.KeyPos, setters)
		}
	case document.List:
		for _, item := range n.Items {
			restoreValue(item, item.Pos, setters)
		}
	}
}

// restoreValue restores the value of a field, or an item of a list, that begins at a place.
func restoreValue(n *document.Node, at diag.Pos, setters map[int]string) {
	text := setters[at.Line]
	if text == "" || n.Block != nil || n.Kind == document.Map || n.Kind == document.List {
		restore(n, setters)
		return
	}
	pos := n.Pos
	if pos.Line == 0 {
		pos = at
	}
	*n = document.Node{Kind: document.String, Text: text, Pos: pos}
}
