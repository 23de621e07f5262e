package main

import (
	"fmt"
	"io"
	"strings"

	"meshtopo.dev/meshtopo/cmd/internal/console"
	"meshtopo.dev/meshtopo/cmd/internal/files"
	"meshtopo.dev/meshtopo/cmd/internal/report"
)

// target is one report: its format, and a file or "" for stdout.
type target struct {
	format string
	path   files.Output
}

// String gives what Set read.
func (t target) String() string { return strings.TrimSuffix(t.format+"="+string(t.path), "=") }

func (t target) write(std console.IO, r *report.Report) error {
	format, err := report.New(t.format, t.path == "" && console.Colours(std.Out))
	if err != nil {
		return err
	}
	write := func(w io.Writer) error { return format(w, r) }
	if t.path == "" {
		return write(std.Out)
	}
	return t.path.Replace(write)
}

// checkOther refuses a file that a report would replace without being one: a topology, a key, a rendered file, notes.
// What was written by no run can be brought back by none, and which files those are need not be known here.
func (t target) checkOther() error {
	head, err := t.path.Head(report.HeadSize)
	switch {
	case err != nil:
		return fmt.Errorf("%s is there, and whether it is a report cannot be read: %w", t.path, err)
	case head != nil && !report.Recognizes(head):
		return fmt.Errorf("%s is there and is no report: name another file", t.path)
	}
	return nil
}

// same reports whether two reports would go to the same place.
func (t target) same(other target) bool {
	if t.path == "" || other.path == "" {
		return t.path == other.path
	}
	return t.path.Same(other.path)
}
