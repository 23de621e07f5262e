//go:build unix

package tree

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// nobody is a user without rights, which a test that runs as root has to become to find out what rights do.
const nobody = 65534

func init() {
	children["limited"] = func(dir *Dir) error {
		limit := syscall.Rlimit{Cur: 4096, Max: 4096}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			return err
		}
		return applySecond(dir)
	}
	children["nobody"] = func(dir *Dir) error {
		if os.Getuid() == 0 {
			if err := syscall.Setuid(nobody); err != nil {
				return err
			}
		}
		return applySecond(dir)
	}
}

// give makes the directory, and the way to it, the child's own.
func (g ground) give() {
	g.t.Helper()
	g.must(os.Chmod(filepath.Dir(g.path), 0o755)) // of t.TempDir, for one test
	if os.Getuid() != 0 {
		return
	}
	g.must(filepath.Walk(g.path, func(path string, _ os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, nobody, nobody)
	}))
}

// TestBadGround renders where that cannot work. The tree stays as it was, and the error says where and why.
func TestBadGround(t *testing.T) {
	tests := []struct {
		name, child string
		path        string // what gets
		mode        os.FileMode
		err         string // $ is the output
		why         string
	}{
		{"disk full", "limited", "clusters", 0o755, "nothing was changed: write $/" + namespaceA, "file too large"},
		{"read-only output", "nobody", ".", 0o555, "create $/.meshtopo", "permission denied"},
		{"read-only cluster", "nobody", "clusters/b", 0o555, "nothing was changed: write to $/clusters/b", "permission denied"},
		{"read-only layer", "nobody", "clusters/b/1-prepare", 0o555, "nothing was changed: write to $/clusters/b/1-prepare", "permission denied"},
		{"unreadable layer", "nobody", "clusters/b/1-prepare", 0, "read $/clusters/b/1-prepare", "permission denied"},
		{"unreadable file", "nobody", cacertsA, 0, "open $/" + cacertsA, "permission denied"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := rendered(t, small("net-1"))
			g.remove(stateDir)
			g.give()
			before := g.everything()
			info, err := os.Stat(g.at(tt.path))
			g.must(err)
			g.must(os.Chmod(g.at(tt.path), tt.mode))
			out, err := child(t, tt.child, g.path).Output()
			g.must(os.Chmod(g.at(tt.path), info.Mode()))
			if err == nil {
				t.Errorf("Apply succeeded")
			}
			want := strings.ReplaceAll(tt.err, "$", g.path) + ": " + tt.why + "\n"
			if string(out) != want {
				t.Errorf("Apply = %q, want %q", out, want)
			}
			g.untouched(before)
		})
	}
}

// TestBadState renders where only the state directory cannot be written to.
func TestBadState(t *testing.T) {
	g := rendered(t, small("net-1"))
	g.give()
	before := g.everything()
	g.must(os.Chmod(g.at(stateDir), 0o555))
	out, err := child(t, "nobody", g.path).Output()
	g.must(os.Chmod(g.at(stateDir), 0o755))
	if want := "nothing was changed: write " + g.at(holderFile) + ": permission denied\n"; err == nil || string(out) != want {
		t.Errorf("Apply = %q, want %q", out, want)
	}
	g.untouched(before)
}

// TestPipe has named pipes, which would block whoever opens them, beside the tree and in its way.
func TestPipe(t *testing.T) {
	g := rendered(t, small("net-1"))
	g.must(syscall.Mkfifo(g.at("clusters/a/pipe"), 0o644))
	if left := g.diff(small("net-1")); left != "" {
		t.Errorf("Diff =\n%swant nothing", left)
	}
	g.remove(namespaceA)
	g.must(syscall.Mkfifo(g.at(namespaceA), 0o644))
	_, err := Diff(open(t, g.path), small("net-1"), nil)
	checkObstacles(t, err, []string{namespaceA + " is neither a file nor a directory"})
}

// TestTooLongPath has an output whose own path is longer than that.
func TestTooLongPath(t *testing.T) {
	path := t.TempDir() + strings.Repeat("/deeper", 600)
	if _, err := Open(path); err == nil || !strings.HasSuffix(err.Error(), ": file name too long") {
		t.Errorf("Open = %v, want it to say that the path is too long", err)
	}
}
