package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
)

// problem is an entry of the formats that know nothing but places and what is wrong there: a finding, or a file that
// should not differ.
type problem struct {
	jsonFinding
	severity diag.Severity
	drift    bool // a whole file that differs: its message is the same for all files
	alike    int  // how many problems before it differ from it in nothing but the line
}

// problems lists the findings by file, line and column, then the changes that are drift by path.
func problems(r *Report) ([]problem, error) {
	var all []problem
	for _, d := range r.Findings.Shown() {
		all = append(all, problem{jsonFinding: newFinding(r, d), severity: d.Severity})
	}
	for _, c := range r.Changes {
		if c.Rule == nil {
			continue
		}
		p, err := drift(c)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	seen := map[string]int{}
	for i := range all {
		p := &all[i]
		p.alike = seen[p.identity()]
		seen[p.identity()]++
	}
	return all, nil
}

// drift makes a problem of a file that differs, at the first line that does.
func drift(c Change) (problem, error) {
	p := problem{severity: c.Rule.Severity, jsonFinding: jsonFinding{
		jsonPlace: jsonPlace{File: c.Path}, Severity: c.Rule.Severity.String(), Code: c.Rule.Code,
		Message: c.Rule.Title, Why: c.Rule.Why, Fix: c.Rule.Fix,
	}, drift: true}
	if c.Line == nil {
		return p, nil
	}
	line, err := c.Line()
	if line > 0 {
		p.Line, p.Column, p.EndColumn = line, 1, 2
	}
	return p, err
}

// worstFirst sorts problems by severity and leaves their order otherwise.
func worstFirst(all []problem) []problem {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b problem) int { return int(b.severity - a.severity) })
	return sorted
}

// identity is what stays the same while the lines around a problem come and go. The message names the entries of the
// topology that the problem is about.
func (p *problem) identity() string { return p.Code + "\x00" + p.File + "\x00" + p.Message }

// fingerprint tells a problem from all others, and from run to run, wherever in its file it is. It is made of what
// every report shows, so that it is no way to guess anything else.
func (p *problem) fingerprint() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", p.identity(), p.alike))
	return hex.EncodeToString(sum[:16])
}

// place gives the position as editors read it; a finding about a whole file has no line.
func (p jsonPlace) place() string {
	if p.Line < 1 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// advice gives why and fix in lines of their own.
func (p *problem) advice() string {
	var texts []string
	for _, other := range p.Related {
		texts = append(texts, "see: "+other.place()+": "+other.Message)
	}
	return joinLines(append(texts, prefixed("why: ", p.Why), prefixed("fix: ", p.Fix))...)
}

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

// joinLines joins the texts that are not empty.
func joinLines(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), "\n")
}
