package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
)

// shownPerStep is how many annotations of a kind GitHub keeps of one step.
const shownPerStep = 10

// github is for the log of a GitHub workflow: commands that become annotations on the lines of a pull request
// (https://docs.github.com/actions/reference/workflow-commands-for-github-actions), the worst first. GitHub shows ten
// of each kind for a step; where there are more, the tenth says so, and the rest follows as plain lines.
func github(w io.Writer, r *Report) error {
	all, err := problems(r)
	if err != nil {
		return err
	}
	all = worstFirst(all)
	out := bufio.NewWriter(w)
	var rest []problem
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].severity == all[0].severity {
			n++
		}
		shown := n
		if n > shownPerStep {
			shown = shownPerStep - 1
		}
		for i := range shown {
			annotate(out, &all[i])
		}
		if n > shown {
			fmt.Fprintf(out, "::%s title=meshtopo %s::%s\n", annotation(all[0].severity), r.Command,
				commandData(Count(n-shown, "more "+noun(all[0].severity))+": the log of the step that printed this has all"))
		}
		rest = append(rest, all[shown:n]...)
		all = all[n:]
	}
	logLines(out, rest)
	if lines := expiryLines(r); len(lines) > 0 {
		fmt.Fprintf(out, "::notice title=%s::%s\n", commandProperty("meshtopo "+r.Command+": what ends when"), commandData(joinLines(lines...)))
	}
	return out.Flush()
}

func annotate(w io.Writer, p *problem) {
	fmt.Fprintf(w, "::%s file=%s,", annotation(p.severity), commandProperty(p.File))
	if p.Line > 0 {
		fmt.Fprintf(w, "line=%d,endLine=%d,", p.Line, p.Line)
		if p.Column > 0 {
			fmt.Fprintf(w, "col=%d,endColumn=%d,", p.Column, p.EndColumn)
		}
	}
	fmt.Fprintf(w, "title=%s::%s\n", commandProperty(p.Code), commandData(joinLines(p.Message, p.advice())))
}

func annotation(s diag.Severity) string {
	if s == diag.Info {
		return "notice"
	}
	return s.String()
}

// logLines prints what is no annotation, a line each and none of them a command.
func logLines(w io.Writer, rest []problem) {
	for i := range rest {
		p := &rest[i]
		fmt.Fprintln(w, Visible(fmt.Sprintf("%s: %s: %s [%s]", p.Severity, p.place(), p.Message, p.Code)))
	}
}

// commandData escapes a text behind the :: of a command.
func commandData(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(text)
}

// commandProperty escapes a value in front of it.
func commandProperty(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(text)
}
