package architecture

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
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
	"sync"
	"testing"
)

const module = "meshtopo.dev/meshtopo/"

// unmeasured are programs and helpers of those who work on the product.
var unmeasured = []string{"cmd/internal/architecture/", "cmd/internal/tools/", "schema/mutation/", "schema/trust/trusttest/"}

// listed is a package as the go command lists it.
type listed struct {
	ImportPath, Dir, Export string
	GoFiles, Imports        []string
	Module                  struct{ Main bool }
}

// name is the path of a package below the module.
func (p *listed) name() string { return strings.TrimPrefix(p.ImportPath, module) }

func (p *listed) measured() bool {
	return p.Module.Main && !slices.ContainsFunc(unmeasured, func(u string) bool { return strings.HasPrefix(p.name()+"/", u) })
}

// list gives the product's packages, and all that they import.
var list = sync.OnceValues(func() (all []*listed, err error) {
	cmd := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles,Imports,Module", "./...")
	cmd.Dir = "../../.."
	out, err := cmd.Output()
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		return nil, fmt.Errorf("go list: %w: %s", err, exit.Stderr)
	}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		p := &listed{}
		if err := d.Decode(p); err == io.EOF {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
})

// product gives the packages that are measured.
func product(t *testing.T) []*listed {
	t.Helper()
	all, err := list()
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(slices.Clone(all), func(p *listed) bool { return !p.measured() })
}

// source is a package with its syntax and types.
type source struct {
	name  string
	fset  *token.FileSet
	files map[string]*ast.File // by their name in the package's directory
	lines map[string]int
	pkg   *types.Package
	info  *types.Info
}

// sources gives the syntax and the types of the packages that are measured.
var sources = sync.OnceValues(func() (all []*source, err error) {
	packages, err := list()
	if err != nil {
		return nil, err
	}
	exports := map[string]string{}
	for _, p := range packages {
		exports[p.ImportPath] = p.Export
	}
	for _, p := range packages {
		if !p.measured() {
			continue
		}
		s, err := p.read(exports)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
})

// read parses a package and checks its types, with the types of what it imports from the compiler's export data.
func (p *listed) read(exports map[string]string) (*source, error) {
	s := &source{name: p.name(), fset: token.NewFileSet(), files: map[string]*ast.File{}, lines: map[string]int{}}
	var files []*ast.File
	for _, name := range p.GoFiles {
		f, err := parser.ParseFile(s.fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		s.files[name], files = f, append(files, f)
		s.lines[name] = s.fset.File(f.Pos()).LineCount() - 1
	}
	s.info = &types.Info{Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}}
	open := func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) }
	config := types.Config{Importer: importer.ForCompiler(s.fset, "gc", open)}
	var err error
	s.pkg, err = config.Check(p.ImportPath, s.fset, files, s.info)
	return s, err
}

// read gives the sources of the product.
func read(t *testing.T) []*source {
	t.Helper()
	all, err := sources()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// file is the name of the file of a position.
func (s *source) file(pos token.Pos) string { return filepath.Base(s.fset.Position(pos).Filename) }
