package report

import (
	"fmt"
	"strings"

	"meshtopo.dev/meshtopo/render/tree"
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

// styled is text for a line, made visible and then coloured.
type styled string

func (s style) paint(sgr, text string) styled {
	text = escaped(text)
	if !s.on || text == "" {
		return styled(text)
	}
	return styled("\x1b[" + sgr + "m" + text + "\x1b[0m")
}

func (s style) bold(text string) styled  { return s.paint(bold, text) }
func (s style) faint(text string) styled { return s.paint(faint, text) }

func (s style) severe(v diag.Severity, text string) styled {
	colours := map[diag.Severity]string{diag.Error: red, diag.Warning: yellow, diag.Info: blue}
	return s.paint(bold+";"+colours[v], text)
}

func (s style) state(state State, text string) styled {
	return s.paint(map[State]string{Expired: red, Soon: yellow, Lasting: green}[state], text)
}

func (s style) change(kind tree.Kind, width int) styled {
	colour := yellow
	switch kind {
	case tree.Added:
		colour = green
	case tree.Removed:
		colour = red
	}
	return s.paint(colour, fmt.Sprintf("%-*s", width, kind))
}

// diffLine colours a line of a unified diff.
func (s style) diffLine(line string) styled {
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
	return styled(escaped(line))
}
