package diag

import "testing"

// TestApply changes words and adds lines, and leaves the rest as it is, whatever the line ends.
func TestApply(t *testing.T) {
	edit := func(line, col, width int, text string) Edit {
		return Edit{Pos{Line: line, Col: col, Width: width}, text}
	}
	tests := []struct {
		name, text string
		edits      []Edit
		want       string
	}{
		{"a word", "a: one # two\n", []Edit{edit(1, 4, 3, "three")}, "a: three # two\n"},
		{"several, in any order", "a: 1\nb: 2\n", []Edit{edit(2, 4, 1, `"2"`), edit(1, 4, 1, `"1"`), edit(1, 1, 1, "x")}, "x: \"1\"\nb: \"2\"\n"},
		{"characters of several bytes", "ä: öö, ü: é", []Edit{edit(1, 8, 1, "u"), edit(1, 4, 2, "oo")}, "ä: oo, u: é"},
		{"a line behind the last, without a line end", "a:\n  b: c", []Edit{edit(2, 7, 0, "\n  d: e")}, "a:\n  b: c\n  d: e"},
		{"CRLF", "a:\r\n  b: c\r\n", []Edit{edit(2, 7, 0, "\n  d: e")}, "a:\r\n  b: c\r\n  d: e\r\n"},
		{"a byte order mark", "\xef\xbb\xbfa: b\n", []Edit{edit(1, 4, 1, "c")}, "\xef\xbb\xbfa: c\n"},
		{"behind the line", "a: b\nc: d\n", []Edit{edit(1, 9, 1, "x"), edit(1, 4, 2, "x"), edit(7, 1, 0, "x"), edit(1, 0, 0, "x")}, "a: b\nc: d\n"},
		{"an empty text", "", []Edit{edit(1, 1, 0, "x")}, "x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(Apply([]byte(tt.text), tt.edits)); got != tt.want {
				t.Errorf("Apply gives %q, want %q", got, tt.want)
			}
		})
	}
}

// TestMend takes the edits that do not touch each other, and those of two findings that agree once.
func TestMend(t *testing.T) {
	l := &List{}
	add := func(line, col, width int, text string) {
		pos := Pos{File: "a", Line: line, Col: col, Width: width}
		l.Add(pos, rule, "%s", text).Edits = []Edit{{pos, text}}
	}
	add(1, 1, 3, "first")
	add(1, 2, 1, "inside")
	add(1, 4, 0, "touches")
	add(1, 5, 1, "apart")
	add(2, 1, 0, "inserted")
	add(2, 1, 0, "at the same place")
	l.Add(Pos{File: "a", Line: 3}, rule, "agrees").Edits = []Edit{{Pos{File: "a", Line: 2, Col: 1}, "at the same place"}}
	edits, mended := l.Mend()
	var got []string
	for _, e := range edits["a"] {
		got = append(got, e.Text)
	}
	if len(got) != 3 || got[0] != "first" || got[1] != "apart" || got[2] != "at the same place" || mended != 4 {
		t.Errorf("Mend gives %q of %d findings", got, mended)
	}
}
