package conformance

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestIstiod has Istio's own control plane judge the tree of every example: what is to be seen in the mesh is exactly
// what the topology means.
func TestIstiod(t *testing.T) {
	eachExample(t, func(t *testing.T, e *example) {
		if !e.plain() {
			return
		}
		w := newWorld(t, e, filepath.Join(e.dir, "want", "clusters"))
		for _, line := range changes(w.expected(), w.observe(t)) {
			t.Error(line)
		}
	})
}

// changes gives the lines that are gone, each with a -, and those that are new, each with a +.
func changes(before, after []string) []string {
	var all []string
	for _, line := range before {
		if !slices.Contains(after, line) {
			all = append(all, "- "+line)
		}
	}
	for _, line := range after {
		if !slices.Contains(before, line) {
			all = append(all, "+ "+line)
		}
	}
	slices.SortFunc(all, func(a, b string) int { return strings.Compare(a[2:], b[2:]) })
	return all
}
