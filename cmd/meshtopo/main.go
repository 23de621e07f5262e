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
	"os"
	"runtime"
	"strings"

	"meshtopo.dev/meshtopo/cmd/internal/console"
	_ "meshtopo.dev/meshtopo/cmd/internal/hermetic" // first of all
	"meshtopo.dev/meshtopo/cmd/internal/usage"
)

func main() {
	collectRarely()
	io := console.IO{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Talk: console.NewTalk(os.Stderr)}
	os.Exit(run(os.Args[1:], io))
}

// run executes a command line and gives its exit code.
func run(args []string, io console.IO) (code int) {
	defer func() {
		if r := recover(); r != nil {
			io.Tell("internal error at %s: this is a mistake of meshtopo; report it with the command that you ran", panicPlace())
			code = exitBroke // a panic would exit with 2, which means a wrong command line
		}
	}()
	defer io.Talk.End()
	out := &console.Checked{W: io.Out, Before: io.Talk.End}
	root := newRoot(console.IO{In: io.In, Out: out, Err: io.Err, Talk: io.Talk}, args)
	err := unknownTopic(root, args)
	if err == nil {
		err = root.Execute()
	}
	if out.Err != nil && !usage.Is(err) {
		err = fmt.Errorf("writing the output: %w", out.Err)
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
func exitCode(err error, io console.IO) int {
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, console.ErrFound):
		return exitFound
	case usage.Is(err):
		io.Tell("%v", err)
		return exitUsage
	case errors.Is(err, context.Canceled):
		io.Tell("interrupted: nothing was written")
		return io.Talk.Interrupted()
	}
	for _, failure := range failures(err) {
		io.Tell("%v", failure)
	}
	return exitBroke
}
