package architecture

import (
	"maps"
	"slices"
	"testing"
)

// limit is how large and how entangled a package may be: its lines, and the files of its largest ring, in which each
// needs every other by way of what they declare.
type limit struct{ lines, ring int }

// limits are those of some packages; usual is that of any other.
var limits = map[string]limit{
	"cmd/internal/krm":    {usual.lines, 1},
	"cmd/internal/report": {usual.lines, 1},
	"cmd/meshtopo":        {3000, 2},
	"render":              {2800, 2},
	"render/patch":        {usual.lines, 10},
	"schema":              {usual.lines, 1},
	"schema/document":     {usual.lines, 2},
	"schema/lint":         {8000, 3},
	"schema/rules":        {usual.lines, 1},
}

var usual = limit{lines: 2600, ring: 5}

// TestRings measures the largest ring of files of each package, and its lines.
func TestRings(t *testing.T) {
	for _, s := range read(t) {
		needs := s.needs()
		ring := largest(rings(needs))
		total := 0
		for _, lines := range s.lines {
			total += lines
		}
		t.Logf("%-20s %5d lines in %2d files, largest ring %2d", s.name, total, len(s.files), len(ring))
		l, ok := limits[s.name]
		if !ok {
			l = usual
		}
		if len(ring) > l.ring {
			t.Errorf("%s: %d files need each other, at most %d may: %q", s.name, len(ring), l.ring, ring)
		}
		if total > l.lines {
			t.Errorf("%s has %d lines, at most %d are allowed", s.name, total, l.lines)
		}
	}
}

// needs gives for each file of a package the other files whose declarations it uses: types, functions, variables,
// constants, methods and fields.
func (s *source) needs() map[string][]string {
	all := map[string]map[string]bool{}
	for name := range s.files {
		all[name] = map[string]bool{}
	}
	for id, object := range s.info.Uses {
		if object.Pkg() != s.pkg {
			continue
		}
		if from, to := s.file(id.Pos()), s.file(object.Pos()); from != to {
			all[from][to] = true
		}
	}
	sorted := map[string][]string{}
	for name, others := range all {
		sorted[name] = slices.Sorted(maps.Keys(others))
	}
	return sorted
}

// rings gives the strongly connected components of a graph, as Tarjan finds them.
func rings(needs map[string][]string) (all [][]string) {
	index, low, open := map[string]int{}, map[string]int{}, []string{}
	var visit func(n string)
	visit = func(n string) {
		index[n] = len(index) + 1
		low[n] = index[n]
		open = append(open, n)
		for _, m := range needs[n] {
			if index[m] == 0 {
				visit(m)
				low[n] = min(low[n], low[m])
			} else if slices.Contains(open, m) {
				low[n] = min(low[n], index[m])
			}
		}
		if low[n] == index[n] {
			at := slices.Index(open, n)
			all, open = append(all, slices.Sorted(slices.Values(open[at:]))), open[:at]
		}
	}
	for _, n := range slices.Sorted(maps.Keys(needs)) {
		if index[n] == 0 {
			visit(n)
		}
	}
	return all
}

// largest gives the largest ring, or none: a file alone is no ring.
func largest(all [][]string) (ring []string) {
	for _, r := range all {
		if len(r) > max(1, len(ring)) {
			ring = r
		}
	}
	return ring
}

func TestRingsAreFound(t *testing.T) {
	got := rings(map[string][]string{"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": nil, "e": {"a", "d"}})
	want := [][]string{{"d"}, {"b", "c"}, {"a"}, {"e"}}
	if !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("rings = %q, want %q", got, want)
	}
}
