package lint

import (
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/fields"
	"meshtopo.dev/meshtopo/schema/mutation"
	"meshtopo.dev/meshtopo/schema/settings"
)

// TestFixedMutants breaks each word of the good cases. What --fix then changes becomes what it was, byte for byte; the
// rest stays as it is. The fields of Secrets are not checked. A word of several cases is broken in one of them.
func TestFixedMutants(t *testing.T) {
	for what, of := range map[string]struct {
		mutants func(string) []mutation.Word
		each    int // one of so many words is broken
		least   int // so many are fixed at least
	}{"a slip": {mutation.Slips, 2, 500}, "quotes": {mutation.Requoted, 1, 70}} {
		t.Run(what, func(t *testing.T) {
			fixed, seen := 0, map[string]bool{}
			cases := archives(t)
			for _, name := range slices.Sorted(maps.Keys(cases)) {
				a := cases[name]
				if testing.Short() && len(name)%5 > 0 {
					continue
				}
				top := topology(t, a, "good/")
				good, _ := sources(a, "good/")
				for c := range good {
					for i, file := range good[c].Files {
						text, err := file.Read()
						if err != nil || path.Ext(file.Name) == ".json" || strings.Contains(string(text), "kind: Secret") || seen[string(text)] {
							continue
						}
						seen[string(text)] = true
						for n, m := range of.mutants(string(text)) {
							if (n+len(seen))%of.each == 0 && fixMutant(t, m, good, c, i, top) {
								fixed++
							}
						}
					}
				}
			}
			if fixed < of.least && !testing.Short() {
				t.Errorf("%d mutants are fixed, want %d", fixed, of.least)
			}
		})
	}
}

// fixMutant lints a mutant of a file and makes the edits. It reports whether the mutant is fixed.
func fixMutant(t *testing.T, m mutation.Word, good []Source, c, i int, top *schema.Topology) bool {
	t.Helper()
	text, _ := good[c].Files[i].Read()
	broken := m.Apply(string(text))
	if broken == "" || broken == string(text) {
		return false
	}
	clusters := slices.Clone(good)
	clusters[c].Files = slices.Clone(clusters[c].Files)
	clusters[c].Files[i].Read = func() ([]byte, error) { return []byte(broken), nil }
	found, err := Run(Input{Clusters: clusters, Now: now, Topology: top, Edits: true})
	if err != nil {
		t.Fatal(err)
	}
	renames := false
	found.Each(func(d *diag.Diagnostic) {
		renames = renames || len(d.Edits) > 0 && d.Pos.Line == m.Line && slices.Contains(fieldCodes, d.Code)
	})
	if !renames {
		return false
	}
	left, _ := fixAll(t, Input{Clusters: clusters, Now: now, Topology: top, Edits: true})
	after, _ := clusters[c].Files[i].Read()
	if string(after) != string(text) || len(left) > 0 {
		t.Errorf("%s:%d: %s in the place of %s leaves %d findings and\n%s", good[c].Files[i].Name, m.Line, m.Now, m.Before, len(left), after)
	}
	return true
}

var fieldCodes = []string{
	settings.UnknownIstioField.Code, settings.IgnoredIstioField.Code, settings.WrongIstioValue.Code, fields.UnknownField.Code, fields.WrongValue.Code,
}
