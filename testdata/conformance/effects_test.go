package conformance

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	meshconfig "istio.io/api/mesh/v1alpha1"
	effects "meshtopo.dev/meshtopo/schema/settings"
)

// multiclusterCode is the code of istiod that makes a mesh of several clusters.
var multiclusterCode = []string{
	"pilot/pkg/serviceregistry/aggregate", "pilot/pkg/serviceregistry/ambient", "pilot/pkg/serviceregistry/kube/controller",
	"pilot/pkg/credentials/kube", "pilot/pkg/xds/endpoints", "pkg/kube/multicluster", "pilot/pkg/model/network.go",
}

// TestEffectsOfFeatures looks for variables that this code reads and that the table of what settings do to a mesh of
// several clusters does not have, and the other way round.
func TestEffectsOfFeatures(t *testing.T) {
	root := moduleDir(t, "istio.io/istio")
	variables := featureVariables(t, root)
	table := map[string]effects.Effect{}
	for _, e := range effects.Effects() {
		if e.Feature != "" {
			table[e.Feature] = e
		}
	}
	read := featuresOf(t)
	if len(read) < 30 {
		t.Errorf("only %d variables are read: %q", len(read), read)
	}
	for _, feature := range read {
		e, ok := table[feature]
		switch {
		case variables[feature] == "":
			t.Errorf("no variable is known for features.%s", feature)
		case !ok:
			t.Errorf("features.%s (%s) is read, and schema/settings does not say what it does to a mesh of several clusters", feature, variables[feature])
		case e.Setting != "pilot.env."+variables[feature]:
			t.Errorf("features.%s is %s, and not %s", feature, variables[feature], e.Setting)
		}
		delete(table, feature)
	}
	for feature := range table {
		t.Errorf("nothing there reads features.%s", feature)
	}
}

// TestEffectsOfMeshConfig looks for fields of the mesh config that this code reads and that the table does not have.
func TestEffectsOfMeshConfig(t *testing.T) {
	fields := map[string]string{} // by name in Go, that in YAML
	of := reflect.TypeOf(meshconfig.MeshConfig{})
	for i := range of.NumField() {
		for _, part := range strings.Split(of.Field(i).Tag.Get("protobuf"), ",") {
			if name, ok := strings.CutPrefix(part, "json="); ok {
				fields[of.Field(i).Name] = name
			}
		}
	}
	known := map[string]bool{}
	for _, e := range effects.Effects() {
		known[e.Setting] = true
	}
	read := map[string]bool{}
	eachMulticlusterFile(t, func(file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok || !strings.Contains(strings.ToLower(types.ExprString(s.X)), "mesh") {
				return true
			}
			if field := fields[strings.TrimPrefix(s.Sel.Name, "Get")]; field != "" {
				read[field] = true
			}
			return true
		})
	})
	for field := range read {
		if !known["meshConfig."+field] {
			t.Errorf("meshConfig.%s is read, and schema/settings does not say what it does to a mesh of several clusters", field)
		}
	}
	if len(read) < 4 {
		t.Errorf("only %d fields are read: %v", len(read), read)
	}
	t.Log(slices.Sorted(maps.Keys(read)))
}

// featuresOf gives the variables of package features that the code reads.
func featuresOf(t *testing.T) []string {
	t.Helper()
	var all []string
	eachMulticlusterFile(t, func(file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if of, ok := s.X.(*ast.Ident); ok && of.Name == "features" {
					all = append(all, s.Sel.Name)
				}
			}
			return true
		})
	})
	slices.Sort(all)
	return slices.Compact(all)
}

// eachMulticlusterFile parses each file of that code.
func eachMulticlusterFile(t *testing.T, visit func(*ast.File)) {
	t.Helper()
	root := moduleDir(t, "istio.io/istio")
	for _, path := range multiclusterCode {
		files := []string{filepath.Join(root, path)}
		if !strings.HasSuffix(path, ".go") {
			var err error
			if files, err = filepath.Glob(filepath.Join(root, path, "*.go")); err != nil || len(files) == 0 {
				t.Fatal(path, err)
			}
		}
		for _, file := range files {
			if !strings.HasSuffix(file, "_test.go") {
				visit(parseFile(t, file))
			}
		}
	}
}

// featureVariables gives the environment variable of each variable of package features: the first text in what it is
// made by.
func featureVariables(t *testing.T, root string) map[string]string {
	t.Helper()
	all := map[string]string{}
	files, err := filepath.Glob(filepath.Join(root, "pilot/pkg/features/*.go"))
	if err != nil || len(files) == 0 {
		t.Fatal("no features", err)
	}
	for _, file := range files {
		ast.Inspect(parseFile(t, file), func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != len(spec.Names) {
				return true
			}
			for i, value := range spec.Values {
				ast.Inspect(value, func(n ast.Node) bool {
					if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING && all[spec.Names[i].Name] == "" {
						all[spec.Names[i].Name], _ = strconv.Unquote(text.Value)
					}
					return true
				})
			}
			return true
		})
	}
	return all
}

func parseFile(t *testing.T, file string) *ast.File {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}
