package main

import (
	"fmt"
	"io"

	"meshtopo.dev/meshtopo/cmd/internal/report"
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
		s.complain(format, args...)
	}
}

// complain tells the user why there is no result, in a line: what names files, fields or flags says may be anything.
func (s stdio) complain(format string, args ...any) {
	s.talk.clear()
	fmt.Fprintln(s.err, report.Visible("meshtopo: "+fmt.Sprintf(format, args...)))
}

// note tells the user a detail of the work, where details are asked for.
func (s stdio) note(format string, args ...any) {
	if s.talk.verbose {
		s.complain(format, args...)
	}
}

// begin tells the user what the work is at, where that is asked for or takes long.
func (s stdio) begin(format string, args ...any) {
	s.note(format, args...)
	s.talk.begin(report.Visible(fmt.Sprintf(format, args...)))
}
