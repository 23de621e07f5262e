package main

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"meshtopo.dev/meshtopo/cmd/internal/usage"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/grammar"
)

func newExplain(io stdio) *cobra.Command {
	return &cobra.Command{
		Use:   "explain [CODE|FIELD.PATH]",
		Short: "Explain a diagnostic code or a field of the topology",
		Long: `Explain the code of a diagnostic (the word in brackets at the end of its first line) or a field of the topology.
Without an argument, list both. In a path, NAME stands for the name of a cluster or network, or for a code; a real one does too.`,
		Example: `  meshtopo explain unknown-network
  meshtopo explain spec.clusters.NAME.network
  meshtopo explain clusters.cluster-a.eastWestGateway`,
		Args: oneTopic,
		RunE: func(_ *cobra.Command, args []string) error {
			out := bufio.NewWriter(io.out)
			defer out.Flush()
			if len(args) == 0 {
				listAll(out)
				return nil
			}
			return explain(out, args[0])
		},
		ValidArgsFunction: completeTopics,
	}
}

func oneTopic(_ *cobra.Command, args []string) error {
	if len(args) > 1 {
		return usage.Errorf("explain takes one code or field, but got %q", args)
	}
	return nil
}

// explain prints what a code or a field path means.
func explain(w io.Writer, topic string) error {
	for _, r := range allRules() {
		if r.Code == topic {
			explainRule(w, r)
			return nil
		}
	}
	fields := schema.Fields()
	for _, f := range fields {
		if matches(f.Path, topic) {
			explainField(w, f, fields)
			return nil
		}
	}
	return usage.Errorf("%q is neither a code nor a field: %s", topic, diag.Hint(topic, topics(fields), "meshtopo explain lists them"))
}

func explainRule(w io.Writer, r *diag.Rule) {
	fmt.Fprintf(w, "%s (%s)\n\n", r.Code, severityOf(r))
	paragraph(w, "what", r.Title)
	paragraph(w, "why", r.Why)
	paragraph(w, "fix", r.Fix)
	paragraph(w, "source", r.Source)
	fragment(w, "wrong", r.Bad)
	fragment(w, "right", r.Good)
}

// severityOf says how severe the findings of a rule are, and whether a topology may see that otherwise.
func severityOf(r *diag.Rule) string {
	if r.Fixed {
		return r.Severity.String() + ", fixed"
	}
	return r.Severity.String()
}

// paragraph prints a text behind its label, wrapped so that it can be read.
func paragraph(w io.Writer, label, text string) {
	const width = 88
	label += ":"
	for text != "" {
		line := text
		if len(text) > width {
			if cut := strings.LastIndexByte(text[:width+1], ' '); cut > 0 {
				line = text[:cut]
			}
		}
		fmt.Fprintf(w, "%-9s%s\n", label, line)
		label, text = "", strings.TrimLeft(text[len(line):], " ")
	}
}

func fragment(w io.Writer, label, text string) {
	if text == "" {
		return
	}
	fmt.Fprintf(w, "\n%s:\n", label)
	for line := range strings.Lines(strings.TrimRight(text, "\n") + "\n") {
		if line != "\n" {
			line = "    " + line
		}
		fmt.Fprint(w, line)
	}
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
			fmt.Fprintf(w, "  %-22s%s\n", lastName(child.Path), sentence(child.Doc))
		}
	}
}

// childrenOf lists the fields directly below a field; those of a map's entries count as the map's.
func childrenOf(f grammar.Field, all []grammar.Field) []grammar.Field {
	var below []grammar.Field
	for _, child := range all {
		rest, ok := strings.CutPrefix(child.Path, f.Path+".")
		if ok && !strings.Contains(strings.TrimPrefix(rest, "NAME."), ".") {
			below = append(below, child)
		}
	}
	return below
}

func lastName(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// sentence gives the first sentence of a text.
func sentence(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if end := strings.Index(text, ". "); end >= 0 {
		return text[:end+1]
	}
	return text
}

// matches reports whether a path typed by a person means a field: NAME stands for any name, and spec may be left out.
func matches(field, typed string) bool {
	return matchesWhole(field, typed) || matchesWhole(field, "spec."+typed)
}

func matchesWhole(field, typed string) bool {
	want, have := strings.Split(field, "."), strings.Split(typed, ".")
	return slices.EqualFunc(want, have, func(w, h string) bool { return w == h || w == "NAME" && h != "" })
}

// topics lists what can be asked for.
func topics(fields []grammar.Field) []string {
	var known []string
	for _, r := range allRules() {
		known = append(known, r.Code)
	}
	for _, f := range fields {
		known = append(known, f.Path, strings.TrimPrefix(f.Path, "spec."))
	}
	return known
}

func listAll(w io.Writer) {
	fmt.Fprintln(w, "codes:")
	for _, r := range allRules() {
		fmt.Fprintf(w, "  %-30s%-9s%s\n", r.Code, r.Severity, r.Title)
	}
	fmt.Fprintln(w, "\nfields:")
	for _, f := range schema.Fields() {
		fmt.Fprintf(w, "  %-50s%s\n", f.Path, sentence(f.Doc))
	}
}

// completeTopics offers codes and field paths to the shell.
func completeTopics(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var topics []string
	for _, r := range allRules() {
		topics = append(topics, cobra.CompletionWithDesc(r.Code, r.Title))
	}
	for _, f := range schema.Fields() {
		topics = append(topics, cobra.CompletionWithDesc(f.Path, sentence(f.Doc)))
	}
	return topics, cobra.ShellCompDirectiveNoFileComp
}
