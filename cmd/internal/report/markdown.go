package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"meshtopo.dev/meshtopo/render/change"
)

// rowsShown is how long a table may be, and cellShown how many characters a text in it may have: GitHub refuses a
// summary of more than 1 MiB.
const (
	rowsShown = 100
	cellShown = 400
)

// markdown is for a review: a section that says what was found, and which clusters, resources and files change. GitHub
// shows it as the summary of a workflow's step.
func markdown(w io.Writer, r *Report) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "### meshtopo %s\n", r.Command)
	all, err := problems(&Report{Findings: r.Findings, Name: r.Name})
	if err != nil {
		return err
	}
	if len(all) > 0 {
		findingTable(out, Summary(r.Findings), worstFirst(all))
	}
	expiryTable(out, r.Expiries)
	if len(r.Changes) > 0 && r.Result == "" {
		fmt.Fprintf(out, "\n%s\n", affected(r))
		resourceTable(out, r.Clusters)
		fileTable(out, r.Changes)
	}
	switch {
	case r.Result != "":
		fmt.Fprintf(out, "\n%s\n", markdownText(r.Result))
	case len(all)+len(r.Changes)+len(r.Expiries) == 0:
		fmt.Fprint(out, "\nNothing to report.\n")
	}
	if len(r.Unchecked) > 0 {
		fmt.Fprintf(out, "\n%s of keys and tokens not checked: they are not here.\n", Count(len(r.Unchecked), "place"))
	}
	return out.Flush()
}

func findingTable(w io.Writer, summary string, all []problem) {
	fmt.Fprintf(w, "\n%s\n\n| severity | place | what | fix |\n|---|---|---|---|\n", summary)
	for i := range all[:min(len(all), rowsShown)] {
		p := &all[i]
		fmt.Fprintf(w, "| %s | %s | %s (%s) | %s |\n", p.Severity,
			markdownText(p.place()), markdownText(p.Message), markdownText(p.Code), markdownText(p.Fix))
	}
	sayMore(w, len(all)-rowsShown)
}

func expiryTable(w io.Writer, all []Expiry) {
	if len(all) == 0 {
		return
	}
	fmt.Fprint(w, "\n| ends | left | what | clusters | file | subject |\n|---|---|---|---|---|---|\n")
	for _, e := range all[:min(len(all), rowsShown)] {
		fmt.Fprintf(w, "| %s | %s | %s | %s | %s | %s |\n", e.day(), e.left(), e.kind(), markdownText(e.of()), markdownText(e.File), markdownText(e.Subject))
	}
	sayMore(w, len(all)-rowsShown)
}

// affected counts what differs.
func affected(r *Report) string {
	text := Count(len(r.Changes), "file") + " to change"
	if len(r.Clusters) > 0 {
		text += " in " + Count(len(r.Clusters), "cluster")
	}
	return text
}

func resourceTable(w io.Writer, clusters []change.Cluster) {
	rows := 0
	for _, c := range clusters {
		rows += max(len(c.Resources), 1)
	}
	if rows == 0 {
		return
	}
	fmt.Fprint(w, "\n| cluster | change | resource |\n|---|---|---|\n")
	left := rowsShown
	for _, c := range clusters {
		if len(c.Resources) == 0 && left > 0 {
			fmt.Fprintf(w, "| %s | | none |\n", markdownText(clusterTitle(c)))
			left--
		}
		for _, r := range c.Resources[:min(len(c.Resources), left)] {
			fmt.Fprintf(w, "| %s | %s | %s %s |\n", markdownText(clusterTitle(c)), r.Change, markdownText(r.Kind), markdownText(objectName(r.Object)))
			left--
		}
	}
	sayMore(w, rows-rowsShown)
}

func fileTable(w io.Writer, changes []Change) {
	fmt.Fprint(w, "\n<details><summary>Files</summary>\n\n| change | file |\n|---|---|\n")
	for _, c := range changes[:min(len(changes), rowsShown)] {
		note := ""
		if c.Private {
			note = " (private)"
		}
		fmt.Fprintf(w, "| %s | %s%s |\n", c.Kind, markdownText(c.Path), note)
	}
	sayMore(w, len(changes)-rowsShown)
	fmt.Fprint(w, "\n</details>\n")
}

func sayMore(w io.Writer, n int) {
	if n > 0 {
		fmt.Fprintf(w, "\n… and %d more\n", n)
	}
}

// markdownText gives a text in one line that means nothing in Markdown or HTML.
func markdownText(text string) string {
	if utf8.RuneCountInString(text) > cellShown {
		text = string([]rune(text)[:cellShown]) + "…"
	}
	var out strings.Builder
	for _, r := range text {
		switch {
		case r == '&' || r == '<' || r == '>':
			fmt.Fprintf(&out, "&#%d;", r)
		case strings.ContainsRune("\\`*_{}[]()#+!|~$@", r):
			out.WriteRune('\\')
			out.WriteRune(r)
		case unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp):
			out.WriteRune(' ')
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}
