package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/pflag"

	"meshtopo.dev/meshtopo/cmd/internal/usage"
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
	ended     bool               // results are being printed
	listening bool               // for interrupts
	cancel    context.CancelFunc // what an interrupt does, once files are touched
	signal    os.Signal          // the interrupt
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
		return usage.Errorf("--quiet and --verbose exclude each other")
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
	t.listen()
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

// commit starts what an interrupt must not end midway: it ends the context instead.
func (t *talk) commit() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cancel = cancel
	t.listen()
	return ctx
}

// listen takes interrupts over from the system, which until then ends the process at once: as long as the terminal
// shows nothing and no file is touched, there is nothing to put in order, and most commands end before there is.
func (t *talk) listen() {
	if t.listening {
		return
	}
	t.listening = true
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() { t.interrupt(<-signals) }()
}

// interrupt ends the command with the exit code that a shell shows for a signal: by the command's own way where it
// has committed itself, else at once and without another word, with the terminal as it was.
func (t *talk) interrupt(s os.Signal) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.signal = s
	if t.cancel != nil {
		t.cancel()
		return
	}
	t.erase()
	os.Exit(exitSignal(s))
}

// interrupted gives the exit code of a command whose context an interrupt has ended.
func (t *talk) interrupted() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return exitSignal(t.signal)
}
