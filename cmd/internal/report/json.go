package report

import (
	"encoding/json"
	"io"

	"meshtopo.dev/meshtopo/render/change"
	"meshtopo.dev/meshtopo/schema/diag"
)

// jsonVersion is the version of the document that jsonFormat writes. Fields are added without a new version;
// a field that changes its meaning, its type or disappears makes one.
const jsonVersion = 1

type jsonReport struct {
	Version   int              `json:"version"`            // of this document: 1
	Command   string           `json:"command"`            // validate, render or diff
	Findings  []jsonFinding    `json:"findings"`           // by file, line and column
	Changes   []Change         `json:"changes,omitzero"`   // by path; absent from a command that compares nothing
	Clusters  []change.Cluster `json:"clusters,omitzero"`  // what the changes mean; absent from render
	Unchecked []string         `json:"unchecked,omitzero"` // places of private material that was not there
	Expiries  []Expiry         `json:"expiries,omitzero"`  // what ends, the soonest first; absent if not asked for
	Summary   jsonSummary      `json:"summary"`
}

type jsonPlace struct {
	File      string `json:"file"`               // relative to the working directory, with slashes
	Line      int    `json:"line,omitzero"`      // from 1; absent where the finding is about the file as a whole
	Column    int    `json:"column,omitzero"`    // from 1, in characters
	EndColumn int    `json:"endColumn,omitzero"` // the first column behind the place
}

type jsonFinding struct {
	jsonPlace
	Severity string        `json:"severity"` // error, warning or info
	Code     string        `json:"code"`
	Message  string        `json:"message"`
	Why      string        `json:"why,omitzero"`
	Fix      string        `json:"fix,omitzero"`
	Related  []jsonRelated `json:"related,omitzero"`
}

type jsonRelated struct {
	jsonPlace
	Message string `json:"message"`
}

type jsonSummary struct {
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Infos    int `json:"infos"`
	Changes  int `json:"changes"`
}

// jsonFormat is for programs: one document with everything that the text format shows but the unified diffs.
func jsonFormat(w io.Writer, r *Report) error {
	counts := count(r.Findings)
	doc := jsonReport{
		Version: jsonVersion, Command: r.Command, Findings: []jsonFinding{}, Changes: r.Changes, Clusters: r.Clusters, Unchecked: r.Unchecked, Expiries: r.Expiries,
		Summary: jsonSummary{counts[diag.Error], counts[diag.Warning], counts[diag.Info], len(r.Changes)},
	}
	for _, d := range r.Findings.Shown() {
		doc.Findings = append(doc.Findings, newFinding(r, d))
	}
	return encode(w, doc)
}

// encode writes a document as people like to read it: indented, with a newline at its end.
func encode(w io.Writer, doc any) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(doc)
}

func newFinding(r *Report, d *diag.Diagnostic) jsonFinding {
	f := jsonFinding{
		jsonPlace: newPlace(r, d.Pos), Severity: d.Severity.String(), Code: d.Code,
		Message: d.Message, Why: d.Why, Fix: d.Fix,
	}
	for _, other := range d.Related {
		f.Related = append(f.Related, jsonRelated{newPlace(r, other.Pos), other.Message})
	}
	return f
}

// Texts gives what a finding says, for results of a KRM function, which kustomize prints: its message, and as tags what
// they have no field for.
func Texts(d *diag.Diagnostic) (message string, tags map[string]string) {
	tags = map[string]string{"code": d.Code}
	if d.Why != "" {
		tags["why"] = escaped(d.Why)
	}
	if d.Fix != "" {
		tags["fix"] = escaped(d.Fix)
	}
	return escaped(d.Message), tags
}

func newPlace(r *Report, pos diag.Pos) jsonPlace {
	place := jsonPlace{File: r.Name(pos.File)}
	if pos.Line > 0 {
		place.Line, place.Column, place.EndColumn = pos.Line, pos.Col, pos.Col+max(pos.Width, 1)
	}
	return place
}
