package report

import (
	"io"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
)

type gitlabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"` // of two issues with the same one, GitLab shows one
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string      `json:"path"`
	Lines gitlabLines `json:"lines"`
}

type gitlabLines struct {
	Begin int `json:"begin"`
}

// gitlab is for the code quality report of a GitLab merge request
// (https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format): the list of issues.
func gitlab(w io.Writer, r *Report) error {
	all, err := problems(r)
	if err != nil {
		return err
	}
	issues := []gitlabIssue{}
	for i := range all {
		p := &all[i]
		issues = append(issues, gitlabIssue{
			Description: p.Message + prefixed("; fix: ", p.Fix), CheckName: p.Code, Fingerprint: p.fingerprint(), Severity: gitlabSeverity(p.severity),
			Location: gitlabLocation{p.File, gitlabLines{max(p.Line, 1)}},
		})
	}
	if lines := expiryLines(r); len(lines) > 0 && len(r.Checked) > 0 {
		p := problem{jsonFinding: jsonFinding{Code: "expiries", jsonPlace: jsonPlace{File: r.Checked[0]}}}
		issues = append(issues, gitlabIssue{
			Description: "what ends when: " + strings.Join(lines, "; "), CheckName: p.Code, Fingerprint: p.fingerprint(), Severity: gitlabSeverity(diag.Info),
			Location: gitlabLocation{p.File, gitlabLines{1}},
		})
	}
	return encode(w, issues)
}

// gitlabSeverity uses three of the five words: an error stops the pipeline, whatever it is about.
func gitlabSeverity(s diag.Severity) string {
	switch s {
	case diag.Error:
		return "critical"
	case diag.Warning:
		return "minor"
	}
	return "info"
}
