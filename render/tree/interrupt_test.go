package tree

import (
	"strings"
	"testing"
)

// interrupt renders want up to the given number of steps after the journal, as a kill would leave it.
func (g ground) interrupt(want *Tree, scope Scope, steps int) {
	g.t.Helper()
	dir := open(g.t, g.path)
	changes, err := Diff(dir, want, scope)
	g.must(err)
	p, err := dir.prepare(g.t.Context(), changes, nil)
	g.must(err)
	moves := min(steps, len(p.moves))
	p.moves, p.removes = p.moves[:moves], p.removes[:min(steps-moves, len(p.removes))]
	_, err = p.run(dir)
	g.must(err)
}

// TestInterrupted stops a render after each of its steps.
func TestInterrupted(t *testing.T) {
	first := small("net-1")
	second := with(without(small("net-2"), "clusters/b/"), File{Path: "clusters/c/README.md", Body: yaml("shop", "new\n")})
	total := strings.Count(rendered(t, first).diff(second), "\n")
	for steps := range total + 1 {
		g := rendered(t, first)
		g.interrupt(second, nil, steps)
		left := g.diff(second)
		if n := strings.Count(left, string(Interrupted)); n != total-steps || n != strings.Count(left, "\n") {
			t.Errorf("after %d of %d steps, Diff =\n%s", steps, total, left)
		}
		apply(t, g.path, second)
		g.settled(second)
	}
}

// TestInterruptedTwice ends the second render before its journal: what the first has left stays interrupted.
func TestInterruptedTwice(t *testing.T) {
	g := rendered(t, small("net-1"))
	g.interrupt(small("net-2"), nil, 2)
	dir := open(t, g.path)
	changes, err := Diff(dir, small("net-2"), nil)
	g.must(err)
	g.must(dir.stage(t.Context(), changes))
	if got := g.diff(small("net-2")); strings.Count(got, string(Interrupted)) != 4 {
		t.Errorf("Diff =\n%swant 4 interrupted", got)
	}
	apply(t, g.path, small("net-2"))
	g.settled(small("net-2"))
}

// TestInterruptedStaging leaves a stage without a journal. That render never counted.
func TestInterruptedStaging(t *testing.T) {
	g := rendered(t, small("net-1"))
	dir := open(t, g.path)
	changes, err := Diff(dir, small("net-2"), nil)
	g.must(err)
	g.must(dir.stage(t.Context(), changes))
	if got := g.diff(small("net-1")); got != "" {
		t.Errorf("Diff =\n%swant nothing", got)
	}
	apply(t, g.path, small("net-1"))
	g.settled(small("net-1"))
}

// TestInterruptedOutOfScope renders one cluster after an interruption. The other one is still to be finished.
func TestInterruptedOutOfScope(t *testing.T) {
	g := rendered(t, small("net-1"))
	second := small("net-2")
	g.interrupt(second, nil, 1)
	for range 2 { // the second time there is nothing to do in scope
		if _, err := Apply(t.Context(), open(t, g.path), second, Clusters("a"), nil); err != nil {
			t.Fatal(err)
		}
		if got := g.diffIn(second, Clusters("a")); got != "" {
			t.Errorf("in scope, Diff =\n%swant nothing", got)
		}
		if got := g.diffIn(second, Clusters("b")); strings.Count(got, "interrupted clusters/b/") != 3 {
			t.Errorf("out of scope, Diff =\n%swant 3 interrupted", got)
		}
	}
	apply(t, g.path, second)
	g.settled(second)
}
