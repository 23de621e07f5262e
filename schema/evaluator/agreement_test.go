package evaluator

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// TestCheckerAgreesWithCUE proves that what the checker knows of topology.cue is what CUE knows: both accept the
// same documents and give them the same defaults.
func TestCheckerAgreesWithCUE(t *testing.T) {
	files, err := filepath.Glob("../../testdata/*/topology.yaml")
	if err != nil || len(files) < 8 {
		t.Fatalf("found %d examples, %v", len(files), err)
	}
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text := string(content)
		compareWithCUE(t, name, text)
		for i, mutant := range mutants(text) {
			compareWithCUE(t, fmt.Sprintf("%s, mutant %d", name, i), mutant)
		}
	}
}

func compareWithCUE(t *testing.T, name, text string) {
	t.Helper()
	parsing := &diag.List{}
	root := document.ReadYAML("topology.yaml", []byte(text), parsing)
	if root == nil || parsing.Len() > 0 || hasUnquoted(root) {
		return
	}
	want, accepted := evaluate(root)
	found := &diag.List{}
	schema.Grammar().Check(root, "a topology", found)
	if accepted != (found.Len() == 0) {
		t.Errorf("%s: CUE accepts it: %v; the checker found %q\n%s", name, accepted, places(found.Sorted()), text)
		return
	}
	if got, _ := json.Marshal(root.Value()); accepted && !sameJSON(t, got, want) {
		t.Errorf("%s: with defaults the checker gives\n%s\nCUE gives\n%s", name, got, want)
	}
}

// hasUnquoted reports whether a document has scalars that only the checker refuses.
func hasUnquoted(n *document.Node) bool {
	for _, e := range n.Fields {
		if hasUnquoted(e.Value) {
			return true
		}
	}
	for _, item := range n.Items {
		if hasUnquoted(item) {
			return true
		}
	}
	return n.Ambiguous
}

func sameJSON(t *testing.T, a, b []byte) bool {
	t.Helper()
	var x, y any
	if err := errors.Join(json.Unmarshal(a, &x), json.Unmarshal(b, &y)); err != nil {
		t.Fatal(err)
	}
	return reflect.DeepEqual(x, y)
}

// mutants gives the document with one line left out, or one word changed, at a time.
func mutants(text string) []string {
	lines := strings.Split(text, "\n")
	var out []string
	for i, line := range lines {
		if strings.TrimSpace(line) == "" || strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		without := append(append([]string(nil), lines[:i]...), lines[i+1:]...)
		out = append(out, strings.Join(without, "\n"))
		for _, swap := range [][2]string{{": ", "x: "}, {": ", ": 1 # "}, {": ", ": [a] # "}, {": ", ": {a: b} # "}, {": ", ": UPPER_ # "}, {": ", ": /../x # "}, {": ", ": true # "}, {"-", "_"}} {
			changed := strings.Replace(line, swap[0], swap[1], 1)
			if changed == line {
				continue
			}
			mutant := append([]string(nil), lines...)
			mutant[i] = changed
			out = append(out, strings.Join(mutant, "\n"))
		}
	}
	return out
}

// evaluate says whether CUE accepts a document, and gives its value with the defaults.
func evaluate(root *document.Node) ([]byte, bool) {
	ctx := cuecontext.New()
	value := ctx.CompileBytes(schema.Source()).LookupPath(cue.MakePath(cue.Def("#Topology"))).Unify(ctx.BuildExpr(expr(root, nil)))
	if value.Validate(cue.Concrete(true)) != nil {
		return nil, false
	}
	text, err := value.MarshalJSON()
	if err != nil {
		panic(err)
	}
	return text, true
}
