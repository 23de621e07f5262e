package mutation

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Word is a change of one word of a manifest.
type Word struct {
	Line, Column int
	Before, Now  string
}

// Slips misspells every plain key of a file, in one way after the other.
func Slips(text string) []Word {
	var all []Word
	eachScalar(text, func(n *yaml.Node, key bool) {
		if !key || n.Style != 0 || len(n.Value) < 2 {
			return
		}
		at := 1 + len(n.Value)/2
		word := n.Value
		switch len(all) % 4 {
		case 0:
			word = word[:at-1] + word[at:]
		case 1:
			word = word[:at] + word[at-1:]
		case 2:
			word = word[:at-1] + "y" + word[at:]
		case 3:
			word = strings.ToUpper(word[:1]) + word[1:]
		}
		all = append(all, Word{n.Line, n.Column, n.Value, word})
	})
	return all
}

// Requoted takes the quotes off strings in double quotes, and puts numbers and booleans into them.
func Requoted(text string) []Word {
	var all []Word
	eachScalar(text, func(n *yaml.Node, key bool) {
		switch {
		case key || strings.ContainsAny(n.Value, "\"\\\n#:{}[],&*!|>'%@`") || n.Value == "" || n.Value != strings.TrimSpace(n.Value):
		case n.Style == yaml.DoubleQuotedStyle:
			all = append(all, Word{n.Line, n.Column, `"` + n.Value + `"`, n.Value})
		case n.Style == 0 && n.ShortTag() != "!!str":
			all = append(all, Word{n.Line, n.Column, n.Value, `"` + n.Value + `"`})
		}
	})
	return all
}

// eachScalar calls a function for the keys and scalars of a file.
func eachScalar(text string, do func(n *yaml.Node, key bool)) {
	dec := yaml.NewDecoder(bytes.NewReader([]byte(text)))
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		for i, below := range n.Content {
			if below.Kind == yaml.ScalarNode {
				do(below, n.Kind == yaml.MappingNode && i%2 == 0)
			}
			walk(below)
		}
	}
	for {
		var doc yaml.Node
		if dec.Decode(&doc) != nil {
			return
		}
		walk(&doc)
	}
}

// Apply makes a text the mutant, or "" where the word is not where it seems to be.
func (w Word) Apply(text string) string {
	lines := strings.Split(text, "\n")
	if w.Line > len(lines) {
		return ""
	}
	runes := []rune(lines[w.Line-1])
	rest := string(runes[min(w.Column-1, len(runes)):])
	if !strings.HasPrefix(rest, w.Before) {
		return ""
	}
	lines[w.Line-1] = string(runes[:w.Column-1]) + w.Now + rest[len(w.Before):]
	return strings.Join(lines, "\n")
}
