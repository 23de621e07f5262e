package report

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/render/change"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema/diag"
)

// many is a report with so many findings of each severity, the least severe first in the file.
func many(errors, warnings, infos int) *Report {
	l := &diag.List{}
	line := 0
	for _, group := range []struct {
		severity diag.Severity
		n        int
	}{{diag.Info, infos}, {diag.Warning, warnings}, {diag.Error, errors}} {
		for range group.n {
			line++
			l.Add(diag.Pos{File: "t.yaml", Line: line, Col: 1}, &diag.Rule{Code: "c-" + group.severity.String(), Severity: group.severity}, "##[%s] %%\r\n::x", group.severity)
		}
	}
	return &Report{Command: "validate", Findings: l, FailOn: diag.Error, Name: func(file string) string { return file }}
}

// TestGitHubLimit proves that no kind has more annotations than GitHub shows, that the worst come first, that each
// problem is in the log, and that what is no annotation is no command.
func TestGitHubLimit(t *testing.T) {
	for _, tt := range []struct{ errors, warnings, infos int }{{0, 0, 0}, {10, 10, 10}, {11, 0, 1}, {100, 12, 11}} {
		r := many(tt.errors, tt.warnings, tt.infos)
		got := write(t, "github", false, r)
		var kinds []string
		annotations, problems := map[string]int{}, 0
		for line := range strings.Lines(got) {
			kind, _, command := strings.Cut(strings.TrimPrefix(line, "::"), " ")
			switch {
			case !strings.HasPrefix(line, "::"):
				problems++
				if strings.Contains(line, "##[") || !command {
					t.Errorf("a plain line is a command: %s", line)
				}
				continue
			case !strings.Contains(line, " more "):
				problems++
			}
			if annotations[kind] == 0 {
				kinds = append(kinds, kind)
			}
			annotations[kind]++
		}
		for kind, n := range annotations {
			if n > 10 {
				t.Errorf("%+v: %d annotations of kind %s", tt, n, kind)
			}
		}
		if want := tt.errors + tt.warnings + tt.infos; problems != want {
			t.Errorf("%+v: %d problems are shown, want %d", tt, problems, want)
		}
		if all := strings.Join(kinds, " "); !strings.HasPrefix("error warning notice", all) && all != "error notice" {
			t.Errorf("%+v: the order is %s", tt, all)
		}
	}
	got := write(t, "github", false, many(15, 0, 0))
	want := "::error title=meshtopo validate::6 more errors: the log of the step that printed this has all\n"
	if !strings.Contains(got, want) {
		t.Errorf("github =\n%s\nwant a line\n%s", got, want)
	}
}

func TestCommandEscapes(t *testing.T) {
	const text = "100%,\r\n::a:b"
	if got, want := commandData(text), "100%25,%0D%0A::a:b"; got != want {
		t.Errorf("commandData(%q) = %q, want %q", text, got, want)
	}
	if got, want := commandProperty(text), "100%25%2C%0D%0A%3A%3Aa%3Ab"; got != want {
		t.Errorf("commandProperty(%q) = %q, want %q", text, got, want)
	}
}

// TestFingerprints proves that they differ among the problems of a run, even where only the line does, and that they
// stay the same when a finding moves to another line.
func TestFingerprints(t *testing.T) {
	at := func(first int) []string {
		l := &diag.List{}
		for i := range 3 {
			l.Add(diag.Pos{File: "t.yaml", Line: first + i, Col: 1}, &diag.Rule{Code: "c"}, "twice")
			l.Add(diag.Pos{File: "t.yaml", Line: first + i, Col: 1}, &diag.Rule{Code: "c"}, "message %d", i)
		}
		l.Add(diag.Pos{File: "u.yaml", Line: first, Col: 1}, &diag.Rule{Code: "c"}, "twice")
		l.Add(diag.Pos{File: "u.yaml", Line: first, Col: 1}, &diag.Rule{Code: "d"}, "twice")
		all, err := problems(&Report{Findings: l, Name: func(file string) string { return file }})
		if err != nil {
			t.Fatal(err)
		}
		var prints []string
		for i := range all {
			prints = append(prints, all[i].fingerprint())
		}
		return prints
	}
	before, after := at(1), at(100)
	seen := map[string]bool{}
	for i := range before {
		if before[i] != after[i] || seen[before[i]] {
			t.Errorf("fingerprint %d is %s, then %s; known before: %v", i, before[i], after[i], seen[before[i]])
		}
		seen[before[i]] = true
	}
}

func TestURI(t *testing.T) {
	for file, want := range map[string]string{
		"prod/topology.yaml": "prod/topology.yaml", "../a b.yaml": "../a%20b.yaml", "<stdin>": "%3Cstdin%3E", "a:b.yaml": "a%3Ab.yaml",
		"/tmp/ä.yaml": "file:///tmp/%C3%A4.yaml", "C:/mesh/100%.yaml": "file:///C:/mesh/100%25.yaml", "a?b#c": "a%3Fb%23c",
	} {
		if got := uri(file); got != want {
			t.Errorf("uri(%q) = %q, want %q", file, got, want)
		}
	}
}

