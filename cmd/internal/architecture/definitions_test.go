package architecture

import (
	"go/ast"
	"go/token"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// definitions are texts that are written in few places, and used from there: packages, or files of them.
var definitions = []struct {
	what   string
	text   *regexp.Regexp
	places string
}{
	{"a path in the directory of all clusters", regexp.MustCompile(`^clusters/|\bclusters/$`), ""},
	{"the directory of all clusters", regexp.MustCompile(`^clusters$`), "render/layout schema schema/evaluator schema/kubeconfig schema/lint schema/owned schema/rules"},
	{"the directory of a layer", regexp.MustCompile(`(^|/)[1-5]-(prepare|secrets|control-plane|gateway|expose)(/|$)`), "render/layout"},
	{"the injection path", regexp.MustCompile(`^/inject/cluster/`), "schema/owned/owned.go"},
	// Packages trust, plaintext and authority name the PEM blocks that they parse or write, and guess nothing by them.
	{"what a private text looks like", regexp.MustCompile(`^(eyJ|ZXlK|MII|LS0tLS1|ls0tls1|-----(BEGIN|END) ?$)|PRIVATE KEY`),
		"schema/private schema/plaintext/text.go schema/trust/pem.go schema/trust/key.go schema/trust/client.go authority/authority.go"},
}

// TestDefinitions finds string literals with a text outside the place of its definition.
func TestDefinitions(t *testing.T) {
	found := make([]map[string]bool, len(definitions))
	for _, s := range read(t) {
		for name, f := range s.files {
			file := path.Join(s.name, name)
			ast.Inspect(f, func(n ast.Node) bool {
				lit, ok := n.(*ast.BasicLit)
				if !ok || lit.Kind != token.STRING {
					return true
				}
				text, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				for i, d := range definitions {
					if d.text.MatchString(text) {
						if found[i] == nil {
							found[i] = map[string]bool{}
						}
						found[i][file] = true
						if !slices.ContainsFunc(strings.Fields(d.places), func(p string) bool { return p == s.name || p == file }) {
							t.Errorf("%s: %s is written in %s: %q", s.fset.Position(lit.Pos()), d.what, d.places, text)
						}
					}
				}
				return true
			})
		}
	}
	for i, d := range definitions {
		if t.Logf("%s is written in %q", d.what, slices.Sorted(maps.Keys(found[i]))); found[i] == nil && d.places != "" {
			t.Errorf("%s is written nowhere", d.what)
		}
	}
}
