// Command meshtopo compiles a topology, which describes an Istio mesh of several Kubernetes clusters, into a
// directory of manifests per cluster, and tells whether such a directory is still what its topology says.
//
// Each verb has a file and a constructor of its own. They parse the command line, open the files that it names
// and print; what a topology means is decided in package schema, what is made of it in package render.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"

	"meshtopo.dev/meshtopo/cmd/internal/report"
)

func main() {
	// Both change how CUE evaluates (CUE_DEBUG=opendef switches closedness off, so that unknown fields pass):
	// the same topology must mean the same on every machine.
	os.Unsetenv("CUE_DEBUG")
	os.Unsetenv("CUE_EXPERIMENT")
	collectRarely()
	io := stdio{os.Stdin, os.Stdout, os.Stderr, newTalk(os.Stderr)}
	os.Exit(run(os.Args[1:], io))
}

// collectRarely trades memory for time while a topology is loaded: nearly all of that heap is garbage, and small. It
// is a tenth faster with three clusters, a quarter with many.
func collectRarely() { collectAt(400) }

// collectOften is for a large rendered tree, nearly all of which stays. Here the same trade would double the peak of
// memory and gain a few hundredths of the time. A few clusters are rendered before any collection is due, which is a
// tenth of their time. Beside a bound, what loading has left is given back before more is taken; very many clusters need
// more than that.
func collectOften(clusters int) {
	const full, most = 64 << 20, 400
	if clusters > 10 {
		collectAt(100)
	}
	if clusters <= most && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(full)
	}
}

// collectWhenFull is for linting, where all but a kilobyte of each file is garbage as soon as the file is read: collecting only
// when so much has gathered makes the peak of memory the same for ten files and for ten thousand. Far more files than that keep
// so much that the collector would never rest.
func collectWhenFull(files int) {
	const full, most = 80 << 20, 30_000
	switch {
	case files > most:
		collectAt(100)
	case os.Getenv("GOMEMLIMIT") == "":
		collectAt(-1)
		debug.SetMemoryLimit(full)
	}
}

// collectAt leaves the last word to the user.
func collectAt(percent int) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
}

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

// run executes a command line and gives its exit code.
func run(args []string, io stdio) (code int) {
	defer func() {
		if r := recover(); r != nil {
			io.complain("internal error at %s: this is a mistake of meshtopo; report it with the command that you ran", panicPlace())
			code = exitBroke // a panic would exit with 2, which means a wrong command line
		}
	}()
	defer io.talk.end()
	out := &checkedWriter{w: io.out, before: io.talk.end}
	root := newRoot(stdio{io.in, out, io.err, io.talk}, args)
	err := root.Execute()
	if out.err != nil && !isUsage(err) {
		err = fmt.Errorf("writing the output: %w", out.err)
	}
	return exitCode(err, io)
}

// panicPlace names the function that panicked. What it panicked with may hold material, and is not shown.
func panicPlace() string {
	callers := make([]uintptr, 32)
	frames := runtime.CallersFrames(callers[:runtime.Callers(1, callers)])
	panicking := false
	for {
		frame, more := frames.Next()
		if panicking && !strings.HasPrefix(frame.Function, "runtime.") || !more {
			return fmt.Sprintf("%s:%d", frame.Function, frame.Line)
		}
		panicking = panicking || frame.Function == "runtime.gopanic"
	}
}

// exitCode is the one place that turns an error into an exit code and says what it was.
func exitCode(err error, io stdio) int {
	var found foundError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &found):
		return exitFound
	case isUsage(err):
		io.complain("%v", err)
		return exitUsage
	case errors.Is(err, context.Canceled):
		io.complain("interrupted: nothing was written")
		return io.talk.interrupted()
	}
	for _, failure := range failures(err) {
		io.complain("%v", failure)
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

// usageError is a mistake on the command line.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

func isUsage(err error) bool {
	var usage usageError
	return errors.As(err, &usage)
}

// checkedWriter keeps the first error, so that results which did not reach a full disk are noticed even where
// a library prints them.
type checkedWriter struct {
	w      io.Writer
	before func() // is called before anything is printed
	err    error
}

func (c *checkedWriter) Write(p []byte) (int, error) {
	c.before()
	n, err := c.w.Write(p)
	if c.err == nil {
		c.err = err
	}
	return n, err
}
