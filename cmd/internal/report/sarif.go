package report

import (
	"cmp"
	"fmt"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
)

const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool              sarifTool    `json:"tool"`
	AutomationDetails sarifID      `json:"automationDetails"`
	ColumnKind        string       `json:"columnKind"`
	Properties        *sarifBag    `json:"properties,omitempty"`
	Results           []sarifEntry `json:"results"` // never absent: that would mean that the tool did not run
}

// sarifBag holds what SARIF has no field for.
type sarifBag struct {
	Expiries []Expiry `json:"expiries"`
}

type sarifID struct {
	ID string `json:"id"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version,omitzero"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID     string      `json:"id"`
	Short  sarifText   `json:"shortDescription"`
	Full   sarifText   `json:"fullDescription"`
	Help   sarifHelp   `json:"help"`
	Preset sarifPreset `json:"defaultConfiguration"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifHelp struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown"`
}

type sarifPreset struct {
	Level string `json:"level"`
}

type sarifEntry struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Level        string            `json:"level"`
	Message      sarifText         `json:"message"`
	Locations    []sarifLocation   `json:"locations"`
	Related      []sarifLocation   `json:"relatedLocations,omitzero"`
	Fingerprints map[string]string `json:"partialFingerprints"`
}

type sarifLocation struct {
	ID       *int          `json:"id,omitzero"`
	Physical sarifPhysical `json:"physicalLocation"`
	Message  *sarifText    `json:"message,omitzero"`
}

type sarifPhysical struct {
	Artifact struct {
		URI string `json:"uri"`
	} `json:"artifactLocation"`
	Region sarifRegion `json:"region"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn,omitzero"`
	EndColumn   int `json:"endColumn,omitzero"`
}

// fingerprintName is ours. The one that GitHub reads, primaryLocationLineHash, is computed by its upload action from
// the file's text. The action warns of any other value under that name.
const fingerprintName = "meshtopo/v1"

// sarif is for code scanning: the Static Analysis Results Interchange Format 2.1.0
// (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), of which it writes what GitHub reads.
func sarif(w io.Writer, r *Report) error {
	all, err := problems(r)
	if err != nil {
		return err
	}
	run := sarifRun{
		Tool:              sarifTool{sarifDriver{Name: "meshtopo", Version: r.Version, Rules: sarifRules(r, all)}},
		AutomationDetails: automationID(r),
		ColumnKind:        "unicodeCodePoints",
		Results:           []sarifEntry{},
	}
	if len(r.Expiries) > 0 {
		run.Properties = &sarifBag{r.Expiries}
	}
	for i := range all {
		run.Results = append(run.Results, newEntry(&all[i], run.Tool.Driver.Rules))
	}
	return encode(w, sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}})
}

// automationID keeps the results of several runs apart: GitHub takes what stands before the last slash for a category,
// and a log replaces the earlier one of its category
// (https://docs.github.com/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning#runautomationdetails-object).
// It must not depend on what was found.
func automationID(r *Report) sarifID {
	id := "meshtopo/" + r.Command + "/"
	if r.Subject != "" {
		id += r.Subject + "/"
	}
	return sarifID{id}
}

// sarifRules describes the rules that were broken, by code.
func sarifRules(r *Report, all []problem) []sarifRule {
	rules := []sarifRule{}
	for _, p := range all {
		at, found := findRule(rules, p.Code)
		if !found {
			rules = slices.Insert(rules, at, newRule(r.rule(p.Code)))
		}
	}
	return rules
}

func findRule(rules []sarifRule, code string) (int, bool) {
	return slices.BinarySearchFunc(rules, code, func(r sarifRule, code string) int { return cmp.Compare(r.ID, code) })
}

func newRule(r *diag.Rule) sarifRule {
	return sarifRule{
		ID: r.Code, Short: sarifText{cmp.Or(r.Title, r.Code)}, Full: sarifText{cmp.Or(r.Why, r.Title, r.Code)},
		Help: sarifHelp{helpText(r), helpMarkdown(r)}, Preset: sarifPreset{level(r.Severity)},
	}
}

// rule gives what is known about a code.
func (r *Report) rule(code string) *diag.Rule {
	if r.Rules != nil {
		rules := r.Rules()
		if i := slices.IndexFunc(rules, func(rule *diag.Rule) bool { return rule.Code == code }); i >= 0 {
			return rules[i]
		}
	}
	return &diag.Rule{Code: code, Severity: diag.Error}
}

func newEntry(p *problem, rules []sarifRule) sarifEntry {
	index, _ := findRule(rules, p.Code)
	entry := sarifEntry{
		RuleID: p.Code, RuleIndex: index, Level: level(p.severity),
		Message:      sarifText{unlinked(joinLines(p.Message, prefixed("fix: ", p.Fix)))},
		Locations:    []sarifLocation{{Physical: physical(p.jsonPlace)}},
		Fingerprints: map[string]string{fingerprintName: p.fingerprint()},
	}
	for i, other := range p.Related {
		entry.Related = append(entry.Related, sarifLocation{&i, physical(other.jsonPlace), &sarifText{unlinked(other.Message)}})
	}
	return entry
}

func level(s diag.Severity) string {
	if s == diag.Info {
		return "note"
	}
	return s.String()
}

// physical gives a place. A file as a whole is shown at its first line: GitHub wants one.
func physical(place jsonPlace) sarifPhysical {
	p := sarifPhysical{Region: sarifRegion{max(place.Line, 1), place.Column, place.EndColumn}}
	if place.Column < 1 || place.EndColumn < place.Column {
		p.Region = sarifRegion{StartLine: max(place.Line, 1)}
	}
	p.Artifact.URI = uri(place.File)
	return p
}

// uri gives a relative reference for a path from the working directory. A colon in its first element would make that
// a scheme, and a path that is not relative has one.
func uri(file string) string {
	escaped := (&url.URL{Path: file}).EscapedPath()
	switch {
	case path.IsAbs(file):
		return "file://" + escaped
	case len(file) > 2 && file[1:3] == ":/": // a drive of Windows
		return "file:///" + escaped
	}
	return strings.ReplaceAll(escaped, ":", "%3A")
}

// unlinked keeps a text from being read as a link: SARIF's messages have those of Markdown (3.11.6).
func unlinked(text string) string { return strings.ReplaceAll(text, "](", "] (") }

// helpText explains a rule as `meshtopo explain` does.
func helpText(r *diag.Rule) string {
	return joinLines(cmp.Or(r.Title, r.Code), prefixed("why: ", r.Why), prefixed("fix: ", r.Fix), prefixed("source: ", r.Source),
		prefixed("wrong:\n", strings.TrimRight(r.Bad, "\n")), prefixed("right:\n", strings.TrimRight(r.Good, "\n")))
}

func helpMarkdown(r *diag.Rule) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s.\n", markdownText(cmp.Or(r.Title, r.Code)))
	for _, part := range [][2]string{{"Why", r.Why}, {"Fix", r.Fix}, {"Source", r.Source}} {
		if part[1] != "" {
			fmt.Fprintf(&out, "\n**%s**: %s\n", part[0], markdownText(part[1]))
		}
	}
	for _, part := range [][2]string{{"Wrong", r.Bad}, {"Right", r.Good}} {
		if part[1] != "" {
			fmt.Fprintf(&out, "\n**%s**:\n\n```yaml\n%s\n```\n", part[0], strings.TrimRight(part[1], "\n"))
		}
	}
	return out.String()
}
