package main

import "meshtopo.dev/meshtopo/cmd/internal/console"

const (
	exitOK    = 0 // nothing to report
	exitFound = 1 // the input, or the directory, needs a person's attention
	exitUsage = 2 // the command line was wrong
	exitBroke = console.Broke
)

// failures takes apart what errors.Join has joined.
func failures(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return []error{err}
}
