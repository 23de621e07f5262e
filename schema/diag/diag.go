// Package diag says what is wrong, where, why it matters in the mesh and how to fix it.
//
// A diagnostic is about the user's files and is data; an error is about the machine and is returned.
// How diagnostics are printed is the business of the report package.
package diag

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"

	"meshtopo.dev/meshtopo/schema/private"
)

// Severity orders diagnostics by how much they matter.
type Severity int

// The severities, from the least to the most severe. A finding that Adjust makes one to ignore is found no more.
const (
	Ignore Severity = iota
	Info
	Warning
	Error
)

// String gives the word that users read and write: ignore, info, warning or error.
func (s Severity) String() string {
	switch s {
	case Ignore:
		return "ignore"
	case Info:
		return "info"
	case Warning:
		return "warning"
	case Error:
		return "error"
	}
	return fmt.Sprintf("severity(%d)", int(s))
}

// ParseSeverity is the inverse of String for the severities that a finding can have.
func ParseSeverity(s string) (Severity, error) {
	for _, v := range []Severity{Info, Warning, Error} {
		if v.String() == s {
			return v, nil
		}
	}
	return 0, fmt.Errorf("unknown severity %q: use info, warning or error", s)
}

// Pos is a place in a file of the user. Line and Col are counted from 1, Col and Width in characters.
// A Line of 0 means the file as a whole.
type Pos struct {
	File  string // slash-separated, relative to the topology's root
	Line  int
	Col   int
	Width int // how many characters the marker underlines; 0 underlines one
}

// Compare orders positions by file, line and column.
func (p Pos) Compare(q Pos) int {
	return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Col, q.Col))
}

// Rule describes one kind of mistake: what `meshtopo explain` prints, and the defaults of its diagnostics.
type Rule struct {
	Code     string   // kebab-case, stable, never reused
	Severity Severity // the default one
	Fixed    bool     // no topology can lower it: what it finds cannot be rendered rightly, or safely
	Symptom  bool     // Why says what istiod, its proxies or its injection then do: testdata/conformance has to show it
	Title    string   // what is wrong, in one line, without a full stop
	Why      string   // the symptom in the mesh
	Fix      string   // the smallest edit that cures it
	Source   string   // the Istio file, document or specification that the rule comes from
	Bad      string   // a fragment of a topology that breaks the rule
	Good     string   // the same fragment, cured
}

// Diagnostic is one finding. Its texts are for people. Code that has to know what was found looks at Code, Pos and
// About.
type Diagnostic struct {
	Pos      Pos
	Severity Severity
	Code     string
	About    About  // where Code and Pos do not say it
	Made     []Made // of a finding in what is made: the finding is at what makes it so
	Message  string
	Why      string
	Fix      string
	Related  []Related
	Instead  string // what the marked word has to become, where that is certain
	Edits    []Edit // what mends it, where that is known and was asked for

	values []string // that the message names
}

// About is what a finding is about, wherever somebody wrote it: two findings of a rule about the same thing are one
// mistake.
type About struct {
	Setting string // meshConfig.enableAutoMtls
	Value   string // the value that is wrong, or the other setting that it contradicts
}

// Made is where clusters have a finding that is placed at what makes it so.
type Made struct {
	Clusters []string
	File     string // in the directory of each
	Line     int
}

// String writes a finding in one line.
func (d *Diagnostic) String() string {
	return fmt.Sprintf("%s:%d: %s [%s]", d.Pos.File, d.Pos.Line, d.Message, d.Code)
}

// Reword gives the finding another message.
func (d *Diagnostic) Reword(format string, args ...any) {
	d.Message, d.values = "", nil
	d.Append(format, args...)
}

// Append adds to the message.
func (d *Diagnostic) Append(format string, args ...any) {
	d.Message += fmt.Sprintf(format, args...)
	for _, arg := range args {
		switch v := arg.(type) {
		case string:
			d.values = append(d.values, v)
		case fmt.Stringer:
			d.values = append(d.values, v.String())
		}
	}
}

// Names reports whether one of the values that the message names is such a one.
func (d *Diagnostic) Names(such func(value string) bool) bool {
	return slices.ContainsFunc(d.values, such)
}

// EachPlace calls f for every place that the finding points to and what is said there, which f may change.
func (d *Diagnostic) EachPlace(f func(pos *Pos, message *string)) {
	f(&d.Pos, &d.Message)
	for i := range d.Related {
		f(&d.Related[i].Pos, &d.Related[i].Message)
	}
}

// redact masks what looks private in the texts. What advice becomes is noted: very many findings have the same.
func (d *Diagnostic) redact(advice map[string]string) {
	d.Message = private.Mask(d.Message, mask)
	for _, text := range []*string{&d.Why, &d.Fix} {
		masked, known := advice[*text]
		if !known {
			masked = private.Mask(*text, mask)
			advice[*text] = masked
		}
		*text = masked
	}
	for i := range d.Related {
		d.Related[i].Message = private.Mask(d.Related[i].Message, mask)
	}
}

