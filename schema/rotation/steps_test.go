package rotation

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"meshtopo.dev/meshtopo/schema/trust"
)

var clusters = []string{"cluster-a", "cluster-b", "cluster-c"}

// mesh is a state of all clusters.
type mesh map[string]State

func (m mesh) String() string {
	var text string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		s := m[name]
		text += fmt.Sprintf(" [%x: trusts %x, %s %v]", s.Root[:2], prefixes(s.Roots), s.Domain, s.Aliases)
	}
	return text
}

func prefixes(roots []trust.Digest) string {
	var text string
	for _, root := range roots {
		text += fmt.Sprintf("%x ", root[:2])
	}
	return text
}

// every gives each mesh in which each cluster has one of its states.
func every(states []State) []mesh {
	all := []mesh{{}}
	for _, name := range clusters {
		var more []mesh
		for _, m := range all {
			for _, s := range states {
				with := maps.Clone(m)
				with[name] = s
				more = append(more, with)
			}
		}
		all = more
	}
	return all
}

// uniform gives those meshes that one topology can describe: all clusters accept the same.
func uniform(all []mesh, same func(a, b State) bool) []mesh {
	return slices.DeleteFunc(slices.Clone(all), func(m mesh) bool {
		return slices.ContainsFunc(clusters, func(name string) bool { return !same(m[name], m[clusters[0]]) })
	})
}

// TestEveryStepOfARotation goes through every step between two states of a mesh of three clusters, also from trees in
// which clusters were rendered one by one. A step is allowed if no call fails that did not before, whichever clusters
// have been applied: by mutual TLS handshakes.
func TestEveryStepOfARotation(t *testing.T) {
	w := newWorld()
	old, new := w.digest(0), w.digest(1)
	var states []State
	for _, roots := range [][]trust.Digest{{old}, {new}, {old, new}} {
		for _, root := range roots {
			states = append(states, State{Roots: roots, Root: root, Domain: "cluster.local"})
		}
	}
	all := every(states)
	described := uniform(all, func(a, b State) bool { return slices.Equal(a.Roots, b.Roots) })
	if len(all) != 64 || len(described) != 10 {
		t.Fatalf("there are %d trees and %d topologies", len(all), len(described))
	}
	e := explorer[trust.Digest]{
		t: t, w: w, of: rooted,
		with: func(s State, accepts []trust.Digest, shows State) State {
			s.Roots, s.Root = accepts, shows.Root
			return s
		},
	}
	e.explore(all, described, func(m mesh) bool { return apply(m, func(s State) bool { return len(s.Roots) == 1 && s.Root == old }) },
		func(m mesh) bool { return apply(m, func(s State) bool { return len(s.Roots) == 1 && s.Root == new }) })
}

// TestEveryStepOfAMigration does the same for the trust domain.
func TestEveryStepOfAMigration(t *testing.T) {
	w := newWorld()
	root := w.digest(0)
	state := func(domain string, aliases ...string) State {
		return State{Roots: []trust.Digest{root}, Root: root, Domain: domain, Aliases: aliases}
	}
	states := []State{state("old.example"), state("old.example", "new.example"), state("new.example", "old.example"), state("new.example")}
	all := every(states)
	described := uniform(all, func(a, b State) bool { return a.Domain == b.Domain && slices.Equal(a.Aliases, b.Aliases) })
	e := explorer[string]{
		t: t, w: w, of: named,
		with: func(s State, accepts []string, shows State) State {
			s.Domain, s.Aliases = shows.Domain, without(accepts, shows.Domain)
			return s
		},
	}
	e.explore(all, described, func(m mesh) bool {
		return apply(m, func(s State) bool { return s.Domain == "old.example" && s.Aliases == nil })
	},
		func(m mesh) bool {
			return apply(m, func(s State) bool { return s.Domain == "new.example" && s.Aliases == nil })
		})
}

func apply(m mesh, is func(State) bool) bool {
	return !slices.ContainsFunc(clusters, func(name string) bool { return !is(m[name]) })
}

