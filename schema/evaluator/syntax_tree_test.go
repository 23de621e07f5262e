package evaluator

import (
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema/document"
)

// TestSyntaxStaysSmall reads fields that are written twice at each of many levels: there are no more values than the
// file has.
func TestSyntaxStaysSmall(t *testing.T) {
	const levels = 60
	text := strings.Repeat("a: {b: 1}\na: {", levels) + strings.Repeat("}", levels) + "\n"
	root := Syntax("t.cue", []byte(text))
	if root == nil {
		t.Fatal("it is not read")
	}
	if n := count(root); n < 2*levels || n > 4*levels {
		t.Errorf("it has %d values", n)
	}
}

func count(n *document.Node) int {
	all := 1
	for _, e := range n.Fields {
		all += count(e.Value)
	}
	return all
}

// TestSyntaxPlaces counts characters, not bytes.
func TestSyntaxPlaces(t *testing.T) {
	root := Syntax("t.cue", []byte("package a\n\"ä\": {\"ö\": \"ü\", c: 1}\n"))
	e := root.Fields[0]
	c := e.Value.Fields[1]
	if e.KeyPos.Line != 2 || e.KeyPos.Col != 1 || e.KeyPos.Width != 3 || c.KeyPos.Col != 17 || c.KeyPos.Width != 1 || c.Value.Text != "1" {
		t.Errorf("the places are %v and %v, the value %q", e.KeyPos, c.KeyPos, c.Value.Text)
	}
}