// Related is a second place that a finding is about.
type Related struct {
	Pos     Pos
	Message string
}

// Relate adds a second place to a finding.
func (d *Diagnostic) Relate(pos Pos, message string) {
	d.Related = append(d.Related, Related{pos, message})
}

// List collects findings and the sources that they point into. Its zero value is ready for use.
type List struct {
	items    []*Diagnostic
	sources  map[string]*source
	adjusted map[string]Severity // by code
}

// Adjust gives the findings of the rules with these codes another severity: those that are there, and those to come.
func (l *List) Adjust(severities map[string]Severity) {
	if l.adjusted == nil {
		l.adjusted = map[string]Severity{}
	}
	maps.Copy(l.adjusted, severities)
}

// all gives the findings as Adjust wants them.
func (l *List) all() iter.Seq[*Diagnostic] {
	return func(yield func(*Diagnostic) bool) {
		for _, d := range l.items {
			severity, adjusted := l.adjusted[d.Code]
			if adjusted {
				d.Severity = severity
			}
			if !(adjusted && severity == Ignore) && !yield(d) {
				return
			}
		}
	}
}

// Add records a finding of rule r at pos, with the rule's severity, why and fix, which the caller may sharpen.
func (l *List) Add(pos Pos, r *Rule, format string, args ...any) *Diagnostic {
	d := &Diagnostic{Pos: pos, Severity: r.Severity, Code: r.Code, Why: r.Why, Fix: r.Fix}
	d.Append(format, args...)
	l.items = append(l.items, d)
	return d
}

// Append adds the findings and sources of other, and what it adjusts.
func (l *List) Append(other *List) {
	l.items = append(l.items, other.items...)
	if len(other.adjusted) > 0 {
		l.Adjust(other.adjusted)
	}
	for name, s := range other.sources {
		l.setSource(name, s)
	}
}

// Delete takes the findings out for which f holds.
func (l *List) Delete(f func(*Diagnostic) bool) { l.items = slices.DeleteFunc(l.items, f) }

// DeleteRepeated takes the findings out that another list has as well: of one rule, about the same thing. Of what is
// made, a place says what is the same: see Made.
func (l *List) DeleteRepeated(other *List) {
	type mistake struct {
		code  string
		about About
	}
	known := map[mistake]bool{}
	other.Each(func(d *Diagnostic) {
		if d.Made == nil {
			known[mistake{d.Code, d.About}] = true
		}
	})
	l.Delete(func(d *Diagnostic) bool { return known[mistake{d.Code, d.About}] })
}

// At gives the findings about the value at a place.
func (l *List) At(pos Pos) iter.Seq[*Diagnostic] {
	return func(yield func(*Diagnostic) bool) {
		for d := range l.all() {
			if d.Pos.Compare(pos) == 0 && !yield(d) {
				return
			}
		}
	}
}

// Len gives the number of findings.
func (l *List) Len() int {
	if len(l.adjusted) == 0 {
		return len(l.items) // which rules ask for often
	}
	return l.Count(Ignore)
}

// Sorted gives the findings by position, then code, then message; the same finding at the same place only once.
// It is the only way out of the list: what looks like a key or a token stays here, whichever text it is in.
func (l *List) Sorted() []*Diagnostic {
	advice := map[string]string{}
	for _, d := range l.items {
		d.redact(advice)
	}
	sorted := slices.SortedFunc(l.all(), func(a, b *Diagnostic) int {
		return cmp.Or(a.Pos.Compare(b.Pos), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message))
	})
	return slices.CompactFunc(sorted, func(a, b *Diagnostic) bool {
		return a.Pos == b.Pos && a.Code == b.Code && a.Message == b.Message
	})
}

// Each calls f for every finding, which f may change.
func (l *List) Each(f func(*Diagnostic)) {
	for d := range l.all() {
		f(d)
	}
}

// Count gives the number of findings of at least the given severity.
func (l *List) Count(least Severity) int {
	n := 0
	for d := range l.all() {
		if d.Severity >= least {
			n++
		}
	}
	return n
}

// ErrorAt reports whether there is an error at one of the places.
func (l *List) ErrorAt(places ...Pos) bool {
	for d := range l.all() {
		if d.Severity == Error && slices.Contains(places, d.Pos) {
			return true
		}
	}
	return false
}

// ErrorPlaces gives the places of all errors so far, for those who ask about very many.
func (l *List) ErrorPlaces() map[Pos]bool {
	places := map[Pos]bool{}
	for d := range l.all() {
		if d.Severity == Error {
			places[d.Pos] = true
		}
	}
	return places
}

// HasErrors reports whether any finding is an error.
func (l *List) HasErrors() bool { return l.Count(Error) > 0 }
