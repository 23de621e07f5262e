package report

import (
	"fmt"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
)

// style colours text, or leaves it as it is.
type style struct{ on bool }

// The SGR parameters in use: the sixteen colours that every terminal theme defines.
const (
	bold   = "1"
	faint  = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
	blue   = "34"
	cyan   = "36"
)

func (s style) paint(sgr, text string) string {
	if !s.on || text == "" {
		return text
	}
	return "\x1b[" + sgr + "m" + text + "\x1b[0m"
}

func (s style) bold(text string) string  { return s.paint(bold, text) }
func (s style) faint(text string) string { return s.paint(faint, text) }

func (s style) severity(v diag.Severity) string { return s.severe(v, v.String()) }

func (s style) severe(v diag.Severity, text string) string {
	colours := map[diag.Severity]string{diag.Error: red, diag.Warning: yellow, diag.Info: blue}
	return s.paint(bold+";"+colours[v], text)
}

func (s style) change(kind string, width int) string {
	colour := yellow
	switch kind {
	case "added":
		colour = green
	case "removed":
		colour = red
	}
	return s.paint(colour, fmt.Sprintf("%-*s", width, kind))
}

// unified colours a unified diff line by line.
func (s style) unified(diff string) string {
	if !s.on {
		return diff
	}
	var out strings.Builder
	for line := range strings.Lines(diff) {
		content := strings.TrimSuffix(line, "\n")
		out.WriteString(s.diffLine(content) + line[len(content):])
	}
	return out.String()
}

func (s style) diffLine(line string) string {
	switch {
	case strings.HasPrefix(line, "--- "), strings.HasPrefix(line, "+++ "):
		return s.bold(line)
	case strings.HasPrefix(line, "@@"):
		return s.paint(cyan, line)
	case strings.HasPrefix(line, "+"):
		return s.paint(green, line)
	case strings.HasPrefix(line, "-"):
		return s.paint(red, line)
	}
	return line
}
