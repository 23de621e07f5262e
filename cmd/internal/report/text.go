package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"meshtopo.dev/meshtopo/render/change"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema/diag"
)

// text is for people, grep and editors: file:line:column first, then the source line, why and fix.
type text struct{ style style }

// page is what text is written on, line by line: a line holds no other, and is no command of the CI system whose log it
// is in.
type page struct{ out *bufio.Writer }

// line prints a line. Arguments that are text are made visible; what is styled has been.
func (p page) line(format string, args ...any) {
	for i, arg := range args {
		if text, ok := arg.(string); ok {
			args[i] = escaped(text)
		}
	}
	fmt.Fprintln(p.out, guarded(fmt.Sprintf(format, args...)))
}

// write prints the findings, then a line for each file that differs, then what that means for the clusters, then the
// unified diffs.
func (t text) write(w io.Writer, r *Report) error {
	p := page{bufio.NewWriter(w)}
	for i, d := range r.Findings.Shown() {
		if i > 0 {
			p.line("")
		}
		t.finding(p, r, d)
	}
	if r.Findings.Len() > 0 && (len(r.Changes) > 0 || r.Result != "") {
		p.line("")
	}
	if r.Result != "" {
		p.line("%s", r.Result)
		return p.out.Flush()
	}
	t.expiries(p, r)
	t.changes(p, r.Changes)
	t.clusters(p, r.Clusters)
	if err := t.diffs(p, r.Changes); err != nil {
		return err
	}
	return p.out.Flush()
}

func (t text) finding(p page, r *Report, d *diag.Diagnostic) {
	p.line("%s: %s: %s %s", t.style.bold(newPlace(r, d.Pos).place()), t.style.severe(d.Severity, d.Severity.String()), d.Message, t.style.faint("["+d.Code+"]"))
	if line, marker, ok := r.Findings.Excerpt(d.Pos); ok {
		p.line("%s %s", t.style.faint(fmt.Sprintf("%5d |", d.Pos.Line)), line)
		p.line("%s %s", t.style.faint("      |"), t.style.severe(d.Severity, marker))
	}
	for _, other := range d.Related {
		p.line("  see: %s: %s", newPlace(r, other.Pos).place(), other.Message)
	}
	t.advice(p, "why", d.Why)
	t.advice(p, "fix", d.Fix)
}

// advice prints a text that may have several lines.
func (t text) advice(p page, label, advice string) {
	if advice == "" {
		return
	}
	first, rest, more := strings.Cut(advice, "\n")
	p.line("  %s: %s", t.style.bold(label), first)
	for more {
		first, rest, more = strings.Cut(rest, "\n")
		p.line("       %s", first)
	}
}

func (t text) changes(p page, changes []Change) {
	width := 0
	for _, c := range changes {
		width = max(width, len(c.Kind))
	}
	for _, c := range changes {
		var note styled
		switch {
		case c.Why != "":
			note = t.style.faint("  (" + escaped(c.Why) + ")")
		case c.Private:
			note = t.style.faint("  (private: its content is not shown)")
		}
		p.line("%s  %s%s", t.style.change(c.Kind, width), c.Path, note)
	}
}

// expiries prints what ends as a table, and where there are colours how much of each life is left.
func (t text) expiries(p page, r *Report) {
	if len(r.Expiries) > 0 && r.Findings.Len() > 0 {
		p.line("")
	}
	kind, left, of := 0, 0, 0
	for _, e := range r.Expiries {
		kind, left, of = max(kind, len(e.kind())), max(left, len(e.left())), max(of, min(len(e.of()), 40))
	}
	for _, e := range r.Expiries {
		var bar styled
		if t.style.on {
			bar = t.style.state(e.State, e.bar()) + "  "
		}
		days := t.style.state(e.State, fmt.Sprintf("%-*s", left, e.left()))
		p.line("%s  %s  %s%-*s  %-*s  %s%s", e.day(), days, bar, kind, e.kind(), of, e.of(), e.File, t.style.faint(prefixed("  ", e.Subject)))
	}
}

func (t text) clusters(p page, clusters []change.Cluster) {
	for _, c := range clusters {
		p.line("")
		p.line("%s", t.style.bold(clusterTitle(c)))
		if len(c.Resources) == 0 && c.Change == tree.Changed {
			p.line("  no resource changes")
		}
		for _, r := range c.Resources {
			p.line("  %s %s %s", t.style.change(r.Change, len("changed")), r.Kind, objectName(r.Object))
		}
	}
}

func (t text) diffs(p page, changes []Change) error {
	for _, c := range changes {
		if c.Private || c.Unified == nil {
			continue
		}
		unified, err := c.Unified()
		if err != nil {
			return err
		}
		if unified != "" {
			p.line("")
		}
		for line := range strings.Lines(unified) {
			p.line("%s", t.style.diffLine(strings.TrimSuffix(line, "\n")))
		}
	}
	return nil
}
