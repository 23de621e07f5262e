package main

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/pflag"
)

// talk is what a command says about its work, as opposed to its results: nothing more than errors, or what it
// found, or every step as well. On a terminal, work that takes its time shows the step that it is at in a line,
// which goes away with the next output.
type talk struct {
	quiet, verbose bool

	mu        sync.Mutex
	status    io.Writer // the terminal, or nil
	timer     *time.Timer
	step      string
	due       bool // the work has taken long enough to show its step
	shown     bool
	ended     bool // results are being printed
	committed bool // files are being switched
}

// patience is how long work may take before it says what it does.
const patience = time.Second

// newTalk gives talk that shows steps where err is a terminal that shows colours: neither a log nor a pipe.
func newTalk(err io.Writer) *talk {
	t := &talk{}
	if colours(err) {
		t.status = err
	}
	return t
}

func (t *talk) addFlags(f *pflag.FlagSet) {
	f.BoolVarP(&t.quiet, "quiet", "q", false, "say nothing but results and errors")
	f.BoolVarP(&t.verbose, "verbose", "v", false, "say what is read, rendered and written")
}

func (t *talk) check() error {
	if t.quiet && t.verbose {
		return usagef("--quiet and --verbose exclude each other")
	}
	return nil
}

// begin notes what the work is at.
func (t *talk) begin(step string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.step = step
	switch {
	case t.status == nil || t.quiet || t.verbose || t.ended:
	case t.timer == nil:
		t.timer = time.AfterFunc(patience, t.show)
	case t.due:
		t.draw()
	}
}

func (t *talk) show() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.due = true
	t.draw()
}

// Where the line begins, and how to erase what is on it.
const eraseLine = "\r\x1b[K"

// draw shows the step, in no more than the width of every terminal.
func (t *talk) draw() {
	if !t.ended {
		fmt.Fprintf(t.status, "%smeshtopo: %.60s ...", eraseLine, t.step)
		t.shown = true
	}
}

// clear takes the line away, so that something else can be printed.
func (t *talk) clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.erase()
}

func (t *talk) erase() {
	if t.shown {
		fmt.Fprint(t.status, eraseLine)
		t.shown = false
	}
}

// end takes the line away for good.
func (t *talk) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.erase()
	t.ended = true
	if t.timer != nil {
		t.timer.Stop()
	}
}

// commit says that from now on, an interrupt is the command's own business.
func (t *talk) commit() {
	t.mu.Lock()
	t.committed = true
	t.mu.Unlock()
}

// interrupt leaves the terminal as it was and reports whether the command can end at once: nothing has been written.
// Where it can, it says nothing any more.
func (t *talk) interrupt() bool {
	t.mu.Lock()
	t.erase()
	if t.committed {
		t.mu.Unlock()
		return false
	}
	return true
}

// interruptible runs a command and gives its exit code; of one that a signal ended, what a shell would show.
func interruptible(t *talk, run func() int) int {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	done := make(chan int, 1)
	go func() { done <- run() }()
	select {
	case code := <-done:
		return code
	case s := <-signals:
		code := exitBroke
		if number, ok := s.(syscall.Signal); ok {
			code = 128 + int(number)
		}
		if t.interrupt() {
			return code
		}
		if own := <-done; own != exitInterrupted {
			return own // it came too late
		}
		return code
	}
}
