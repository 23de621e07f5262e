package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"meshtopo.dev/meshtopo/cmd/internal/console"
)

// terminal starts the command on a terminal of its own, where it reads a topology from a pipe that is still open.
type terminal struct {
	t     *testing.T
	keys  *os.File // what is typed
	stdin io.WriteCloser
	c     *exec.Cmd
	shown chan string // all that was shown, at the end
}

func onTerminal(t *testing.T, env ...string) *terminal {
	t.Helper()
	master, tty := openTerminal(t)
	defer tty.Close()
	c := exec.Command("meshtopo", "render", "-o", "out", "-")
	c.Dir = copyExample(t, "two-clusters")
	c.Env = append(os.Environ(), append([]string{"TERM=xterm", "CI=", "NO_COLOR="}, env...)...)
	c.Stdout, c.Stderr = tty, tty
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 1}
	stdin, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	term := &terminal{t, master, stdin, c, make(chan string, 1)}
	go func() {
		text, _ := io.ReadAll(master) // ends with an error when the last one closes the terminal
		term.shown <- string(text)
	}()
	return term
}

// openTerminal makes a terminal: the side of the person, and that of the program.
func openTerminal(t *testing.T) (master, tty *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("no terminals here: ", err)
	}
	t.Cleanup(func() { master.Close() })
	var number, unlock int32
	ioctl(t, master, syscall.TIOCSPTLCK, &unlock)
	ioctl(t, master, syscall.TIOCGPTN, &number)
	if tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0); err != nil {
		t.Fatal(err)
	}
	return master, tty
}

func ioctl(t *testing.T, f *os.File, request uintptr, value *int32) {
	t.Helper()
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), request, uintptr(unsafe.Pointer(value))); errno != 0 {
		t.Fatal(errno)
	}
}

// end waits for the command, and gives its exit code and what the terminal showed.
func (term *terminal) end() (int, string) {
	term.t.Helper()
	_ = term.c.Wait()
	return term.c.ProcessState.ExitCode(), strings.ReplaceAll(<-term.shown, "\r\n", "\n")
}

const reading = "\r\x1b[Kmeshtopo: reading <stdin> ..."

// A command that takes its time shows what it is at, and takes that away before it prints anything.
func TestSlowWorkIsShown(t *testing.T) {
	t.Parallel()
	term := onTerminal(t)
	time.Sleep(console.Patience + console.Patience/2)
	if _, err := io.WriteString(term.stdin, read(t, filepath.Join(term.c.Dir, "topology.yaml"))); err != nil {
		t.Fatal(err)
	}
	term.stdin.Close()
	code, shown := term.end()
	result := strings.Index(shown, "out/clusters: 25 files written\n")
	if code != exitOK || !strings.HasPrefix(shown, reading) || result < 0 || !strings.HasSuffix(shown[:result], console.EraseLine) || strings.Contains(shown[result:], "\x1b") {
		t.Errorf("exit code %d, and the terminal shows %q", code, shown)
	}
}

// Nobody is told what a command is at who reads a log, or who has asked for quiet.
func TestSlowWorkIsNotLogged(t *testing.T) {
	for _, env := range []string{"NO_COLOR=1", "CI=true", "TERM=dumb"} {
		t.Run(env, func(t *testing.T) {
			t.Parallel()
			term := onTerminal(t, env)
			time.Sleep(console.Patience + console.Patience/2)
			term.stdin.Close()
			if code, shown := term.end(); code != exitFound || strings.Contains(shown, "reading") || strings.Contains(shown, "\x1b") {
				t.Errorf("exit code %d, and the terminal shows %q", code, shown)
			}
		})
	}
}

// Ctrl-C ends a command as a shell expects it, leaves nothing on the line of the next prompt, and nothing behind.
func TestInterruptLeavesTheTerminalSane(t *testing.T) {
	t.Parallel()
	term := onTerminal(t)
	time.Sleep(console.Patience + console.Patience/2)
	if _, err := term.keys.WriteString("\x03"); err != nil {
		t.Fatal(err)
	}
	code, shown := term.end()
	if code != console.ExitSignal(syscall.SIGINT) || strings.ReplaceAll(shown, "^C", "") != reading+console.EraseLine {
		t.Errorf("exit code %d, and the terminal shows %q", code, shown)
	}
	if _, err := os.Stat(filepath.Join(term.c.Dir, "out")); !os.IsNotExist(err) {
		t.Errorf("the output directory is there: %v", err)
	}
}
