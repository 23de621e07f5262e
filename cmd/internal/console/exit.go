package console

import (
	"errors"
	"os"
	"syscall"

	"meshtopo.dev/meshtopo/cmd/internal/report"
)

// Broke is the exit code of a command where reading, writing or the program itself failed.
const Broke = 3

// ErrFound ends a command that has reported findings or drift.
var ErrFound = errors.New("there are findings")

// Outcome tells how many findings there were, and ends the command if one is as severe as fails it.
func (s IO) Outcome(r *report.Report) error {
	if summary := report.Summary(r.Findings); summary != "" {
		s.Say("%s", summary)
	}
	if r.Findings.Count(r.FailOn) > 0 {
		return ErrFound
	}
	return nil
}

// ExitSignal is what a shell shows for a command that a signal ended.
func ExitSignal(s os.Signal) int {
	if number, ok := s.(syscall.Signal); ok {
		return 128 + int(number)
	}
	return Broke
}
