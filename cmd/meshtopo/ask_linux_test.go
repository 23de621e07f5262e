package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"meshtopo.dev/meshtopo/cmd/internal/console"
)

// asked runs meshtopo ca on a terminal where somebody types the answers, each once its question is there, and gives the
// exit code and what was shown.
func asked(t *testing.T, dir string, args, answers []string) (code int, shown string) {
	t.Helper()
	master, tty := openTerminal(t)
	c := exec.Command("meshtopo", append([]string{"ca"}, args...)...)
	c.Dir, c.Stdin, c.Stdout, c.Stderr = dir, tty, tty, tty
	c.Env = append(os.Environ(), "TERM=xterm", "MESHTOPO_CA_PASSPHRASE=")
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	tty.Close()
	text := make(chan string, 100)
	go func() {
		buffer := make([]byte, 4096)
		for {
			n, err := master.Read(buffer)
			text <- string(buffer[:n])
			if err != nil {
				close(text)
				return
			}
		}
	}()
	var all bytes.Buffer
	for _, answer := range answers {
		from := all.Len()
		for !strings.HasSuffix(strings.TrimRight(all.String()[from:], " "), ":") {
			select {
			case more, open := <-text:
				if !open {
					t.Fatalf("the command has ended: %s", &all)
				}
				all.WriteString(more)
			case <-time.After(30 * time.Second):
				t.Fatalf("no question comes: %s", &all)
			}
		}
		time.Sleep(50 * time.Millisecond) // until the echo is off
		if _, err := master.WriteString(answer); err != nil {
			t.Fatal(err)
		}
	}
	for more := range text {
		all.WriteString(more)
	}
	_ = c.Wait()
	return c.ProcessState.ExitCode(), strings.ReplaceAll(all.String(), "\r\n", "\n")
}

// A passphrase is asked for twice, is not shown, and opens the key later. Two that differ make nothing.
func TestPassphraseIsAsked(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	root := []string{"root", "--root-cert", "root.pem", "--root-key", "root.age"}
	code, shown := asked(t, dir, root, []string{"battery horse\n", "battery hose\n"})
	if code != exitBroke || !strings.Contains(shown, "meshtopo: the passphrases are not the same: nothing was written\n") {
		t.Errorf("two passphrases: exit code %d, %q", code, shown)
	}
	if code, shown = asked(t, dir, root, []string{"\n"}); code != exitBroke || !strings.Contains(shown, "the passphrase is empty") {
		t.Errorf("no passphrase: exit code %d, %q", code, shown)
	}
	code, shown = asked(t, dir, root, []string{"\x03"})
	if code != console.ExitSignal(syscall.SIGINT) || !strings.Contains(shown, "interrupted: nothing was written") {
		t.Errorf("an interrupt: exit code %d, %q", code, shown)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v is left, %v", left, err)
	}
	code, shown = asked(t, dir, root, []string{"battery horse\n", "battery horse\n"})
	if code != exitOK || !strings.HasPrefix(shown, "Passphrase for root.age: \nThe same again: \n") || strings.Contains(shown, "horse") {
		t.Errorf("exit code %d, %q", code, shown)
	}
	request(t, dir)
	sign := []string{"sign", "--root-cert", "root.pem", "--root-key", "root.age", "certs/cluster-a/ca-csr.pem"}
	code, shown = asked(t, dir, sign, []string{"battery hose\n"})
	if code != exitBroke || !strings.Contains(shown, "meshtopo: the passphrase is wrong: ") || strings.Contains(shown, "hose") {
		t.Errorf("a wrong passphrase: exit code %d, %q", code, shown)
	}
	code, shown = asked(t, dir, sign, []string{"battery horse\n"})
	if code != exitOK || !strings.HasPrefix(shown, "Passphrase of root.age: \n") || strings.Contains(shown, "horse") {
		t.Errorf("exit code %d, %q", code, shown)
	}
}

// request makes a request for cluster-a.
func request(t *testing.T, dir string) {
	t.Helper()
	write(t, filepath.Join(dir, "topology.yaml"), `apiVersion: meshtopo.dev/v1alpha1
kind: Topology
metadata: {name: shop}
spec:
  istio: {version: "1.31.1"}
  trust: {roots: [root.pem], intermediates: "certs/{cluster}"}
  secrets: {protection: plaintext}
  networks: {network1: {}}
  clusters: {cluster-a: {network: network1}}
`)
	if got := meshtopo(t, dir, "", "ca", "request"); got.code != exitOK {
		t.Fatal(got.err)
	}
}
