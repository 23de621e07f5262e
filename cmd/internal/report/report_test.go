package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/render/change"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema/diag"
)

const token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyZWFkZXIifQ.c2lnbmF0dXJl"

const topology = `spec:
  networks: {net-a: {}}
  clusters:
    east:
      network: net-b
      credential: {token: ` + token + `}
`

// sample is a report with a finding of each severity, one of them beside a pasted token.
func sample() *Report {
	l := &diag.List{}
	l.AddSource("topology.yaml", []byte(topology))
	l.Show(func(string, []byte) diag.Open {
		return diag.Open{
			Always: []diag.Pos{{Line: 5, Col: 7, Width: 7}, {Line: 6, Col: 7, Width: 10}, {Line: 6, Col: 20, Width: 5}},
			Marked: []diag.Pos{{Line: 5, Col: 16, Width: 5}},
		}
	})
	d := l.Add(diag.Pos{File: "topology.yaml", Line: 5, Col: 16, Width: 5},
		&diag.Rule{Code: "unknown-network", Severity: diag.Error, Why: "calls would time out", Fix: `use "net-a"`},
		"cluster %q is on network %q, which is not declared", "east", "net-b")
	d.Related = []diag.Related{{Pos: diag.Pos{File: "topology.yaml", Line: 2, Col: 3}, Message: "the declared networks"}}
	l.Add(diag.Pos{File: "topology.yaml", Line: 6, Col: 27}, &diag.Rule{Code: "pasted", Severity: diag.Warning}, "a value where a place belongs")
	l.Add(diag.Pos{File: "other.yaml"}, &diag.Rule{Code: "empty", Severity: diag.Info}, "there is nothing in this file")
	return &Report{Command: "validate", Findings: l, FailOn: diag.Error, Name: func(file string) string { return "prod/" + file }}
}

func write(t *testing.T, format string, colour bool, r *Report) string {
	t.Helper()
	f, err := New(format, colour)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f(&out, r); err != nil {
		t.Fatalf("Write: %v", err)
	}
	return out.String()
}

func TestText(t *testing.T) {
	want := `prod/other.yaml: info: there is nothing in this file [empty]

prod/topology.yaml:5:16: error: cluster "east" is on network "net-b", which is not declared [unknown-network]
    5 |       network: net-b
      |                ^~~~~
  see: prod/topology.yaml:2:3: the declared networks
  why: calls would time out
  fix: use "net-a"

prod/topology.yaml:6:27: warning: a value where a place belongs [pasted]
    6 |       credential: {token: [redacted]}
      |                           ^~~~~~~~~~
`
	if got := write(t, "text", false, sample()); got != want {
		t.Errorf("text =\n%s\nwant\n%s", got, want)
	}
}

func TestTextOfChanges(t *testing.T) {
	r := &Report{Command: "diff", Findings: &diag.List{}, Changes: []Change{
		{Path: "out/a.yaml", Kind: "hand-edited", Unified: func() (string, error) { return "--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n", nil }},
		{Path: "out/b.yaml", Kind: "added", Private: true},
	}, Clusters: []change.Cluster{
		{Name: "a", Change: tree.Changed, Resources: []change.Resource{
			{Change: tree.Changed, Object: change.Object{Kind: "Gateway", Namespace: "ns", Name: "gw"}},
			{Change: tree.Added, Object: change.Object{Kind: "Namespace", Name: "ns"}},
		}},
		{Name: "b", Change: tree.Removed},
	}}
	want := `hand-edited  out/a.yaml
added        out/b.yaml  (private: its content is not shown)

a
  changed Gateway ns/gw
  added   Namespace ns

b (removed)

--- a
+++ b
@@ -1 +1 @@
-x
+y
`
	if got := write(t, "text", false, r); got != want {
		t.Errorf("text =\n%s\nwant\n%s", got, want)
	}
	r.Result = "out: 2 files written"
	if got := write(t, "text", false, r); got != r.Result+"\n" {
		t.Errorf("text with a result = %q, want only the result", got)
	}
}

func TestTextFails(t *testing.T) {
	gone := errors.New("the file is gone")
	r := &Report{Findings: &diag.List{}, Changes: []Change{{Kind: "changed", Unified: func() (string, error) { return "", gone }}}}
	if err := (text{}).write(&bytes.Buffer{}, r); !errors.Is(err, gone) {
		t.Errorf("Write = %v, want %v", err, gone)
	}
}

