package evaluator

import (
	"strings"
	"testing"
	"testing/fstest"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// TestPanics has a finding for a package on which CUE itself fails.
func TestPanics(t *testing.T) {
	found := &diag.List{}
	text := "package mesh\nx: " + strings.Repeat("9", 90_000) + "*" + strings.Repeat("9", 90) + "\n"
	root, err := Read(schema.Grammar(), Package{FS: fstest.MapFS{"a.cue": {Data: []byte(text)}}, Dir: ".", Files: []string{"a.cue"}}, found)
	got := found.Sorted()
	if root != nil || err != nil || len(got) != 1 || got[0].Code != "invalid-cue" || got[0].Pos.File != "a.cue" {
		t.Errorf("found %v, %v, %v", root, got, err)
	}
}

// TestOwnPanics lets a panic of anything else go on.
func TestOwnPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("the panic does not go on")
		}
	}()
	defer func() {
		if panicked := recover(); panicked != nil {
			reportPanic(Package{Files: []string{"."}}, panicked, &diag.List{})
		}
	}()
	panic("ours")
}