// TestJUnitFails proves that the tests which fail are the findings that fail the command.
func TestJUnitFails(t *testing.T) {
	for failOn, want := range map[diag.Severity]int{diag.Error: 2, diag.Warning: 5, diag.Info: 9} {
		r := many(2, 3, 4)
		r.FailOn = failOn
		got := write(t, "junit", false, r)
		if head := fmt.Sprintf(`tests="9" failures="%d"`, want); strings.Count(got, "<failure ") != want || !strings.Contains(got, head) {
			t.Errorf("from %s on: want %d failures in\n%s", failOn, want, got)
		}
	}
}

// TestSARIFHelp proves that a log explains each rule that it names, as the report's rules do.
func TestSARIFHelp(t *testing.T) {
	r := sample()
	r.Rules = func() []*diag.Rule {
		return []*diag.Rule{{Code: "unknown-network", Severity: diag.Error, Title: "a title", Why: "a [why]", Fix: "a fix", Source: "a source", Bad: "bad: 1\n", Good: "good: 1\n"}}
	}
	var log sarifLog
	if err := json.Unmarshal([]byte(write(t, "sarif", false, r)), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	for _, result := range run.Results {
		if rule := run.Tool.Driver.Rules[result.RuleIndex]; rule.ID != result.RuleID || rule.Short.Text == "" || rule.Help.Text == "" {
			t.Errorf("the rule of %s is %+v", result.RuleID, rule)
		}
	}
	rule := run.Tool.Driver.Rules[2]
	wantText := "a title\nwhy: a [why]\nfix: a fix\nsource: a source\nwrong:\nbad: 1\nright:\ngood: 1"
	wantMarkdown := "a title.\n\n**Why**: a \\[why\\]\n\n**Fix**: a fix\n\n**Source**: a source\n\n**Wrong**:\n\n```yaml\nbad: 1\n```\n\n**Right**:\n\n```yaml\ngood: 1\n```\n"
	if rule.Help.Text != wantText || rule.Help.Markdown != wantMarkdown {
		t.Errorf("the help is\n%s\n%s\nwant\n%s\n%s", rule.Help.Text, rule.Help.Markdown, wantText, wantMarkdown)
	}
}

// TestMarkdownLimit proves that a summary stays below what GitHub accepts.
func TestMarkdownLimit(t *testing.T) {
	l := &diag.List{}
	for i := range 120 {
		l.Add(diag.Pos{File: strings.Repeat("<", 1000), Line: i + 1, Col: 1}, &diag.Rule{Code: fmt.Sprint("c", i%2), Severity: diag.Error, Fix: strings.Repeat("<", 1000)}, "%s", strings.Repeat("<", 1000))
	}
	r := &Report{Command: "diff", Findings: l, Name: func(file string) string { return file }}
	cluster := change.Cluster{Name: "a", Change: tree.Changed}
	object := change.Object{Kind: strings.Repeat("a", 253), Namespace: strings.Repeat(".", 253), Name: strings.Repeat("b", 253)}
	for range 120 {
		r.Changes = append(r.Changes, Change{Path: strings.Repeat("<", 1000), Kind: "added"})
		cluster.Resources = append(cluster.Resources, change.Resource{Change: tree.Added, Object: object})
	}
	r.Clusters = []change.Cluster{cluster}
	got := write(t, "markdown", false, r)
	if len(got) > 1<<20 || strings.Count(got, "… and 20 more") != 3 {
		t.Errorf("the summary has %d bytes and says %d times that there is more", len(got), strings.Count(got, "… and 20 more"))
	}
}

// TestDriftNamesItsFileOnce proves that a line of a log names the file that differs once, and that a test of JUnit,
// which has no other place for it in many readers, has it in its name.
func TestDriftNamesItsFileOnce(t *testing.T) {
	r := &Report{Command: "diff", Findings: &diag.List{}, FailOn: diag.Error}
	rule := &diag.Rule{Code: "drift-added", Severity: diag.Error, Title: "it is not there"}
	for i := range shownPerStep + 1 {
		r.Changes = append(r.Changes, Change{Path: fmt.Sprintf("clusters/%02d.yaml", i), Kind: "added", Rule: rule})
	}
	got := write(t, "github", false, r)
	if line := "\nerror: clusters/10.yaml: it is not there [drift-added]\n"; !strings.Contains(got, line) || strings.Count(got, "clusters/00.yaml") != 1 {
		t.Errorf("github =\n%s\nwant a line\n%s", got, line)
	}
	if got := write(t, "junit", false, r); !strings.Contains(got, `<testcase name="clusters/10.yaml: it is not there"`) {
		t.Errorf("junit has no case for clusters/10.yaml:\n%s", got)
	}
}
