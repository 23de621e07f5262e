package conformance

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// release is a minor version of Istio as its newest patch is.
type release struct {
	minor           int
	api, kubernetes string // the versions of istio.io/api and of k8s.io/api and apimachinery that it is made with
	source          string // where its files are, or "" where they are not at hand
}

// apiVersions are releases of istio.io/api: its go.mod names commits between them for most patches of Istio.
var apiVersions = map[int]string{24: "v1.24.4", 25: "v1.25.5", 26: "v1.26.4", 27: "v1.27.8", 28: "v1.28.3", 29: "v1.29.6", 30: "v1.30.3", 31: "v1.31.1"}

// releases gives the minor versions that the table of versions covers, from the branches of a git directory of
// istio.io/istio.
func releases(t *testing.T, gitDir string) []release {
	t.Helper()
	var all []release
	for minor := firstMinor; minor <= lastMinor; minor++ {
		r := release{minor: minor, source: t.TempDir()}
		unpack(t, gitDir, "release-1."+strconv.Itoa(minor), r.source)
		mod := string(read(t, filepath.Join(r.source, "go.mod")))
		r.api, r.kubernetes = apiVersions[minor], required(t, mod, "k8s.io/api")
		all = append(all, r)
	}
	return all
}

// unpack writes the Go files of a branch to a directory.
func unpack(t *testing.T, gitDir, branch, dir string) {
	t.Helper()
	archive := exec.Command("git", "--git-dir="+gitDir, "archive", branch, "--", "go.mod", ":(glob,exclude)**/*_test.go", ":(glob)**/*.go")
	extract := exec.Command("tar", "-x", "-C", dir)
	var err error
	if extract.Stdin, err = archive.StdoutPipe(); err != nil {
		t.Fatal(err)
	}
	if err := extract.Start(); err != nil {
		t.Fatal(err)
	}
	if err := archive.Run(); err != nil {
		t.Fatalf("%s has no branch %s: %v", gitDir, branch, err)
	}
	if err := extract.Wait(); err != nil {
		t.Fatal(err)
	}
}

// required gives the version of a module in the text of a go.mod.
func required(t *testing.T, mod, module string) string {
	t.Helper()
	m := regexp.MustCompile(`(?m)^\s*(?:require )?` + regexp.QuoteMeta(module) + ` (v\S+)`).FindStringSubmatch(mod)
	if m == nil {
		t.Fatalf("go.mod requires no %s", module)
	}
	return m[1]
}

// downloaded gives the directory of a version of a module.
func downloaded(t *testing.T, module, version string) string {
	t.Helper()
	out, err := exec.Command("go", "mod", "download", "-json", module+"@"+version).Output()
	var answer struct{ Dir string }
	if err != nil || json.Unmarshal(out, &answer) != nil || answer.Dir == "" {
		t.Fatalf("%s %s cannot be had: %v", module, version, stderr(err))
	}
	return answer.Dir
}

// metadataVariables gives the variables that become fields of a node's metadata, as addMetadata does, from the source
// of another release.
func metadataVariables(t *testing.T, source string) map[string]bool {
	t.Helper()
	syntax, err := parser.ParseFile(token.NewFileSet(), filepath.Join(source, "pkg/model/proxy.go"), nil, 0)
	if os.IsNotExist(err) {
		t.Fatalf("%v: where is the metadata of proxies in that release?", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	addFields(structsOf(syntax), "BootstrapNodeMetadata", names)
	return names
}

// structsOf gives the structs that a file declares.
func structsOf(syntax *ast.File) map[string]*ast.StructType {
	structs := map[string]*ast.StructType{}
	ast.Inspect(syntax, func(n ast.Node) bool {
		if spec, ok := n.(*ast.TypeSpec); ok {
			if of, ok := spec.Type.(*ast.StructType); ok {
				structs[spec.Name.Name] = of
			}
		}
		return true
	})
	return structs
}

func addFields(structs map[string]*ast.StructType, name string, names map[string]bool) {
	for _, f := range structs[name].Fields.List {
		tag := ""
		if f.Tag != nil {
			text, _ := strconv.Unquote(f.Tag.Value)
			tag, _, _ = strings.Cut(reflect.StructTag(text).Get("json"), ",")
		}
		embedded, isName := f.Type.(*ast.Ident)
		switch {
		case len(f.Names) == 0 && tag == "" && isName && structs[embedded.Name] != nil:
			addFields(structs, embedded.Name, names)
		case tag != "" && tag != "-":
			names["ISTIO_META_"+tag] = true
			_, isMap := f.Type.(*ast.MapType)
			_, isPointer := f.Type.(*ast.StarExpr)
			if isMap || isPointer {
				names["ISTIO_METAJSON_"+tag] = true
			}
		}
	}
}
