package main

import (
	"os"
	"syscall"
)

const (
	exitOK    = 0 // nothing to report
	exitFound = 1 // the input, or the directory, needs a person's attention
	exitUsage = 2 // the command line was wrong
	exitBroke = 3 // reading, writing or the program itself failed
)

// exitSignal is what a shell shows for a command that a signal ended.
func exitSignal(s os.Signal) int {
	if number, ok := s.(syscall.Signal); ok {
		return 128 + int(number)
	}
	return exitBroke
}

// failures takes apart what errors.Join has joined.
func failures(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return []error{err}
}

// foundError ends a command that has reported findings or drift.
type foundError struct{}

func (foundError) Error() string { return "there are findings" }