func TestColours(t *testing.T) {
	r := sample()
	r.Changes = []Change{{Path: "a.yaml", Kind: "added", Unified: func() (string, error) { return "+y\n-x\n @\n", nil }}}
	got := write(t, "text", true, r)
	for _, want := range []string{"\x1b[1;31merror\x1b[0m", "^~~~~\x1b[0m\n", "\x1b[32madded\x1b[0m", "\x1b[32m+y\x1b[0m\n\x1b[31m-x\x1b[0m\n @\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("coloured text lacks %q:\n%q", want, got)
		}
	}
}

func TestJSON(t *testing.T) {
	r := sample()
	r.Changes = []Change{{Path: "out/a.yaml", Kind: "changed"}, {Path: "out/b.yaml", Kind: "added", Private: true}}
	r.Unchecked = []string{"tokens/east"}
	want := `{
  "version": 1,
  "command": "validate",
  "findings": [
    {
      "file": "prod/other.yaml",
      "severity": "info",
      "code": "empty",
      "message": "there is nothing in this file"
    },
    {
      "file": "prod/topology.yaml",
      "line": 5,
      "column": 16,
      "endColumn": 21,
      "severity": "error",
      "code": "unknown-network",
      "message": "cluster \"east\" is on network \"net-b\", which is not declared",
      "why": "calls would time out",
      "fix": "use \"net-a\"",
      "related": [
        {
          "file": "prod/topology.yaml",
          "line": 2,
          "column": 3,
          "endColumn": 4,
          "message": "the declared networks"
        }
      ]
    },
    {
      "file": "prod/topology.yaml",
      "line": 6,
      "column": 27,
      "endColumn": 28,
      "severity": "warning",
      "code": "pasted",
      "message": "a value where a place belongs"
    }
  ],
  "changes": [
    {
      "file": "out/a.yaml",
      "kind": "changed"
    },
    {
      "file": "out/b.yaml",
      "kind": "added",
      "private": true
    }
  ],
  "unchecked": [
    "tokens/east"
  ],
  "summary": {
    "errors": 1,
    "warnings": 1,
    "infos": 1,
    "changes": 2
  }
}
`
	if got := write(t, "json", false, r); got != want {
		t.Errorf("json =\n%s\nwant\n%s", got, want)
	}
}

// A command that compares has a list of changes even when there are none; others have no such field.
func TestJSONChanges(t *testing.T) {
	r := &Report{Command: "diff", Findings: &diag.List{}}
	if got := write(t, "json", false, r); strings.Contains(got, `"changes": [`) {
		t.Errorf("json without a comparison has changes: %s", got)
	}
	r.Changes = []Change{}
	if got := write(t, "json", false, r); !strings.Contains(got, `"changes": []`) || !json.Valid([]byte(got)) {
		t.Errorf("json without drift lacks its empty list: %s", got)
	}
}

func TestNoFormatShowsSecrets(t *testing.T) {
	for _, format := range Names() {
		for _, colour := range []bool{false, true} {
			if got := write(t, format, colour, sample()); strings.Contains(got, token[:10]) {
				t.Errorf("format %s shows a token:\n%s", format, got)
			}
		}
	}
}

func TestNewUnknown(t *testing.T) {
	for name, want := range map[string]string{
		"jsn":  `unknown format "jsn": did you mean "json"?`,
		"html": `unknown format "html": use one of text, json, sarif, junit, github, gitlab, markdown`,
	} {
		if _, err := New(name, false); err == nil || err.Error() != want {
			t.Errorf("New(%q) = %v, want %s", name, err, want)
		}
	}
}

func TestSummary(t *testing.T) {
	if got, want := Summary(sample().Findings), "1 error, 1 warning, 1 note"; got != want {
		t.Errorf("Summary = %q, want %q", got, want)
	}
	if got := Summary(&diag.List{}); got != "" {
		t.Errorf("Summary of nothing = %q", got)
	}
	if got, want := Count(2, "file"), "2 files"; got != want {
		t.Errorf("Count = %q, want %q", got, want)
	}
}

// A rule that finds the same for each cluster has one finding, which is counted once.
func TestSummaryCountsWhatIsShown(t *testing.T) {
	found, rule := &diag.List{}, &diag.Rule{Code: "some-rule", Severity: diag.Warning}
	for range 2 {
		found.Add(diag.Pos{File: "topology.yaml", Line: 1}, rule, "the same")
	}
	if got := Summary(found); got != "1 warning" {
		t.Errorf("Summary = %q, want %q", got, "1 warning")
	}
}
