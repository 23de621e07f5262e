package tree

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestApplyNew(t *testing.T) {
	g := ground{t, filepath.Join(t.TempDir(), "not", "yet")}
	want := small("net-1")
	if got := len(apply(t, g.path, want)); got != len(want.Files) {
		t.Errorf("Apply made %d changes, want %d", got, len(want.Files))
	}
	for _, f := range want.Files {
		if got := g.read(f.Path); int64(len(got)) != f.Size() {
			t.Errorf("%s holds %q", f.Path, got)
		}
	}
	if got := g.read(ignoreFile); got != "*\n" {
		t.Errorf("%s holds %q, want *", ignoreFile, got)
	}
	g.settled(want)
}

func TestApplyNothingToNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "not", "yet")
	apply(t, path, &Tree{Owner: "shop"})
	if _, err := os.Stat(path); err == nil {
		t.Error("Apply without a change made the directory")
	}
}

// TestApplyUnchanged wants no trace in a clone that nobody has rendered in: not even the state directory.
func TestApplyUnchanged(t *testing.T) {
	g := rendered(t, small("net-1"))
	g.remove(stateDir)
	before, err := os.Stat(g.path)
	g.must(err)
	apply(t, g.path, small("net-1"))
	after, err := os.Stat(g.path)
	g.must(err)
	if _, err := os.Lstat(g.at(stateDir)); err == nil || !after.ModTime().Equal(before.ModTime()) {
		t.Error("Apply without a change wrote something")
	}
}

// TestApplyOnlyWhatChanged wants other files to keep their times, so that make, Bazel and rsync have nothing to do.
func TestApplyOnlyWhatChanged(t *testing.T) {
	g := rendered(t, small("net-1"))
	long := time.Now().Add(-time.Hour)
	for _, f := range small("net-1").Files {
		g.must(os.Chtimes(g.at(f.Path), long, long))
	}
	changed := map[string]bool{}
	for _, c := range apply(t, g.path, small("net-2")) {
		changed[c.Path] = true
	}
	for _, f := range small("net-1").Files {
		info, err := os.Stat(g.at(f.Path))
		g.must(err)
		if kept := info.ModTime().Equal(long); kept == changed[f.Path] {
			t.Errorf("%s: kept its time: %v, changed: %v", f.Path, kept, changed[f.Path])
		}
	}
	g.settled(small("net-2"))
}

func TestApplyPrunes(t *testing.T) {
	g := rendered(t, small("net-1"))
	g.write("clusters/a/1-prepare/mine.yaml", "by hand\n")
	g.must(os.Mkdir(g.at("clusters/a/hollow"), 0o755))
	want := without(small("net-1"), "clusters/a/")
	apply(t, g.path, want)
	g.settled(want)
	for path, stays := range map[string]bool{
		"clusters/a/1-prepare/mine.yaml": true, // and so do the directories around it
		"clusters/a/hollow":              true, // was not ours
		"clusters/a/2-secrets":           false,
		namespaceA:                       false,
		"clusters/b/README.md":           true,
	} {
		if _, err := os.Lstat(g.at(path)); (err == nil) != stays {
			t.Errorf("%s: Lstat = %v, want it to stay: %v", path, err, stays)
		}
	}
	apply(t, g.path, &Tree{Owner: "shop"})
	if _, err := os.Lstat(g.at("clusters/b")); err == nil {
		t.Error("a directory that became empty stays")
	}
}

func TestApplyInScope(t *testing.T) {
	g := rendered(t, small("net-1"))
	want := small("net-2")
	if _, err := Apply(t.Context(), open(t, g.path), want, Clusters("b"), nil); err != nil {
		t.Fatal(err)
	}
	if left := g.diffIn(want, Clusters("b")); left != "" {
		t.Errorf("in scope, Diff =\n%swant nothing", left)
	}
	if left := g.diffIn(small("net-1"), Clusters("a")); left != "" {
		t.Errorf("out of scope, Diff =\n%swant nothing", left)
	}
}

func TestApplyRefusesUnknown(t *testing.T) {
	path := t.TempDir()
	_, err := Apply(t.Context(), open(t, path), unknown(small("net-1")), nil, nil)
	if err == nil || !strings.Contains(err.Error(), cacertsA+": cannot be written") {
		t.Errorf("Apply = %v, want an error that names %s", err, cacertsA)
	}
	if left, _ := os.ReadDir(path); len(left) > 0 {
		t.Errorf("Apply left %v", left)
	}
}

