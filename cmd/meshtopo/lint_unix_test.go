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

	"meshtopo.dev/meshtopo/cmd/internal/console"
	"meshtopo.dev/meshtopo/schema/document"
)

// TestLintNoRegularFile reports what has no end, or waits for somebody, without reading it.
func TestLintNoRegularFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "east"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "east", "pipe.yaml"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, arg := range []string{"east/pipe.yaml", "/dev/zero"} {
		got := meshtopo(t, dir, "", "lint", arg)
		if got.code != exitBroke || !strings.Contains(got.err, ": it is not a regular file\n") || got.out != "" {
			t.Errorf("lint %s exits with %d: %s%s", arg, got.code, got.out, got.err)
		}
	}
	got := meshtopo(t, dir, "", "lint", "east")
	if got.code != exitFound || !strings.Contains(got.out, "east/pipe.yaml: error: it is not checked: it is not a regular file [unreadable-manifest]\n") {
		t.Errorf("lint east exits with %d: %s%s", got.code, got.out, got.err)
	}
}

// TestLintUnreadable reports what is found and cannot be read, lints the rest, and fails at the end for what was named.
func TestLintUnreadable(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root reads everything")
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "clusters/east/below/a.yaml"), "kind: Namespace\n")
	write(t, filepath.Join(dir, "clusters/west/kind.yaml"), "apiVersion: networking.istio.io/v1\nkind: RemoteCluster\n")
	const rest = "clusters/west/kind.yaml:2:7: error: networking.istio.io has no kind"
	for _, name := range []string{"clusters/east/below/a.yaml", "clusters/east/below", "clusters/east"} {
		path := filepath.Join(dir, name)
		if err := os.Chmod(path, 0); err != nil {
			t.Fatal(err)
		}
		walked := meshtopo(t, dir, "", "lint", "clusters")
		named := meshtopo(t, dir, "", "lint", name, "clusters/west")
		alone := meshtopo(t, dir, "", "lint", name)
		os.Chmod(path, 0o700)
		if want := name + ": error: it is not checked: permission denied [unreadable-manifest]\n"; walked.code != exitFound || !strings.Contains(walked.out, want) || !strings.Contains(walked.out, rest) {
			t.Errorf("lint clusters exits with %d: %s%s", walked.code, walked.out, walked.err)
		}
		want := "meshtopo: " + name + ": permission denied\n"
		if named.code != exitBroke || named.err != "meshtopo: 1 error\n"+want || !strings.Contains(named.out, rest) {
			t.Errorf("lint %s clusters/west exits with %d: %s%s", name, named.code, named.out, named.err)
		}
		if alone.code != exitBroke || alone.err != want || alone.out != "" {
			t.Errorf("lint %s exits with %d: %s%s", name, alone.code, alone.out, alone.err)
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
	if code := run([]string{"lint", "-"}, console.IO{In: endless, Out: &out, Err: &talk, Talk: console.NewTalk(&talk)}); code != exitFound || !strings.Contains(out.String(), "<stdin>: error: ") {
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
