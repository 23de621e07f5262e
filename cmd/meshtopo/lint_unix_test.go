//go:build unix

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"meshtopo.dev/meshtopo/schema/document"
)

// TestLintNoRegularFile refuses what has no end, or waits for somebody, without reading it.
func TestLintNoRegularFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "east"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "east", "pipe.yaml"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, arg := range []string{"east", "east/pipe.yaml", "/dev/zero"} {
		got := meshtopo(t, dir, "", "lint", arg)
		if got.code != exitBroke || !strings.Contains(got.err, ": it is not a regular file\n") || got.out != "" {
			t.Errorf("lint %s exits with %d: %s%s", arg, got.code, got.out, got.err)
		}
	}
}

// TestLintUnreadable names the file or directory that cannot be read.
func TestLintUnreadable(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root reads everything")
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "east/below/a.yaml"), "kind: Namespace\n")
	for _, name := range []string{"east/below/a.yaml", "east/below"} {
		path := filepath.Join(dir, name)
		if err := os.Chmod(path, 0); err != nil {
			t.Fatal(err)
		}
		got := meshtopo(t, dir, "", "lint", "east")
		os.Chmod(path, 0o700)
		if want := "meshtopo: " + name + ": permission denied\n"; got.code != exitBroke || got.err != want {
			t.Errorf("lint exits with %d: %swant %s", got.code, got.err, want)
		}
	}
}

// TestLintTooLarge reads no more of a file, and of standard input, than is linted, and goes on.
func TestLintTooLarge(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "kind.yaml"), "apiVersion: networking.istio.io/v1\nkind: RemoteCluster\n")
	file, err := os.Create(filepath.Join(dir, "large.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := file.Truncate(1 << 40); err != nil {
		t.Fatal(err)
	}
	got := meshtopo(t, dir, "", "lint", "large.yaml", "kind.yaml")
	if got.code != exitFound || !strings.Contains(got.out, "large.yaml: error: the file is larger than 16 MiB and is not checked [file-too-large]\n") ||
		!strings.Contains(got.out, "kind.yaml:2:7: error: ") {
		t.Errorf("lint exits with %d: %s%s", got.code, got.out, got.err)
	}
	endless := &counted{}
	var out, talk bytes.Buffer
	if code := run([]string{"lint", "-"}, stdio{endless, &out, &talk, newTalk(&talk)}); code != exitFound || !strings.Contains(out.String(), "<stdin>: error: ") {
		t.Errorf("lint - exits with %d: %s%s", code, out.String(), talk.String())
	}
	if endless.read > 2*document.MaxFileSize {
		t.Errorf("%d bytes of standard input were read", endless.read)
	}
}

// counted is a reader without an end.
type counted struct{ read int }

func (c *counted) Read(p []byte) (int, error) {
	c.read += len(p)
	return copy(p, bytes.Repeat([]byte("#"), len(p))), nil
}

// TestLintPipeOfTheShell reads <(…) of a shell that has it.
func TestLintPipeOfTheShell(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash")
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "kind.yaml"), "apiVersion: networking.istio.io/v1\nkind: RemoteCluster\n")
	shell := exec.Command(bash, "-c", "meshtopo lint <(cat kind.yaml)")
	shell.Dir = dir
	out, err := shell.CombinedOutput()
	if err == nil || !strings.Contains(string(out), ":2:7: error: networking.istio.io has no kind") {
		t.Errorf("lint of a pipe: %v\n%s", err, out)
	}
}
