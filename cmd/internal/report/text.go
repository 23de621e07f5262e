package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
)

// text is for people, grep and editors: file:line:column first, then the source line, why and fix.
type text struct{ style style }

// Write prints the findings, then a line for each file that differs, then what that means for the clusters, then the
// unified diffs.
func (t text) Write(w io.Writer, r *Report) error {
	out := bufio.NewWriter(w)
	for i, d := range r.Findings.Sorted() {
		if i > 0 {
			fmt.Fprintln(out)
		}
		t.finding(out, r, d)
	}
	if r.Findings.Len() > 0 && (len(r.Changes) > 0 || r.Result != "") {
		fmt.Fprintln(out)
	}
	if r.Result != "" {
		fmt.Fprintln(out, r.Result)
		return out.Flush()
	}
	t.changes(out, r.Changes)
	t.clusters(out, r.Clusters)
	if err := t.diffs(out, r.Changes); err != nil {
		return err
	}
	return out.Flush()
}

func (t text) finding(w io.Writer, r *Report, d *diag.Diagnostic) {
	fmt.Fprintf(w, "%s: %s: %s %s\n", t.style.bold(place(r, d.Pos)), t.style.severity(d.Severity),
		d.Message, t.style.faint("["+d.Code+"]"))
	if line, marker, ok := r.Findings.Excerpt(d.Pos); ok {
		fmt.Fprintf(w, "%s %s\n", t.style.faint(fmt.Sprintf("%5d |", d.Pos.Line)), line)
		fmt.Fprintf(w, "%s %s\n", t.style.faint("      |"), t.style.severe(d.Severity, marker))
	}
	for _, other := range d.Related {
		fmt.Fprintf(w, "  see: %s: %s\n", place(r, other.Pos), other.Message)
	}
	t.advice(w, "why", d.Why)
	t.advice(w, "fix", d.Fix)
}

func (t text) advice(w io.Writer, label, advice string) {
	if advice != "" {
		fmt.Fprintf(w, "  %s: %s\n", t.style.bold(label), strings.ReplaceAll(advice, "\n", "\n       "))
	}
}

// place gives a position as editors read it; a finding about a whole file has no line.
func place(r *Report, pos diag.Pos) string {
	if pos.Line < 1 {
		return r.Name(pos.File)
	}
	return fmt.Sprintf("%s:%d:%d", r.Name(pos.File), pos.Line, pos.Col)
}

func (t text) changes(w io.Writer, changes []Change) {
	width := 0
	for _, c := range changes {
		width = max(width, len(c.Kind))
	}
	for _, c := range changes {
		note := ""
		if c.Private {
			note = t.style.faint("  (private: its content is not shown)")
		}
		fmt.Fprintf(w, "%s  %s%s\n", t.style.change(c.Kind, width), c.Path, note)
	}
}

func (t text) clusters(w io.Writer, clusters []Cluster) {
	for _, c := range clusters {
		fmt.Fprintf(w, "\n%s\n", t.style.bold(c.title()))
		if len(c.Resources) == 0 && c.Change == "changed" {
			fmt.Fprintln(w, "  no resources, only files about them")
		}
		for _, r := range c.Resources {
			fmt.Fprintf(w, "  %s %s %s\n", t.style.change(r.Change, len("changed")), r.Kind, r.place())
		}
	}
}

func (t text) diffs(w io.Writer, changes []Change) error {
	for _, c := range changes {
		if c.Private || c.Unified == nil {
			continue
		}
		unified, err := c.Unified()
		if err != nil {
			return err
		}
		if unified != "" {
			fmt.Fprintf(w, "\n%s", t.style.unified(unified))
		}
	}
	return nil
}
