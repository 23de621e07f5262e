package report

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/render/change"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema/diag"
)

// FuzzReport proves that a finding at any place of any text can be shown in every format, and that no format shows
// what is hidden, nor an excerpt what a terminal would act upon.
func FuzzReport(f *testing.F) {
	f.Add([]byte(topology), "topology.yaml", 5, 16, 5, 6, 27, 0, "cluster \"east\"")
	f.Add([]byte("a:\tb\r\n"), "a", 1, 4, 1, 1, 1, 2, "")
	f.Add([]byte("ä\xff\x1b[31m\u2028\u202e"), "ü\n", 1, -1, 99, 0, 5, -3, "\x1b\xff")
	f.Fuzz(func(t *testing.T, source []byte, file string, line, col, width, shownLine, shownCol, shownWidth int, message string) {
		const secret = "s3cr3t-Material"
		l := &diag.List{}
		l.AddSource(file, append(append([]byte(secret+" "), source...), "\n"+secret...))
		shown := diag.Open{Always: []diag.Pos{{Line: 1, Col: len(secret) + 2, Width: 1}}}
		if lines := strings.Count(string(source), "\n"); lines > 0 && shownLine > 0 { // between the two with the secret
			shown.Always = append(shown.Always, diag.Pos{Line: 2 + shownLine%lines, Col: shownCol, Width: shownWidth})
		}
		l.Show(func(string, []byte) diag.Open { return shown })
		pos := diag.Pos{File: file, Line: line, Col: col, Width: width}
		d := l.Add(pos, &diag.Rule{Code: "code", Severity: diag.Error}, "%s", message)
		d.Related = []diag.Related{{Pos: pos, Message: "there"}}
		r := &Report{Command: "diff", Findings: l, Name: func(file string) string { return file }, Result: ""}
		r.Changes = []Change{{Path: file, Kind: "changed", Rule: &diag.Rule{Code: message, Title: message},
			Line: func() (int, error) { return line, nil }}}
		r.Clusters = []change.Cluster{{Name: file, Change: tree.Added, Resources: []change.Resource{
			{Change: tree.Added, Object: change.Object{Kind: message, Namespace: message, Name: file}},
		}}}
		for _, format := range Names() {
			got := write(t, format, false, r)
			if strings.Contains(got, secret) && !strings.Contains(file+message, secret) {
				t.Errorf("format %s shows what is hidden:\n%s", format, got)
			}
			checkNotation(t, format, got)
			shown, _, _ := l.Excerpt(pos)
			if strings.ContainsFunc(shown, func(r rune) bool { return r < ' ' || r == 0x7f }) {
				t.Errorf("the excerpt has control characters: %q", shown)
			}
		}
	})
}

// checkNotation checks that a report is valid in its format, whatever stands in it.
func checkNotation(t *testing.T, format, got string) {
	t.Helper()
	switch format {
	case "json", "sarif", "gitlab":
		if !json.Valid([]byte(got)) {
			t.Errorf("this is no JSON:\n%s", got)
		}
	case "junit":
		if err := xml.Unmarshal([]byte(got), &junitSuites{}); err != nil {
			t.Errorf("this is no XML: %v\n%s", err, got)
		}
	case "github":
		if lines := strings.SplitAfter(got, "\n"); len(lines) != 3 || !isCommand(lines[0]) || strings.ContainsRune(got, '\r') {
			t.Errorf("these are not two commands:\n%s", got)
		}
	case "markdown":
		for line := range strings.Lines(got) {
			if strings.Contains(line, "<") && !strings.Contains(line, "details>") {
				t.Errorf("this has HTML in it: %s", line)
			}
		}
	}
}

func isCommand(line string) bool {
	return strings.HasPrefix(line, "::error file=") || strings.HasPrefix(line, "::severity(0) file=")
}
