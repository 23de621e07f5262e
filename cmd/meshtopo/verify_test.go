package main

import (
	"path/filepath"
	"testing"
)

// TestVerifyExamples renders every example with --verify: it is written, and nothing is found, not even a note, but
// what is found in its topology.
func TestVerifyExamples(t *testing.T) {
	topologies, err := filepath.Glob("../../testdata/*/topology.*")
	if err != nil || len(topologies) == 0 {
		t.Fatalf("no examples in ../../testdata: %v", err)
	}
	for _, file := range topologies {
		name := filepath.Base(filepath.Dir(file))
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := copyExample(t, name)
			want := meshtopo(t, dir, "", "render", "--dry-run", "--format", "gitlab")
			got := meshtopo(t, dir, "", "render", "--verify", "--format", "gitlab")
			if got.code != exitOK || got.out != want.out {
				t.Errorf("render --verify exits with %d and reports\n%s, want\n%s%s", got.code, got.out, want.out, got.err)
			}
			if after := meshtopo(t, dir, "", "diff"); after.code != exitOK {
				t.Errorf("it is not written:\n%s%s", after.out, after.err)
			}
		})
	}
}
