package diag_test

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	module      = "meshtopo.dev/meshtopo/"
	diagPackage = module + "schema/diag"
)

// mayRead are the packages that read the texts of findings: they write them for people.
var mayRead = []string{diagPackage, module + "cmd/internal/report"}

// goPackage is what go list says of a package.
type goPackage struct {
	ImportPath, Dir, Export string
	GoFiles                 []string
}

// TestNobodyGoesByWords finds every read of a finding's message, why or fix: a program that goes by them changes its mind when
// somebody rewords a message.
func TestNobodyGoesByWords(t *testing.T) {
	packages := listPackages(t)
	exports := map[string]string{}
	for _, p := range packages {
		exports[p.ImportPath] = p.Export
	}
	files := token.NewFileSet()
	compiled := importer.ForCompiler(files, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	reads := 0
	for _, p := range packages {
		if !strings.HasPrefix(p.ImportPath, module) {
			continue
		}
		for _, read := range wordsRead(t, p, files, compiled) {
			if reads++; !slices.Contains(mayRead, p.ImportPath) {
				t.Errorf("%s", read)
			}
		}
	}
	if reads == 0 {
		t.Error("not even a report reads what a finding says: the test is blind")
	}
}

// listPackages gives all packages of the module and those that they import, compiled.
func listPackages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles", module+"...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []goPackage
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var p goPackage
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

// wordsRead gives the places at which a package reads a text of a finding.
func wordsRead(t *testing.T, p goPackage, files *token.FileSet, compiled types.Importer) []string {
	t.Helper()
	var parsed []*ast.File
	for _, name := range p.GoFiles {
		f, err := parser.ParseFile(files, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, f)
	}
	info := &types.Info{Selections: map[*ast.SelectorExpr]*types.Selection{}}
	config := types.Config{Importer: compiled}
	if _, err := config.Check(p.ImportPath, files, parsed, info); err != nil {
		t.Fatal(err)
	}
	written := map[ast.Expr]bool{}
	for _, f := range parsed {
		ast.Inspect(f, func(n ast.Node) bool {
			if a, ok := n.(*ast.AssignStmt); ok {
				for _, to := range a.Lhs {
					written[to] = true
				}
			}
			return true
		})
	}
	var reads []string
	for at, s := range info.Selections {
		if isWord(s.Obj()) && !written[at] {
			reads = append(reads, files.Position(at.Pos()).String()+": reads "+s.Obj().Name()+" of a finding")
		}
	}
	slices.Sort(reads)
	return reads
}

// isWord reports whether a field is a text of a Diagnostic.
func isWord(field types.Object) bool {
	if field.Pkg() == nil || field.Pkg().Path() != diagPackage {
		return false
	}
	finding := field.Pkg().Scope().Lookup("Diagnostic").Type().Underlying().(*types.Struct)
	for i := range finding.NumFields() {
		if f := finding.Field(i); f == field {
			return slices.Contains([]string{"Message", "Why", "Fix"}, f.Name())
		}
	}
	return false
}