// TestApplyLongName has a name that no file system takes. It must not show half-way.
func TestApplyLongName(t *testing.T) {
	g := rendered(t, small("net-1"))
	before := g.everything()
	path := "clusters/a/" + strings.Repeat("n", 300) + ".yaml"
	_, err := Apply(t.Context(), open(t, g.path), with(small("net-2"), File{Path: path, Body: yaml("shop", "")}), nil, nil)
	if err == nil || !strings.Contains(err.Error(), "nothing was changed: write "+g.at(path)) {
		t.Errorf("Apply = %v, want an error that names the file", err)
	}
	g.untouched(before)
	g.settled(small("net-1"))
}

func TestApplyCancelled(t *testing.T) {
	g := rendered(t, small("net-1"))
	before := g.everything()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Apply(ctx, open(t, g.path), small("net-2"), nil, nil)
	if !errors.Is(err, context.Canceled) || !strings.HasPrefix(err.Error(), "nothing was changed: ") {
		t.Errorf("Apply = %v, want it cancelled", err)
	}
	g.untouched(before)
	g.settled(small("net-1"))
}

// TestApplyAtOnce has two renders that disagree. Whoever comes last wins, as a whole.
func TestApplyAtOnce(t *testing.T) {
	trees := []*Tree{without(mesh(5, "one"), "clusters/cluster-3/"), mesh(4, "two")}
	for range 10 {
		path := t.TempDir()
		var both sync.WaitGroup
		for _, want := range trees {
			dir := open(t, path)
			both.Go(func() {
				if _, err := Apply(t.Context(), dir, want, nil, nil); err != nil {
					t.Errorf("Apply: %v", err)
				}
			})
		}
		both.Wait()
		g := ground{t, path}
		if one, two := g.diff(trees[0]), g.diff(trees[1]); one != "" && two != "" {
			t.Fatalf("neither render won:\n%s\n%s", one, two)
		}
	}
}

// meddler does something behind Apply's back, each time that Apply asks whether it is cancelled: while it stages.
type meddler struct {
	context.Context
	meddle func()
}

func (m meddler) Err() error {
	m.meddle()
	return m.Context.Err()
}

// TestApplyFailsLate has a directory come up in a file's place too late for Diff to see it. Before the first move the
// render is withdrawn; after it, the next one finishes.
func TestApplyFailsLate(t *testing.T) {
	for path, want := range map[string]string{
		namespaceA:                            "nothing was changed: replace ",
		"clusters/b/1-prepare/namespace.yaml": "some files are still old, and the next render finishes: replace ",
	} {
		g := rendered(t, small("net-1"))
		ctx := meddler{t.Context(), func() { g.remove(path); g.write(path+"/mine.txt", "by hand\n") }}
		_, err := Apply(ctx, open(t, g.path), small("net-2"), nil, nil)
		if err == nil || !strings.HasPrefix(err.Error(), want+g.at(path)+": ") {
			t.Errorf("Apply = %v, want %s%s", err, want, g.at(path))
		}
		g.remove(path)
		left := g.diff(small("net-2"))
		if late := path != namespaceA; late != strings.Contains(left, "interrupted "+path) {
			t.Errorf("Diff =\n%s", left)
		}
		apply(t, g.path, small("net-2"))
		g.settled(small("net-2"))
	}
}

// TestApplySweepsEmptyDirectories kills a render between the last file of a directory and the directory, as far as the
// disk shows it. What the journal names and is no empty directory stays.
func TestApplySweepsEmptyDirectories(t *testing.T) {
	g := rendered(t, small("net-1"))
	g.must(os.MkdirAll(g.at("clusters/gone/2-secrets/remote-secrets"), 0o755))
	g.must(os.MkdirAll(g.at("clusters/mine"), 0o755))
	g.write("clusters/note", "by hand\n")
	g.write(journalFile, journalHead+"clusters/gone/2-secrets/remote-secrets/a.yaml\nclusters/gone/2-secrets/cacerts.yaml\nclusters/note/a.yaml\n")
	apply(t, g.path, small("net-1"))
	for path, want := range map[string]bool{"clusters/gone": false, "clusters/mine": true, "clusters/note": true, journalFile: false} {
		if _, err := os.Lstat(g.at(path)); (err == nil) != want {
			t.Errorf("%s is there: %v, want %v", path, err == nil, want)
		}
	}
}
