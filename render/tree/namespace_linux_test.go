package tree

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// inNamespace runs the test again, in a child with mounts of its own, and tells whether this is that child. Who is
// not root becomes it in a user namespace, where the system has those. Where it refuses, the test is skipped with
// the reason: what remains of a full disk is TestBadGround's limit, of a read-only place the other user.
func inNamespace(t *testing.T) bool {
	t.Helper()
	const mark = "MESHTOPO_TEST_NAMESPACE"
	if os.Getenv(mark) == t.Name() {
		if err := syscall.Mount("none", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
			t.Skipf("mounting is not allowed here: %v", err)
		}
		return true
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-test.count=1")
	cmd.Env = append(os.Environ(), mark+"="+t.Name())
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if os.Getuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	out, err := cmd.CombinedOutput()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		t.Skipf("mounting is not allowed here: %v", err)
	}
	t.Logf("in a mount namespace:\n%s", out)
	switch {
	case err != nil:
		t.Fail()
	case strings.Contains(string(out), "--- SKIP"):
		t.SkipNow()
	}
	return false
}

// tmpfs mounts a file system of some size there.
func (g ground) tmpfs(path, options string) {
	g.t.Helper()
	g.must(os.MkdirAll(g.at(path), 0o755))
	g.mount("tmpfs", g.at(path), "tmpfs", 0, options)
}

func (g ground) mount(source, target, kind string, flags uintptr, options string) {
	g.t.Helper()
	g.must(syscall.Mount(source, target, kind, flags, options))
	g.t.Cleanup(func() { syscall.Unmount(target, syscall.MNT_DETACH) })
}

// fails renders where that cannot work: the error is this, nothing changed, and once the reason is gone it works.
func (g ground) fails(want *Tree, reason string, gone func()) {
	g.t.Helper()
	before := g.everything()
	_, err := Apply(g.t.Context(), open(g.t, g.path), want, nil, nil)
	if err == nil || strings.Contains(err.Error(), "\n") || !strings.HasSuffix(err.Error(), ": "+reason) ||
		!strings.Contains(err.Error(), g.path) {
		g.t.Errorf("Apply = %v, want one line about %s: %s", err, g.path, reason)
	}
	g.untouched(before)
	gone()
	apply(g.t, g.path, want)
	g.settled(want)
}

// TestFullDisk fills small file systems: with bytes until nothing, something or nearly everything of a render fits,
// and with files until there is no inode left.
func TestFullDisk(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	const full = "no space left on device"
	large := small("net-2 " + filler(20_000))
	for _, size := range []string{"64k", "100k", "120k"} {
		g := ground{t, filepath.Join(t.TempDir(), "full")}
		g.tmpfs(".", "size="+size)
		apply(t, g.path, small("net-1"))
		g.fails(large, full, func() { g.must(syscall.Mount("", g.path, "", syscall.MS_REMOUNT, "size=10m")) })
	}
	for inodes := 20; inodes <= 34; inodes += 2 { // the tree and the state are 20
		g := ground{t, filepath.Join(t.TempDir(), "inodes")}
		g.tmpfs(".", "nr_inodes=100")
		apply(t, g.path, small("net-1"))
		used := 100 - g.freeInodes()
		g.must(syscall.Mount("", g.path, "", syscall.MS_REMOUNT, "nr_inodes="+strconv.Itoa(used+inodes-20)))
		g.fails(large, full, func() { g.must(syscall.Mount("", g.path, "", syscall.MS_REMOUNT, "nr_inodes=100")) })
	}
	g := ground{t, filepath.Join(t.TempDir(), "new")}
	g.tmpfs(".", "size=20k")
	g.fails(large, full, func() { g.must(syscall.Mount("", g.path, "", syscall.MS_REMOUNT, "size=10m")) })
}

// TestReadOnlyMount is read-only for root too: as a whole, and in its middle.
func TestReadOnlyMount(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	for _, place := range []string{".", "clusters/b", "clusters/b/1-prepare"} {
		g := rendered(t, small("net-1"))
		g.mount(g.at(place), g.at(place), "", syscall.MS_BIND, "")
		g.must(syscall.Mount("", g.at(place), "", syscall.MS_REMOUNT|syscall.MS_BIND|syscall.MS_RDONLY, ""))
		g.fails(small("net-2"), "read-only file system", func() { g.must(syscall.Unmount(g.at(place), syscall.MNT_DETACH)) })
	}
}

// TestMountInside has a part of the tree on another file system, or on the same by another way. What lies there can
// be compared, and pruned, but not replaced by a rename; that must not show half-way.
func TestMountInside(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	for _, place := range []string{"clusters", "clusters/b", "clusters/b/1-prepare"} {
		for _, bind := range []bool{false, true} {
			g := rendered(t, small("net-1"))
			if bind {
				g.mount(g.at(place), g.at(place), "", syscall.MS_BIND, "")
			} else {
				moved := filepath.Join(t.TempDir(), "moved")
				g.must(os.Rename(g.at(place), moved))
				g.tmpfs(place, "")
				g.must(os.CopyFS(g.at(place), os.DirFS(moved)))
			}
			if left := g.diff(small("net-1")); left != "" {
				t.Errorf("%s on a mount: Diff =\n%swant nothing", place, left)
			}
			g.fails(small("net-2"), errMount.Error(), func() {
				if bind {
					g.must(syscall.Unmount(g.at(place), syscall.MNT_DETACH))
					return
				}
				moved := filepath.Join(t.TempDir(), "moved")
				g.must(os.CopyFS(moved, os.DirFS(g.at(place))))
				g.must(syscall.Unmount(g.at(place), syscall.MNT_DETACH))
				g.remove(place)
				g.must(os.Rename(moved, g.at(place)))
			})
		}
	}
}

// TestPruneOnMount removes what lies on a mount of its own, which takes no rename.
func TestPruneOnMount(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	g := rendered(t, small("net-1"))
	g.mount(g.at("clusters/b"), g.at("clusters/b"), "", syscall.MS_BIND, "")
	want := without(small("net-1"), "clusters/b/")
	apply(t, g.path, want)
	g.settled(want)
}

func (g ground) freeInodes() int {
	var s syscall.Statfs_t
	g.must(syscall.Statfs(g.path, &s))
	return int(s.Ffree)
}
