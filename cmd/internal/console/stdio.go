// Package console says how a command talks with the person who runs it: what it reads and prints, what it says of its
// work, and how it ends.
package console

import (
	"fmt"
	"io"

	"meshtopo.dev/meshtopo/cmd/internal/report"
	"meshtopo.dev/meshtopo/schema/private"
)

// IO is where a command reads what the command line calls "-", prints results and talks.
type IO struct {
	In       io.Reader
	Out, Err io.Writer
	Talk     *Talk
}

// Say tells the user something that is neither a result nor an error.
func (s IO) Say(format string, args ...any) {
	if !s.Talk.Quiet {
		s.Tell(format, args...)
	}
}

// Tell writes a line for the user, such as why there is no result. Names of files, fields or flags in it may hold
// anything.
func (s IO) Tell(format string, args ...any) {
	s.Talk.clear()
	fmt.Fprintln(s.Err, report.Visible(private.Mask("meshtopo: "+fmt.Sprintf(format, args...), private.Hidden)))
}

// Note tells the user a detail of the work, where details are asked for.
func (s IO) Note(format string, args ...any) {
	if s.Talk.Verbose {
		s.Tell(format, args...)
	}
}

// Begin tells the user what the work is at, where that is asked for or takes long.
func (s IO) Begin(format string, args ...any) {
	s.Note(format, args...)
	s.Talk.begin(report.Visible(fmt.Sprintf(format, args...)))
}

// SayAll says each text that there is.
func (s IO) SayAll(texts ...string) {
	for _, text := range texts {
		if text != "" {
			s.Say("%s", text)
		}
	}
}
