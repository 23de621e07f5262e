// Package explain says what a code, a field of a topology or a setting of Istio means that a person asks for.
package explain

import (
	"fmt"
	"io"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/grammar"
)

// Topic prints what a code or a field path means.
func Topic(w io.Writer, rules []*diag.Rule, topic string) error {
	topic = strings.Trim(topic, "[]`\"' ")
	for _, r := range rules {
		if r.Code == topic {
			explainRule(w, r)
			return nil
		}
	}
	fields := schema.Fields()
	q := asked{typed: topic, parts: pathParts(topic), fields: fields, rules: rules}
	if found := q.named(); len(found) > 0 {
		explainField(w, found[0], fields)
		alsoAt(w, found[1:])
		return nil
	}
	if f, rest := q.handed(); f != nil {
		return explainHanded(w, *f, rest)
	}
	return q.unknown()
}

func explainRule(w io.Writer, r *diag.Rule) {
	fmt.Fprintf(w, "%s (%s)\n\n", r.Code, Severity(r))
	paragraph(w, "what", r.Title)
	paragraph(w, "why", r.Why)
	paragraph(w, "fix", r.Fix)
	paragraph(w, "source", r.Source)
	fragment(w, "wrong", r.Bad)
	fragment(w, "right", r.Good)
}

// Severity says how severe the findings of a rule are, and whether a topology may see that otherwise.
func Severity(r *diag.Rule) string {
	if r.Fixed {
		return r.Severity.String() + ", fixed"
	}
	return r.Severity.String()
}

func explainField(w io.Writer, f grammar.Field, all []grammar.Field) {
	fmt.Fprintf(w, "%s\n\n", f.Path)
	paragraph(w, "about", strings.Join(strings.Fields(f.Doc), " "))
	paragraph(w, "type", f.Type)
	paragraph(w, "default", f.Default)
	paragraph(w, "needed", map[bool]string{true: "yes", false: "no"}[f.Required])
	if below := childrenOf(f, all); len(below) > 0 {
		fmt.Fprintln(w, "\nfields:")
		for _, child := range below {
			fmt.Fprintf(w, "  %-22s%s\n", lastName(child.Path), Sentence(child.Doc))
		}
	}
}

// All lists the codes and the fields.
func All(w io.Writer, rules []*diag.Rule) {
	fmt.Fprintln(w, "codes:")
	for _, r := range rules {
		fmt.Fprintf(w, "  %-30s%-9s%s\n", r.Code, r.Severity, r.Title)
	}
	fmt.Fprintln(w, "\nfields:")
	for _, f := range schema.Fields() {
		fmt.Fprintf(w, "  %-50s%s\n", f.Path, Sentence(f.Doc))
	}
}

// alsoAt names the other fields that a short name may mean.
func alsoAt(w io.Writer, others []grammar.Field) {
	if len(others) > 0 {
		fmt.Fprintln(w, "\nfields of the same name:")
	}
	for _, f := range others {
		fmt.Fprintf(w, "  %-50s%s\n", f.Path, Sentence(f.Doc))
	}
}
