package tree

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

func init() {
	children["linkless"] = func(dir *Dir) error {
		if err := refuseLinks(); err != nil {
			return err
		}
		for _, link := range []func(old, new string) error{os.Link, os.Symlink, dir.root.Link, dir.root.Symlink} {
			if err := link("old", "new"); !errors.Is(err, unix.EPERM) {
				return errors.New("a link can still be made")
			}
		}
		return applySecond(dir)
	}
}

// refuseLinks has the kernel refuse to make links, as it does on vfat and many network file systems, which a test
// cannot mount everywhere.
func refuseLinks() error {
	calls := []uint32{unix.SYS_LINKAT, unix.SYS_SYMLINKAT}
	if runtime.GOARCH == "amd64" {
		calls = append(calls, 86, 88) // the older link and symlink, which later architectures never had
	}
	filter := []unix.SockFilter{{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS}} // the number of the call
	for _, call := range calls {
		filter = append(filter,
			unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jf: 1, K: call},
			unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)})
	}
	filter = append(filter, unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW})
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}

	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC,
		uintptr(unsafe.Pointer(&program)))
	if errno != 0 {
		return errno
	}
	return nil
}

// TestNoLinks renders, and renders again, where no links can be made.
func TestNoLinks(t *testing.T) {
	for _, g := range []ground{{t, filepath.Join(t.TempDir(), "new")}, rendered(t, small("net-1"))} {
		g.must(os.MkdirAll(g.path, 0o755))
		if out, err := child(t, "linkless", g.path).Output(); err != nil {
			t.Fatalf("Apply = %s%v", out, err)
		}
		g.settled(small("net-2 " + filler(8000)))
	}
}

// TestLongPath has an output so deep that a path in it is longer than the system takes (PATH_MAX), although no name
// is. Whether a render still works there is the system's to say; if not, it says so before anything moves.
func TestLongPath(t *testing.T) {
	const pathMax = 4096
	g := ground{t, t.TempDir()}
	for rest := pathMax - len("/clusters/a/1-prepare") - len(g.path); rest > 1; rest = pathMax - len("/clusters/a/1-prepare") - len(g.path) {
		g.path = g.at(strings.Repeat("d", min(200, rest-1)))
	}
	g.must(os.MkdirAll(g.path, 0o755))
	apply(t, g.path, small("net-1"))
	g.settled(small("net-1"))
	_, err := Apply(t.Context(), open(t, g.path), small("net-2"), nil, nil)
	if err == nil {
		g.settled(small("net-2"))
		return
	}
	if !strings.HasPrefix(err.Error(), "nothing was changed: ") || !strings.HasSuffix(err.Error(), ": file name too long") {
		t.Errorf("Apply = %v, want it to say that a path is too long", err)
	}
	g.settled(small("net-1"))
}
