package grammar

import (
	"path"
	"strconv"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// StdinName is how standard input is called in positions.
const StdinName = "<stdin>"

// Read reads a text, by its name or, on standard input, by its first character: JSON, or YAML otherwise.
func (g *Grammar) Read(name string, text []byte, found *diag.List) *document.Node {
	text, ok := document.CheckText(name, text, found)
	if !ok {
		return nil
	}
	isJSON := path.Ext(name) == ".json"
	if name == StdinName {
		isJSON = strings.HasPrefix(strings.TrimLeft(string(text[:min(len(text), 4096)]), " \t\r\n"), "{")
	}
	if isJSON {
		return document.ReadJSON(name, text, found)
	}
	root := document.ReadYAML(name, text, found)
	if root != nil {
		checkNumberKeys(root, g.document, found)
	}
	return root
}

// checkNumberKeys reports keys that are numbers where the format has names. In what is Istio's they are strings.
func checkNumberKeys(n *document.Node, s *shape, found *diag.List) {
	if s != nil && s.open {
		return
	}
	for _, e := range n.Fields {
		if e.Number {
			d := found.Add(e.KeyPos, document.UnquotedScalar, "the key is a number, which is not a string for every YAML reader")
			d.Fix = "put it in quotes"
		}
		checkNumberKeys(e.Value, s.below(e.Key), found)
	}
	for i, item := range n.Items {
		checkNumberKeys(item, s.below(strconv.Itoa(i)), found)
	}
}
