package main

import (
	"fmt"
	"io"

	"meshtopo.dev/meshtopo/cmd/internal/report"
	"meshtopo.dev/meshtopo/schema/private"
)

// stdio is where a command reads what the command line calls "-", prints results and talks.
type stdio struct {
	in       io.Reader
	out, err io.Writer
	talk     *talk
}

// say tells the user something that is neither a result nor an error.
func (s stdio) say(format string, args ...any) {
	if !s.talk.quiet {
		s.tell(format, args...)
	}
}

// tell writes a line for the user, such as why there is no result. Names of files, fields or flags in it may hold
// anything.
func (s stdio) tell(format string, args ...any) {
	s.talk.clear()
	fmt.Fprintln(s.err, report.Visible(private.Mask("meshtopo: "+fmt.Sprintf(format, args...), private.Hidden)))
}

// note tells the user a detail of the work, where details are asked for.
func (s stdio) note(format string, args ...any) {
	if s.talk.verbose {
		s.tell(format, args...)
	}
}

// begin tells the user what the work is at, where that is asked for or takes long.
func (s stdio) begin(format string, args ...any) {
	s.note(format, args...)
	s.talk.begin(report.Visible(fmt.Sprintf(format, args...)))
}

// sayAll says each text that there is.
func (io stdio) sayAll(texts ...string) {
	for _, text := range texts {
		if text != "" {
			io.say("%s", text)
		}
	}
}