// explorer goes through the steps of a side.
type explorer[T comparable] struct {
	t    *testing.T
	w    *world
	of   func(State) side[T]
	with func(s State, accepts []T, shows State) State
}

func (e explorer[T]) explore(trees, topologies []mesh, first, last func(mesh) bool) {
	e.t.Helper()
	refusals := 0
	for _, before := range trees {
		for _, after := range topologies {
			got, want := e.refused(before, after), e.cuts(before, after)
			if got != want {
				e.t.Errorf("from%s to%s: refused is %v, and that it cuts traffic is %v", before, after, got, want)
			}
			if got {
				refusals++
				e.led(before, after)
			}
		}
	}
	if refusals == 0 || refusals == len(trees)*len(topologies) {
		e.t.Errorf("%d steps of %d are refused", refusals, len(trees)*len(topologies))
	}
	e.paths(topologies, first, last)
}

// refused reports whether the step is.
func (e explorer[T]) refused(before, after mesh) bool {
	s := newStep(before, after, e.of)
	return s.early() != nil || s.late() != nil || len(s.replaced()) > 0 && e.rooted()
}

func (e explorer[T]) rooted() bool { _, is := any(e).(explorer[trust.Digest]); return is }

// cuts reports whether calls fail after the step, or while only some clusters have been applied, that did not before;
// or whether a cluster gets a set of roots that its istiod does not take.
func (e explorer[T]) cuts(before, after mesh) bool {
	for _, one := range clusters {
		for _, other := range clusters {
			if !e.w.shakes(e.t, one, before[one], other, before[other]) {
				continue
			}
			for _, a := range []State{before[one], after[one]} {
				for _, b := range []State{before[other], after[other]} {
					if !e.w.shakes(e.t, one, a, other, b) {
						return true
					}
				}
			}
		}
		if old, new := before[one].Roots, after[one].Roots; !contains(old, new) && !contains(new, old) {
			return true
		}
	}
	return false
}

// contains is what istiod asks of a new set of roots (security/pkg/pki/ca/ca.go).
func contains(all, some []trust.Digest) bool {
	for _, one := range some {
		if !slices.Contains(all, one) {
			return false
		}
	}
	return true
}

// led follows the steps that are advised instead of a refused one, which have to be allowed, and to lead there.
func (e explorer[T]) led(before, after mesh) {
	e.t.Helper()
	if e.broken(before) { // there is no way on which nothing fails: something does already
		return
	}
	at := before
	for range 3 {
		phase, accepts := newStep(at, after, e.of).next()
		shows := at
		if phase != distribute {
			shows = after
		}
		to := mesh{}
		for _, name := range clusters {
			to[name] = e.with(at[name], accepts, shows[name])
		}
		if e.cuts(at, to) {
			e.t.Errorf("from%s to%s the advice is %v, to%s, which cuts traffic", at, after, phase, to)
			return
		}
		at = to
		if !e.refused(at, after) {
			return
		}
	}
	e.t.Errorf("from%s to%s the advice does not lead there in three steps, but to%s", before, after, at)
}

// broken reports whether some cluster refuses another one.
func (e explorer[T]) broken(m mesh) bool {
	for _, one := range clusters {
		for _, other := range clusters {
			if !e.w.shakes(e.t, one, m[one], other, m[other]) {
				return true
			}
		}
	}
	return false
}

// paths looks for a way from the first to the last, by steps that are allowed; on all of them everybody can call
// everybody at every step.
func (e explorer[T]) paths(topologies []mesh, first, last func(mesh) bool) {
	e.t.Helper()
	start := slices.IndexFunc(topologies, first)
	seen, arrived := map[int]int{start: 0}, false
	for queue := []int{start}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		if e.broken(topologies[at]) {
			e.t.Errorf("a way leads to%s, where some refuse others", topologies[at])
		}
		arrived = arrived || last(topologies[at]) && seen[at] == 3
		for to, m := range topologies {
			if _, known := seen[to]; !known && !e.refused(topologies[at], m) {
				seen[to] = seen[at] + 1
				queue = append(queue, to)
			}
		}
	}
	if !arrived {
		e.t.Error("no way of three steps leads from the old to the new")
	}
}
