package lint

import (
	"bytes"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/rules"
)

// mutant is a change of one word of a manifest.
type mutant struct {
	line, column int // of the word
	before, now  string
}

// slips misspells every plain key of a file, in one way after the other.
func slips(t *testing.T, text string) []mutant {
	var all []mutant
	eachScalar(t, text, func(n *yaml.Node, key bool) {
		if !key || n.Style != 0 || len(n.Value) < 2 {
			return
		}
		at := 1 + len(n.Value)/2
		word := n.Value
		switch len(all) % 4 {
		case 0:
			word = word[:at-1] + word[at:]
		case 1:
			word = word[:at] + word[at-1:]
		case 2:
			word = word[:at-1] + "y" + word[at:]
		case 3:
			word = strings.ToUpper(word[:1]) + word[1:]
		}
		all = append(all, mutant{n.Line, n.Column, n.Value, word})
	})
	return all
}

// requoted takes the quotes off strings in double quotes, and puts numbers and booleans into them.
func requoted(t *testing.T, text string) []mutant {
	var all []mutant
	eachScalar(t, text, func(n *yaml.Node, key bool) {
		switch {
		case key || strings.ContainsAny(n.Value, "\"\\\n#:{}[],&*!|>'%@`") || n.Value == "" || n.Value != strings.TrimSpace(n.Value):
		case n.Style == yaml.DoubleQuotedStyle:
			all = append(all, mutant{n.Line, n.Column, `"` + n.Value + `"`, n.Value})
		case n.Style == 0 && n.ShortTag() != "!!str":
			all = append(all, mutant{n.Line, n.Column, n.Value, `"` + n.Value + `"`})
		}
	})
	return all
}

// eachScalar calls a function for the keys and scalars of a file.
func eachScalar(t *testing.T, text string, do func(n *yaml.Node, key bool)) {
	t.Helper()
	dec := yaml.NewDecoder(bytes.NewReader([]byte(text)))
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		for i, below := range n.Content {
			if below.Kind == yaml.ScalarNode {
				do(below, n.Kind == yaml.MappingNode && i%2 == 0)
			}
			walk(below)
		}
	}
	for {
		var doc yaml.Node
		if dec.Decode(&doc) != nil {
			return
		}
		walk(&doc)
	}
}

// apply makes a text the mutant, or "" where the word is not where it seems to be.
func (m mutant) apply(text string) string {
	lines := strings.Split(text, "\n")
	if m.line > len(lines) {
		return ""
	}
	runes := []rune(lines[m.line-1])
	rest := string(runes[min(m.column-1, len(runes)):])
	if !strings.HasPrefix(rest, m.before) {
		return ""
	}
	lines[m.line-1] = string(runes[:m.column-1]) + m.now + rest[len(m.before):]
	return strings.Join(lines, "\n")
}

// TestMendedMutants breaks one word after the other of what is good in the cases. What is mended of it is what it was, byte for byte,
// and what is not mended is left alone. Secrets are not judged field by field; what stands in several cases is broken in one.
func TestMendedMutants(t *testing.T) {
	for what, of := range map[string]struct {
		mutants func(*testing.T, string) []mutant
		each    int // how many words there are for one that is broken
		least   int // how many are mended
	}{"a slip": {slips, 2, 500}, "quotes": {requoted, 1, 70}} {
		t.Run(what, func(t *testing.T) {
			mended, seen := 0, map[string]bool{}
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
						for n, m := range of.mutants(t, string(text)) {
							if (n+len(seen))%of.each == 0 && m.mend(t, good, c, i, top) {
								mended++
							}
						}
					}
				}
			}
			if mended < of.least && !testing.Short() {
				t.Errorf("%d mutants are mended, want %d", mended, of.least)
			}
		})
	}
}

// mend lints a mutant of a file and mends what can be. It reports whether the mutant is mended.
func (m mutant) mend(t *testing.T, good []Source, c, i int, top *schema.Topology) bool {
	t.Helper()
	text, _ := good[c].Files[i].Read()
	broken := m.apply(string(text))
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
		renames = renames || len(d.Edits) > 0 && d.Pos.Line == m.line && slices.Contains(fieldCodes, d.Code)
	})
	if !renames {
		return false
	}
	left, _ := fixAll(t, Input{Clusters: clusters, Now: now, Topology: top, Edits: true})
	after, _ := clusters[c].Files[i].Read()
	if string(after) != string(text) || len(left) > 0 {
		t.Errorf("%s:%d: %s in the place of %s leaves %d findings and\n%s", good[c].Files[i].Name, m.line, m.now, m.before, len(left), after)
	}
	return true
}

var fieldCodes = []string{
	rules.UnknownIstioField.Code, rules.IgnoredIstioField.Code, rules.WrongIstioValue.Code, unknownObjectField.Code, wrongObjectValue.Code,
}
