package document

import (
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema/diag"
)

// TestOpenPlaces tries every beginning of lines: none that is YAML has anything open.
func TestOpenPlaces(t *testing.T) {
	for _, tt := range []struct {
		line string
		open int // how many places have something open
	}{
		{`a: b`, 0}, {`a: it's`, 0}, {`a: b[1]{2}"3"`, 0}, {`- - ? a`, 0}, {`a: b # it's [ "`, 0}, {`a: b#c`, 0}, {``, 0},
		{`a: "b"`, 2}, {`a: 'it''s'`, 5}, {`"a\"b": c`, 5}, {`a: [b, "]", {c: d}]`, 15}, {`[it's]`, 5}, {`- "a" # "`, 2}, {`a: "\`, 2},
		{`- [a, b]`, 5}, {`a: [b, 'c`, 6}, {`[a # b]`, 7}, {`{"a":"b"}`, 8}, {"a:\t[b]", 2},
	} {
		places := openPlaces([]byte(tt.line))
		n := 0
		for i, open := range places {
			if open {
				n++
			}
			if open && parses([]byte(tt.line[:i])) {
				t.Errorf("%q is YAML, but said to be open", tt.line[:i])
			}
		}
		if n != tt.open {
			t.Errorf("openPlaces(%q) has %d open places, want %d: %v", tt.line, n, tt.open, places)
		}
	}
}

// TestLongLines reports what is wrong in lines of many thousand characters, each of which could be the place.
func TestLongLines(t *testing.T) {
	for _, text := range []string{
		"{a: [" + strings.Repeat("1,", 30_000), "a: [" + strings.Repeat("[", 30_000), `a: "` + strings.Repeat("b ", 30_000),
		"a: " + strings.Repeat("b ", 30_000) + ": c", "a: " + strings.Repeat("*b ", 20_000), strings.Repeat("a: ", 20_000), "[a # " + strings.Repeat("b ", 30_000),
		strings.Repeat("{a: ", 15_000), "a: 'b' " + strings.Repeat("c ", 30_000), strings.Repeat("it's [ ", 9_000) + "\n: :",
	} {
		found := &diag.List{}
		if ReadYAML("a.yaml", []byte(text), found); found.Len() == 0 {
			t.Errorf("nothing is found in %.20q…", text)
		}
	}
}
