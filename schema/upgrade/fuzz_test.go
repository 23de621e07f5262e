package upgrade

import (
	"slices"
	"strings"
	"testing"
)

// FuzzRecorded reads lines that anybody may have written: what is taken from them are names and versions.
func FuzzRecorded(f *testing.F) {
	f.Add("istiod revision=1-30-3 version=1.30.3 default gateway tags=prod,stable\nistiod revision=default version=1.31.1")
	f.Add("istiod revision== version=\nistiod tags=,,,\n\x00istiod ")
	f.Fuzz(func(t *testing.T, text string) {
		for _, r := range Recorded(strings.Split(text, "\n")) {
			odd := func(name string) bool {
				return strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || len(name) > 63
			}
			if odd(r.Name) || slices.ContainsFunc(r.Tags, odd) || odd(strings.ReplaceAll(string(r.Version), ".", "-")) {
				t.Errorf("%q is read as %+v", text, r)
			}
		}
	})
}
