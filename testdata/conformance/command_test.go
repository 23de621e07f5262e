package conformance

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// built is meshtopo as its users build it: with the dependencies of its own module.
var built string

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "conformance")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	store = dir
	built = filepath.Join(dir, "meshtopo")
	if out, err := exec.Command("go", "-C", "../..", "build", "-o", built, "./cmd/meshtopo").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, out)
		return 1
	}
	if err := keepLogs(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// meshtopo runs the command in the example's directory and gives what it prints. Another exit code than 0 fails.
func meshtopo(t *testing.T, e *example, args ...string) string {
	t.Helper()
	command := exec.Command(built, args...)
	command.Dir = e.dir
	return output(t, command)
}

// tools keeps the paths of tools that were asked for.
var tools = map[string]string{}

// tool gives the path of a tool that go.mod pins. The go command builds it once and keeps it in its cache.
func tool(t *testing.T, name string) string {
	t.Helper()
	if tools[name] == "" {
		tools[name] = strings.TrimSpace(output(t, exec.Command("go", "tool", "-n", name)))
	}
	return tools[name]
}

// output runs a command and gives its standard output. Another exit code than 0 fails.
func output(t *testing.T, command *exec.Cmd) string {
	t.Helper()
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", command.Args, stderr(err), out)
	}
	return string(out)
}

// stderr adds what a command wrote to its standard error.
func stderr(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return fmt.Errorf("%w: %s", err, exit.Stderr)
	}
	return err
}
