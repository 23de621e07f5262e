package tree

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// A child is the test binary again, doing one thing to a directory: to be killed, to hold the lock, to have other
// rights than the test.
var children = map[string]func(dir *Dir) error{
	"apply": applySecond,
	"churn": churn,
	"hold":  hold,
}

const (
	childVar = "MESHTOPO_TEST_CHILD"
	dirVar   = "MESHTOPO_TEST_DIR"
)

func TestMain(m *testing.M) {
	child, ok := children[os.Getenv(childVar)]
	if !ok {
		os.Exit(m.Run())
	}
	dir, err := Open(os.Getenv(dirVar))
	if err == nil {
		err = child(dir)
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// child prepares a process that does what children has under name.
func child(t *testing.T, name, dir string) *exec.Cmd {
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childVar+"="+name, dirVar+"="+dir)
	cmd.Stderr = os.Stderr
	return cmd
}

// ready starts a child and waits for the first line that it prints.
func ready(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the child says %q, %v", line, err)
	}
	return strings.TrimSpace(line)
}

// applySecond renders once, where the first edition of the tree is.
func applySecond(dir *Dir) error {
	changes, err := Apply(bare, dir, small("net-2 "+filler(8000)), nil, nil)
	fmt.Print(listing(changes))
	return err
}
