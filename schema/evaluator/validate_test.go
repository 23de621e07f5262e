package evaluator

import (
	"fmt"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// TestValidate has CUE check what the checker did not see: it names the place, with many clusters too.
func TestValidate(t *testing.T) {
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
			root := document.ReadYAML("t.yaml", []byte(c.text), &diag.List{})
			Validate(schema.Grammar(), root, found)
			got := places(found.Sorted())
			if len(got) != 0 && c.want == "" || c.want != "" && (len(got) == 0 || !strings.HasPrefix(got[0], c.want)) {
				t.Errorf("found %q, want one at %q", got, c.want)
			}
		})
	}
}

// places writes findings as "line:col code".
func places(found []*diag.Diagnostic) []string {
	var out []string
	for _, d := range found {
		out = append(out, fmt.Sprintf("%d:%d %s", d.Pos.Line, d.Pos.Col, d.Code))
	}
	return out
}
