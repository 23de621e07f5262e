package report

import (
	"encoding/json"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema/diag"
)

// FuzzReport proves that a finding at any place of any text can be shown in every format, and that no format shows
// what is hidden, nor an excerpt what a terminal would act upon.
func FuzzReport(f *testing.F) {
	f.Add([]byte(topology), "topology.yaml", 5, 16, 5, 6, 27, 0, "cluster \"east\"")
	f.Add([]byte("a:\tb\r\n"), "a", 1, 4, 1, 1, 1, 2, "")
	f.Add([]byte("ä\xff\x1b[31m\u2028\u202e"), "ü\n", 1, -1, 99, 0, 5, -3, "\x1b\xff")
	f.Fuzz(func(t *testing.T, source []byte, file string, line, col, width, hiddenLine, hiddenCol, hiddenWidth int, message string) {
		const secret = "s3cr3t-Material"
		l := &diag.List{}
		l.AddSource(file, append(append([]byte(secret+" "), source...), "\n"+secret...))
		l.Hide(diag.Pos{File: file, Line: 1, Col: 1, Width: len(secret)})
		l.Hide(diag.Pos{File: file, Line: strings.Count(string(source), "\n") + 2, Col: 1})
		l.Hide(diag.Pos{File: file, Line: hiddenLine, Col: hiddenCol, Width: hiddenWidth})
		pos := diag.Pos{File: file, Line: line, Col: col, Width: width}
		d := l.Add(pos, &diag.Rule{Code: "code", Severity: diag.Error}, "%s", message)
		d.Related = []diag.Related{{Pos: pos, Message: "there"}}
		r := &Report{Command: "validate", Findings: l, Name: func(file string) string { return file }}
		for _, format := range Names() {
			got := write(t, format, false, r)
			if strings.Contains(got, secret) && !strings.Contains(file+message, secret) {
				t.Errorf("format %s shows what is hidden:\n%s", format, got)
			}
			if format == "json" && !json.Valid([]byte(got)) {
				t.Errorf("this is no JSON:\n%s", got)
			}
			shown, _, _ := l.Excerpt(pos)
			if strings.ContainsFunc(shown, func(r rune) bool { return r < ' ' || r == 0x7f }) {
				t.Errorf("the excerpt has control characters: %q", shown)
			}
		}
	})
}
