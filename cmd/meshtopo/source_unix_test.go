//go:build unix

package main

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestEndless gives the command what never ends, in every place where it reads a file. It says so, and does not wait.
func TestEndless(t *testing.T) {
	pipe := func(t *testing.T, name string) {
		t.Helper()
		if err := syscall.Mkfifo(name, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name    string
		args    []string
		prepare func(t *testing.T)
		code    int
		want    string // of what is printed
	}{
		{"a device", []string{"validate", "/dev/zero"}, nil, exitBroke, "meshtopo: /dev/zero: it is not a regular file; redirect it to standard input and name that: -\n"},
		{"a device on stdin", []string{"validate", "-"}, nil, exitFound, "[file-too-large]"},
		{"a pipe", []string{"render", "pipe.yaml"}, func(t *testing.T) { pipe(t, "pipe.yaml") }, exitBroke, "meshtopo: pipe.yaml: it is not a regular file"},
		{"a pipe beside a topology", []string{"diff", "topology.yaml", "more.yaml"}, func(t *testing.T) { pipe(t, "more.yaml") }, exitBroke, "meshtopo: more.yaml: it is not a regular file"},
		{"a socket", []string{"validate", "socket.yaml"}, func(t *testing.T) {
			listener, err := net.Listen("unix", "socket.yaml")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { listener.Close() })
		}, exitBroke, "meshtopo: socket.yaml: it is not a regular file"},
		{"the topology of a directory", []string{"validate"}, func(t *testing.T) {
			if err := os.Remove("topology.yaml"); err != nil {
				t.Fatal(err)
			}
			pipe(t, "topology.yaml")
		}, exitBroke, "meshtopo: topology.yaml: it is not a regular file"},
		{"a file of a CUE package", []string{"validate", "package"}, func(t *testing.T) {
			write(t, "package/a.cue", "package mesh\n")
			pipe(t, "package/b.cue")
		}, exitFound, "it is not a regular file [unreadable-input]"},
		{"the kustomization beside it", []string{"validate"}, func(t *testing.T) { pipe(t, "kustomization.yaml") }, exitOK, "topology.yaml is valid"},
		{"a certificate", []string{"validate"}, func(t *testing.T) { replacePipe(t, "certs/root-cert.pem") }, exitFound, "it is not a regular file [unreadable-file]"},
		{"a token", []string{"validate"}, func(t *testing.T) { replacePipe(t, "tokens/cluster-a") }, exitFound, "it is not a regular file [unreadable-file]"},
		{"a patch", []string{"validate", "topology.yaml", "patched.yaml"}, func(t *testing.T) {
			write(t, "patched.yaml", "spec: {istio: {patches: [{path: patch.yaml}]}}\n")
			pipe(t, "patch.yaml")
		}, exitFound, "it is not a regular file [unreadable-file]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Chdir(copyExample(t, "two-clusters"))
			if tt.prepare != nil {
				tt.prepare(t)
			}
			zero, err := os.Open("/dev/zero")
			if err != nil {
				t.Fatal(err)
			}
			defer zero.Close()
			limit, cancel := context.WithTimeout(t.Context(), time.Minute) // which only a hanging command meets
			defer cancel()
			c := exec.CommandContext(limit, "meshtopo", tt.args...)
			c.Stdin = zero
			out, _ := c.CombinedOutput()
			if limit.Err() != nil || c.ProcessState.ExitCode() != tt.code || !strings.Contains(string(out), tt.want) {
				t.Errorf("exit code %d, %v:\n%s\nwant %d, %q", c.ProcessState.ExitCode(), limit.Err(), out, tt.code, tt.want)
			}
		})
	}
}

// replacePipe puts a pipe in the place of a file.
func replacePipe(t *testing.T, name string) {
	t.Helper()
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestProcessSubstitution names an open file on the command line, as <(…) of a shell does.
func TestProcessSubstitution(t *testing.T) {
	dir := copyExample(t, "two-clusters")
	text := read(t, filepath.Join(dir, "topology.yaml"))
	for _, tt := range []struct {
		name, arg, text string
		code            int
		want            string
	}{
		{"a pipe", "/dev/fd/3", text, exitOK, "meshtopo: <stdin> is valid: 2 clusters on 2 networks\n"},
		{"a wrong topology", "/dev/fd/3", strings.Replace(text, "network: network2", "network: netwrok2", 1), exitFound, "<stdin>:26:16: error: "},
		{"standard input by its path", "/dev/stdin", text, exitOK, "meshtopo: <stdin> is valid"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, w, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			go func() {
				w.WriteString(tt.text)
				w.Close()
			}()
			defer r.Close()
			c := exec.Command("meshtopo", "validate", tt.arg)
			c.Dir, c.Stdin, c.ExtraFiles = dir, r, []*os.File{r}
			out, _ := c.CombinedOutput()
			if c.ProcessState.ExitCode() != tt.code || !strings.Contains(string(out), tt.want) {
				t.Errorf("exit code %d, want %d, %q:\n%s", c.ProcessState.ExitCode(), tt.code, tt.want, out)
			}
		})
	}
	t.Run("a file", func(t *testing.T) {
		file, err := os.Open(filepath.Join(dir, "topology.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		c := exec.Command("meshtopo", "validate", "/dev/stdin")
		c.Dir, c.Stdin = dir, file
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	})
	t.Run("two", func(t *testing.T) {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		defer r.Close()
		c := exec.Command("meshtopo", "validate", "/dev/fd/3", "-")
		c.Dir, c.ExtraFiles = dir, []*os.File{r}
		out, _ := c.CombinedOutput()
		if c.ProcessState.ExitCode() != exitUsage || !strings.Contains(string(out), "can be read only once") {
			t.Errorf("exit code %d:\n%s", c.ProcessState.ExitCode(), out)
		}
	})
}
