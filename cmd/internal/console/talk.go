package console

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

// Talk is what a command says about its work, as opposed to its results: nothing more than errors, or what it
// found, or every step as well. On a terminal, work that takes its time shows the step that it is at in a line,
// which goes away with the next output.
type Talk struct {
	Quiet, Verbose bool

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

// Patience is how long work may take before it says what it does.
const Patience = time.Second

// NewTalk gives talk that shows steps where err is a terminal that shows colours: neither a log nor a pipe.
func NewTalk(err io.Writer) *Talk {
	t := &Talk{}
	if Colours(err) {
		t.status = err
	}
	return t
}

// AddFlags adds the flags that say how much is said.
func (t *Talk) AddFlags(f *pflag.FlagSet) {
	f.BoolVarP(&t.Quiet, "quiet", "q", false, "say nothing but results and errors")
	f.BoolVarP(&t.Verbose, "verbose", "v", false, "say what is read, rendered and written")
}

// Check finds flags that exclude each other.
func (t *Talk) Check() error {
	if t.Quiet && t.Verbose {
		return usage.Errorf("--quiet and --verbose exclude each other")
	}
	return nil
}

// begin notes what the work is at.
func (t *Talk) begin(step string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.step = step
	switch {
	case t.status == nil || t.Quiet || t.Verbose || t.ended:
	case t.timer == nil:
		t.timer = time.AfterFunc(Patience, t.show)
	case t.due:
		t.draw()
	}
}

func (t *Talk) show() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.due = true
	t.listen()
	t.draw()
}

// EraseLine goes to where the line begins, and erases what is on it.
const EraseLine = "\r\x1b[K"

// draw shows the step, in no more than the width of every terminal.
func (t *Talk) draw() {
	if !t.ended {
		fmt.Fprintf(t.status, "%smeshtopo: %.60s ...", EraseLine, t.step)
		t.shown = true
	}
}

// clear takes the line away, so that something else can be printed.
func (t *Talk) clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.erase()
}

func (t *Talk) erase() {
	if t.shown {
		fmt.Fprint(t.status, EraseLine)
		t.shown = false
	}
}

// End takes the line away for good.
func (t *Talk) End() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.erase()
	t.ended = true
	if t.timer != nil {
		t.timer.Stop()
	}
}

// Commit starts what an interrupt must not end midway: it ends the context instead.
func (t *Talk) Commit() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cancel = cancel
	t.listen()
	return ctx
}

// listen takes interrupts over from the system, which until then ends the process at once: as long as the terminal
// shows nothing and no file is touched, there is nothing to put in order, and most commands end before there is.
func (t *Talk) listen() {
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
func (t *Talk) interrupt(s os.Signal) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.signal = s
	if t.cancel != nil {
		t.cancel()
		return
	}
	t.erase()
	os.Exit(ExitSignal(s))
}

// Interrupted gives the exit code of a command whose context an interrupt has ended.
func (t *Talk) Interrupted() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return ExitSignal(t.signal)
}

// interruptedBy notes the interrupt that ends the command by its own way.
func (t *Talk) interruptedBy(s os.Signal) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.signal = s
}
