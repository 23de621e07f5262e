package schema

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/parser"
	"cuelang.org/go/cue/token"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// TestJudge has the court judge what the checker did not see: it names the place, with many clusters too. It judges alike by the
// syntax that is in the program, which has no places, and by what is parsed from topology.cue.
func TestJudge(t *testing.T) {
	text := &strings.Builder{}
	text.WriteString("apiVersion: meshtopo.dev/v1alpha1\nkind: Topology\nmetadata: {name: a}\nspec:\n  networks: {n: {}}\n" +
		"  istio: {version: 1.31.1}\n  clusters:\n")
	for i := range 2*batch + 1 {
		fmt.Fprintf(text, "    c%d: {network: n}\n", i)
	}
	right := text.String()
	for _, c := range []struct{ name, text, want string }{
		{"right", right, ""},
		{"mesh", strings.Replace(right, "spec:\n", "spec:\n  mesh: {trustDomain: _bad_}\n", 1), "5:23 "},
		{"last cluster", strings.Replace(right, "c64: {network: n}", "c64: {network: n, stat: 1}", 1), "72:29 "},
		{"name of a cluster", strings.Replace(right, "c40:", "C_40:", 1), "48:5 "},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := &diag.List{}
			root := document.ReadYAML("t.yaml", []byte(c.text), found)
			for name, syntax := range map[string]*ast.File{"parsed": parsedSyntax(t), "in the program": withoutPlaces(parsedSyntax(t))} {
				got := places(newCourtOf(syntax).judge(root).Sorted())
				if len(got) != 0 && c.want == "" || c.want != "" && (len(got) == 0 || !strings.HasPrefix(got[0], c.want)) {
					t.Errorf("by the syntax %s: found %q, want one at %q", name, got, c.want)
				}
			}
		})
	}
}

func parsedSyntax(t *testing.T) *ast.File {
	t.Helper()
	f, err := parser.ParseFile("topology.cue", source)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// withoutPlaces makes parsed syntax what TestSyntax writes.
func withoutPlaces(f *ast.File) *ast.File {
	ast.Walk(f, func(n ast.Node) bool {
		v := reflect.ValueOf(n).Elem()
		for i := range v.NumField() {
			if field := v.Field(i); field.Type() == reflect.TypeFor[token.Pos]() {
				field.SetZero()
			}
		}
		return true
	}, nil)
	return f
}

// TestLoaderClosed wants nothing to go on for a loader that loads nothing.
func TestLoaderClosed(t *testing.T) {
	for _, l := range []*Loader{NewLoader(), {}} {
		l.Close()
		l.Close()
	}
	trial := NewLoader().next
	trial.end()
	if verdict := trial.verdict(); verdict != nil {
		t.Errorf("there is a verdict without a document: %v", verdict)
	}
}
