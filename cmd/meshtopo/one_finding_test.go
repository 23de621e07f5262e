package main

import (
	"slices"
	"strings"
	"testing"
)

// TestVerifyDoubtful renders every doubtful topology with --verify: a finding of the topology is reported once, and not
// of the manifests again, which are written.
func TestVerifyDoubtful(t *testing.T) {
	for _, w := range inShort(doubtful(t)) {
		t.Run(w.codes+"/"+w.name, func(t *testing.T) {
			dir := copyExample(t, w.exampleName())
			want := w.prepare(t, dir)
			inProcess(t, dir, want.stdin, "render", "--verify", "-o", "out", w.arguments()[0]).check(t, exitOK, want)
		})
	}
}

// sharing are pairs of codes that are found at one place, with the reason why they are not one mistake.
var sharing = map[string]string{
	"missing-field missing-field":           "each is about another field that is missing there",
	"invalid-value invalid-value":           "a template of CUE is wrong for each cluster that it makes",
	"missing-field private-place":           "two fields are missing, and the key of a CA may be in a store, which its rule says",
	"missing-api-server missing-credential": "two fields are missing, each with a rule that says what it is for",
}

// TestOnePlaceOneCode looks at every wrong topology of the tables: no place has one code twice, or two codes without a
// reason.
func TestOnePlaceOneCode(t *testing.T) {
	needed := map[string]bool{}
	for _, w := range slices.Concat(wrongs(t), doubtful(t)) {
		for group := range strings.FieldsSeq(w.codes) {
			codes := strings.Split(group, "+")
			for i, a := range codes {
				for _, b := range codes[i+1:] {
					pair := min(a, b) + " " + max(a, b)
					needed[pair] = true
					if sharing[pair] == "" {
						t.Errorf("%s: %s at one place", w.name, pair)
					}
				}
			}
		}
	}
	for pair := range sharing {
		if !needed[pair] {
			t.Errorf("no topology has %s at one place", pair)
		}
	}
}
