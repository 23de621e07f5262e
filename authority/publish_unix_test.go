//go:build unix

package authority

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// A disk that is full leaves nothing, and says which file it was. The process that writes is another one, which may
// write no more than so many bytes to a file.
func TestFullDisk(t *testing.T) {
	if dir := os.Getenv("FULL_IN"); dir != "" {
		signal.Ignore(syscall.SIGXFSZ)
		if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: 10, Max: 10}); err != nil {
			t.Fatal(err)
		}
		files := three(dir, "short")
		files[1].Text = []byte("longer than what may be written")
		if err := Publish(files); err == nil || !strings.HasPrefix(err.Error(), "cert-chain.pem cannot be written: ") {
			t.Errorf("a full disk gives %v", err)
		}
		return
	}
	dir := t.TempDir()
	c := exec.Command(os.Args[0], "-test.run=^TestFullDisk$")
	c.Env = append(os.Environ(), "FULL_IN="+dir)
	c.Stdout, c.Stderr = nil, nil
	if err := c.Run(); err != nil {
		t.Error(err)
	}
	if n := count(t, dir); n != 0 {
		t.Errorf("%d files are left", n)
	}
}

// While one run writes, another one in the same directory says so, and takes nothing of the first away.
func TestTwoAtOnce(t *testing.T) {
	dir := t.TempDir()
	busy := 0
	err := publish(three(dir, "first"), func() {
		if err := Publish(three(dir, "second")); !errors.Is(err, errBusy) {
			t.Errorf("a second run gives %v", err)
		}
		busy++
	})
	if err != nil || busy == 0 {
		t.Fatalf("the first run gives %v after %d steps", err, busy)
	}
	for _, f := range three(dir, "") {
		if text, err := os.ReadFile(filepath.Join(dir, f.Path)); err != nil || string(text) != "first" {
			t.Errorf("%s holds %q, %v", f.Path, text, err)
		}
	}
}

func TestReadOnlyDirectory(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write anywhere")
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "certs"), 0o500); err != nil {
		t.Fatal(err)
	}
	if err := Publish(three(dir, "x")); err == nil || !strings.Contains(err.Error(), "ca-cert.pem cannot be written: permission denied") {
		t.Errorf("a directory that is read-only gives %v", err)
	}
}
