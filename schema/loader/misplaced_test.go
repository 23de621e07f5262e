package loader

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestSpecForgotten leaves out the key spec, or writes it at another place or as another word: that is one finding.
func TestSpecForgotten(t *testing.T) {
	const head = "metadata: {name: shop}\nspec:\n"
	text, err := os.ReadFile("../../testdata/two-clusters/topology.yaml")
	if err != nil || !strings.Contains(string(text), head) {
		t.Fatal("the example begins otherwise", err)
	}
	above, below, _ := strings.Cut(string(text), head)
	line := strings.Count(above, "\n") + 1 // of metadata
	deeper := strings.ReplaceAll("\n"+strings.TrimSuffix(below, "\n"), "\n", "\n  ")[1:] + "\n"
	higher := strings.ReplaceAll("\n"+below, "\n  ", "\n")[1:]
	for _, c := range []struct{ name, text, want string }{
		{"not indented", "metadata: {name: shop}\n" + higher, "1:1 missing-field: write spec: above them"},
		{"inside metadata", "metadata:\n  name: shop\n" + below, "2:3 missing-field: write spec: above them"},
		{"inside metadata, with labels", "metadata:\n  labels: {team: mesh}\n  name: shop\n" + below, "3:3 missing-field: write spec: above them"},
		{"spec inside metadata", "metadata:\n  name: shop\n  spec:\n" + deeper, "2:3 unknown-field: indent it as metadata is"},
		{"specs", "metadata: {name: shop}\nspecs:\n" + below, `1:1 unknown-field: did you mean "spec"?`},
		{"Spec", "metadata: {name: shop}\nSpec:\n" + below, `1:1 unknown-field: did you mean "spec"?`},
		{"cluster for clusters", head + strings.Replace(below, "  clusters:", "  cluster:", 1), `did you mean "clusters"?`},
		{"urls for url", head + strings.Replace(below, "{url:", "{urls:", 1), `did you mean "url"?`},
	} {
		var all []string
		for _, d := range loadText(t, "t.yaml", above+c.text) {
			all = append(all, fmt.Sprintf("%d:%d %s: %s", d.Pos.Line-line, d.Pos.Col, d.Code, d.Fix))
		}
		where, fix, placed := strings.Cut(c.want, ": ")
		if len(all) != 1 || !strings.Contains(all[0], c.want) && !(placed && strings.HasPrefix(all[0], where) && strings.Contains(all[0], fix)) {
			t.Errorf("%s: %q, want %q alone", c.name, all, c.want)
		}
	}
}
