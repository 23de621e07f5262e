//go:build unix

package files

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// half writes what cannot be finished, if err says so.
func half(err error) func(io.Writer) error {
	return func(w io.Writer) error {
		_, failed := io.WriteString(w, "half a report")
		return errors.Join(failed, err)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestReplace keeps the report of an earlier run until the new one is whole, and leaves nothing beside it.
func TestReplace(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "report.json")
	if err := os.WriteFile(file, []byte("an earlier report"), 0o666); err != nil {
		t.Fatal(err)
	}
	open, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()
	broken := errors.New("disk full")
	to := Output(file)
	if err := to.Replace(half(broken)); !errors.Is(err, broken) || read(t, file) != "an earlier report" {
		t.Errorf("replace gives %v and leaves %q", err, read(t, file))
	}
	if err := to.Replace(half(nil)); err != nil || read(t, file) != "half a report" {
		t.Errorf("replace gives %v and leaves %q", err, read(t, file))
	}
	if before, err := io.ReadAll(open); err != nil || string(before) != "an earlier report" {
		t.Errorf("who had the earlier report open reads %q, %v", before, err)
	}
	if err := Output(filepath.Join(dir, "new")).Replace(half(broken)); !errors.Is(err, broken) {
		t.Error(err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("the directory holds %v, %v", entries, err)
	}
	if err := Output(filepath.Join(dir, "nowhere", "report")).Replace(half(nil)); err == nil || !strings.Contains(err.Error(), "nowhere/report: ") || strings.Contains(err.Error(), ".report") {
		t.Errorf("where there is no directory, replace gives %v", err)
	}
}

// TestReplaceInPlace writes to what is no regular file as it is, and to a link that leads nowhere yet.
func TestReplaceInPlace(t *testing.T) {
	dir := t.TempDir()
	pipe, link := filepath.Join(dir, "pipe"), filepath.Join(dir, "link")
	if err := errors.Join(syscall.Mkfifo(pipe, 0o600), os.Symlink("later", link)); err != nil {
		t.Fatal(err)
	}
	reader, err := os.OpenFile(pipe, os.O_RDWR, 0) // does not wait
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	for _, path := range []string{pipe, link, os.DevNull} {
		if err := Output(path).Replace(half(nil)); err != nil {
			t.Error(err)
		}
	}
	text := make([]byte, len("half a report"))
	if _, err := io.ReadFull(reader, text); err != nil || string(text) != "half a report" {
		t.Errorf("the pipe has %q, %v", text, err)
	}
	if read(t, filepath.Join(dir, "later")) != "half a report" {
		t.Error("the link was not followed")
	}
	for path, mode := range map[string]os.FileMode{pipe: os.ModeNamedPipe, link: os.ModeSymlink, os.DevNull: os.ModeDevice} {
		if info, err := os.Lstat(path); err != nil || info.Mode()&mode == 0 {
			t.Errorf("%s is %v, %v", path, info.Mode(), err)
		}
	}
}
