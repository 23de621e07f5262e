package document

import (
	"fmt"
	"testing"

	"meshtopo.dev/meshtopo/schema/diag"
)

// TestParts reads each document of a stream at its own lines, whatever is wrong with the others.
func TestParts(t *testing.T) {
	text := "# nothing yet\n---\na: 1\n--- {b: [\n---\r\nbase: &base {x: 1, y: 2}\nc:\n  <<: *base\n  y: 3\n---\n\n--- {d: 4}\n----: no separator\n---\ne: 5\n...\nf: 6\n"
	found := &diag.List{}
	var got []string
	for p := range Parts([]byte(text)) {
		n := ReadPart("f", p, found)
		switch {
		case n == nil:
			got = append(got, fmt.Sprintf("%d nothing", p.Line))
		case n.At("c") != nil:
			c := n.At("c")
			got = append(got, fmt.Sprintf("%d c at %d, x %s at %d, y %s", p.Line, n.Entry("c").KeyPos.Line, c.At("x").Text, c.At("x").Pos.Line, c.At("y").Text))
		default:
			e := n.Fields[0]
			got = append(got, fmt.Sprintf("%d %s=%s at %d:%d", p.Line, e.Key, e.Value.Text, e.Value.Pos.Line, e.Value.Pos.Col))
		}
	}
	want := []string{"1 nothing", "2 a=1 at 3:4", "4 nothing", "5 c at 7, x 1 at 6, y 3", "10 nothing", "12 nothing", "14 nothing"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	var at []string
	for _, d := range found.Sorted() {
		at = append(at, fmt.Sprintf("%d:%d %s", d.Pos.Line, d.Pos.Col, d.Code))
	}
	if fmt.Sprint(at) != "[4:5 invalid-yaml 13:4 invalid-yaml 17:1 invalid-yaml]" {
		t.Errorf("reported %q", at)
	}
}
