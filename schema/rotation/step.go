package rotation

import (
	"maps"
	"slices"

	"meshtopo.dev/meshtopo/schema/trust"
)

// side is what a control plane shows of itself, and what it accepts of others: the root that it signs under and those
// that it trusts, or its trust domain and those that it takes for its own.
type side[T comparable] struct {
	shows   T // zero where that is not known
	accepts []T
}

// rooted is the side of a state that has to do with roots, and named that with trust domains.
func rooted(s State) side[trust.Digest] { return side[trust.Digest]{s.Root, s.Roots} }

func named(s State) side[string] {
	if s.Domain == "" {
		return side[string]{}
	}
	return side[string]{s.Domain, slices.Concat([]string{s.Domain}, s.Aliases)}
}

// step is one from a state of the mesh to another, by cluster.
type step[T comparable] struct{ before, after map[string]side[T] }

// step gives the step of one side of all states. Of a cluster without a state nothing is known.
func newStep[T comparable](before, after map[string]State, of func(State) side[T]) step[T] {
	s := step[T]{map[string]side[T]{}, map[string]side[T]{}}
	for name, state := range before {
		if _, stays := after[name]; stays && len(of(state).accepts) > 0 { // one that leaves may be cut off
			s.before[name] = of(state)
		}
	}
	for name, state := range after {
		if len(of(state).accepts) > 0 {
			s.after[name] = of(state)
		}
	}
	return s
}

// refusal is what some clusters show and others do not accept.
type refusal[T comparable] struct {
	what    T
	show    []string
	refused []string // by these
}

// early gives the first thing that clusters show after the step and others do not accept before it.
func (s step[T]) early() *refusal[T] { return s.refused(s.after, s.before) }

// late gives the first thing that clusters show before the step and others do not accept after it.
func (s step[T]) late() *refusal[T] { return s.refused(s.before, s.after) }

// refused passes over two clusters of which the one refuses the other already: no step makes that worse.
func (s step[T]) refused(showing, accepting map[string]side[T]) *refusal[T] {
	var zero T
	var found *refusal[T]
	for _, name := range slices.Sorted(maps.Keys(showing)) {
		what := showing[name].shows
		if what == zero || found != nil && what != found.what {
			continue
		}
		for _, other := range slices.Sorted(maps.Keys(accepting)) {
			if slices.Contains(accepting[other].accepts, what) || s.apart(name, other) {
				continue
			}
			if found == nil {
				found = &refusal[T]{what: what}
			}
			found.show, found.refused = insert(found.show, name), insert(found.refused, other)
		}
	}
	return found
}

// apart reports whether a cluster is refused by another one before the step.
func (s step[T]) apart(name, other string) bool {
	var zero T
	one, known := s.before[name]
	by, too := s.before[other]
	return known && too && one.shows != zero && !slices.Contains(by.accepts, one.shows)
}

// replaced gives the clusters in which the set that is accepted is neither larger nor smaller than before.
func (s step[T]) replaced() []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(s.after)) {
		before, known := s.before[name]
		if known && !among(before.accepts, s.after[name].accepts) && !among(s.after[name].accepts, before.accepts) {
			all = append(all, name)
		}
	}
	return all
}

// phase is a step of a rotation. Each leaves everybody able to verify everybody else.
type phase int

const (
	distribute phase = iota // everybody accepts what is to come as well, and shows what they did before
	change                  // everybody shows what is new; what was is accepted until the next step
)

// next gives the first step on the way to the state after one that is refused, and what everybody accepts then.
func (s step[T]) next() (phase, []T) {
	all := s.union()
	if slices.ContainsFunc(slices.Collect(maps.Values(s.before)), func(b side[T]) bool { return !among(all, b.accepts) }) {
		return distribute, all
	}
	return change, all
}

// changes reports whether some cluster shows something else after the step.
func (s step[T]) changes() bool {
	for name, before := range s.before {
		if after, stays := s.after[name]; stays && after.shows != before.shows {
			return true
		}
	}
	return false
}

// union gives all that is accepted before the step or after it: what was accepted first comes first.
func (s step[T]) union() []T {
	var all []T
	for _, sides := range []map[string]side[T]{s.before, s.after} {
		for _, name := range slices.Sorted(maps.Keys(sides)) {
			for _, what := range sides[name].accepts {
				all = insert(all, what)
			}
		}
	}
	return all
}

// among reports whether all of some are among others.
func among[T comparable](some, others []T) bool {
	return !slices.ContainsFunc(some, func(one T) bool { return !slices.Contains(others, one) })
}

func insert[T comparable](all []T, one T) []T {
	if slices.Contains(all, one) {
		return all
	}
	return append(all, one)
}
