package change

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/tree"
)

// TestSummarize compares a directory that was rendered, and then edited as each case says, with what renders.
func TestSummarize(t *testing.T) {
	const gateway = "clusters/cluster-a/5-expose/cross-network-gateway.yaml"
	tests := []struct {
		name string
		edit func(t *testing.T, out string)
		want []string
	}{
		{"nothing", func(*testing.T, string) {}, nil},
		{"a value", replaceIn(gateway, "15443", "15444"), []string{
			"changed cluster-a", "  changed Gateway istio-system/cross-network-gateway"}},
		{"a comment above", replaceIn(gateway, "\napiVersion", "\n# mine\napiVersion"), []string{"changed cluster-a"}},
		{"line ends", replaceIn(gateway, "\n", "\r\n"), nil},
		{"the name", replaceIn(gateway, "name: cross-network-gateway", "name: 'my' # not \"cross\""), []string{
			"changed cluster-a", "  added Gateway istio-system/cross-network-gateway", "  removed Gateway istio-system/my"}},
		{"no object any more", replaceIn(gateway, "kind: Gateway", "{"), []string{
			"changed cluster-a", "  changed Gateway istio-system/cross-network-gateway"}},
		{"a name that would colour a terminal", replaceIn(gateway, "name: cross-network-gateway", `name: "\x1b[31m"`), []string{
			"changed cluster-a", "  changed Gateway istio-system/cross-network-gateway"}},
		{"a Secret", replaceIn("clusters/cluster-b/2-secrets/cacerts.yaml", "root-cert.pem: ", "root-cert.pem: x"), []string{
			"changed cluster-b", "  changed Secret istio-system/cacerts"}},
		{"what holds no object", replaceIn("clusters/cluster-a/README.md", "cluster-a", "cluster-x"), []string{"changed cluster-a"}},
		{"the fleet's README", replaceIn("clusters/README.md", "cluster-a", "cluster-x"), nil},
		{"another object in the file", replaceIn(gateway, "apiVersion",
			"kind: ConfigMap\nmetadata: \n    labels: {}\n    name: \"mine\"\n---\napiVersion"), []string{
			"changed cluster-a", "  removed ConfigMap /mine"}},
		{"another object in flow style", appendTo(gateway, "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: extra}\n"), []string{
			"changed cluster-a", "  removed Namespace /extra"}},
		{"another object behind a comment", appendTo(gateway, "--- # mine\n{kind: Namespace, metadata: {name: extra}}\n"), []string{
			"changed cluster-a", "  removed Namespace /extra"}},
		{"a list of objects", appendTo(gateway, "---\napiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Namespace, metadata: {name: a}}\n- {apiVersion: v1, kind: Namespace, metadata: {name: b}}\n"), []string{
			"changed cluster-a", "  removed Namespace /a", "  removed Namespace /b"}},
		{"an empty document", appendTo(gateway, "---\n# nothing\n"), []string{"changed cluster-a"}},
		{"a document that cannot be read", appendTo("clusters/cluster-a/1-prepare/namespace.yaml", "---\nkind: [\n"), []string{
			"changed cluster-a", "  changed Namespace /istio-system"}},
		{"a list without a Secret", replaceIn("clusters/cluster-a/2-secrets/kustomization.yaml", "- \"cacerts.yaml\"\n", ""), []string{
			"changed cluster-a", "  changed Kustomization /2-secrets"}},
		{"a prefix for all names", appendTo("clusters/cluster-a/2-secrets/kustomization.yaml", "namePrefix: my-\n"), []string{
			"changed cluster-a", "  changed Kustomization /2-secrets"}},
		{"a comment in a list", appendTo("clusters/cluster-a/2-secrets/kustomization.yaml", "\n# mine\n"), []string{"changed cluster-a"}},
		{"no list", func(t *testing.T, out string) { removeFrom(t, out, "clusters/cluster-a/5-expose/kustomization.yaml") }, []string{
			"changed cluster-a", "  added Kustomization /5-expose"}},
		{"a file that its list has not either", func(t *testing.T, out string) {
			removeFrom(t, out, gateway)
			replaceIn("clusters/cluster-a/5-expose/kustomization.yaml", "- \"cross-network-gateway.yaml\"\n", "")(t, out)
		}, []string{"changed cluster-a", "  added Gateway istio-system/cross-network-gateway"}},
		{"a layer that is gone", func(t *testing.T, out string) { removeFrom(t, out, "clusters/cluster-a/5-expose") }, []string{
			"changed cluster-a", "  added Gateway istio-system/cross-network-gateway"}},
		{"a README that is gone", func(t *testing.T, out string) { removeFrom(t, out, "clusters/cluster-a/README.md") }, []string{"changed cluster-a"}},
		{"an old README", func(t *testing.T, out string) {
			writeTo(t, out, "clusters/cluster-a/old/README.md", "<!-- "+tree.Marker("shop")+" -->\n")
		}, []string{"changed cluster-a"}},
		{"an object in another file", moveGateway, []string{"changed cluster-a"}},
		{"a file that is gone", func(t *testing.T, out string) { removeFrom(t, out, gateway) }, []string{
			"changed cluster-a", "  added Gateway istio-system/cross-network-gateway"}},
		{"a directory that is gone", func(t *testing.T, out string) { removeFrom(t, out, "clusters/cluster-a") }, []string{
			"added cluster-a", "  added ClusterRole /istio-remote-reader-istio-system", "  added ClusterRoleBinding /istio-remote-reader-istio-system",
			"  added Gateway istio-system/cross-network-gateway", "  added IstioOperator istio-system/control-plane",
			"  added IstioOperator istio-system/eastwest", "  added Namespace /istio-system",
			"  added Role istio-system/istio-remote-reader-istio-system", "  added RoleBinding istio-system/istio-remote-reader-istio-system",
			"  added Secret istio-system/cacerts", "  added Secret istio-system/istio-remote-reader-istio-remote-secret-token", "  added Secret istio-system/istio-remote-secret-cluster-b",
			"  added ServiceAccount istio-system/istio-remote-reader"}},
		{"a cluster that left", func(t *testing.T, out string) {
			writeTo(t, out, "clusters/old/README.md", "<!-- "+tree.Marker("shop")+" -->\n")
			writeTo(t, out, "clusters/old/ns.yaml", "# "+tree.Marker("shop")+"\nkind: Namespace\nmetadata:\n  name: \"on\"\n")
		}, []string{"removed old", "  removed Namespace /on"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			example, out := os.DirFS("../../testdata/two-clusters/want"), t.TempDir()
			if err := os.CopyFS(out, example); err != nil {
				t.Fatal(err)
			}
			want := treeOf(t, example)
			tt.edit(t, out)
			if got := summarize(t, out, &want); strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("Summarize =\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

// treeOf gives the files of a directory as a tree, as rendering does.
func treeOf(t *testing.T, fsys fs.FS) tree.Tree {
	want := tree.Tree{Owner: "shop"}
	err := fs.WalkDir(fsys, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(fsys, path)
		want.Files = append(want.Files, tree.File{Path: path, Body: [][]byte{text}, Private: layout.Private(path)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(want.Files, func(a, b tree.File) int { return strings.Compare(a.Path, b.Path) })
	return want
}

func summarize(t *testing.T, out string, want *tree.Tree) []string {
	t.Helper()
	dir, err := tree.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	changes, err := tree.Diff(dir, want, nil)
	if err != nil {
		t.Fatal(err)
	}
	clusters, err := Summarize(changes, want)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, c := range clusters {
		lines = append(lines, fmt.Sprintf("%s %s", c.Change, c.Name))
		for _, r := range c.Resources {
			lines = append(lines, fmt.Sprintf("  %s %s %s/%s", r.Change, r.Kind, r.Namespace, r.Name))
		}
	}
	return lines
}

// FuzzIdentify proves that any text is taken for a file, and that what is found in it can be shown.
func FuzzIdentify(f *testing.F) {
	f.Add([]byte("# mark\nkind: A\nmetadata:\n  name: \"a\"\n  labels:\n    name: b\n---\nkind: 'B' # c\nmetadata: {name: b}\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		for document := range documents(file) {
			r := identify(document)
			if !r.valid() {
				continue
			}
			for _, name := range []string{r.Kind, r.Namespace, r.Name} {
				if strings.ContainsAny(name, "\x1b\n\r |<`") {
					t.Errorf("identify(%q) gives %q", document, name)
				}
			}
		}
	})
}

// moveGateway puts the Gateway behind the Namespace.
func moveGateway(t *testing.T, out string) {
	const gateway, namespace = "clusters/cluster-a/5-expose/cross-network-gateway.yaml", "clusters/cluster-a/1-prepare/namespace.yaml"
	moved := readFrom(t, out, gateway)
	removeFrom(t, out, gateway)
	writeTo(t, out, namespace, readFrom(t, out, namespace)+"---\n"+moved)
}

func replaceIn(file, old, new string) func(t *testing.T, out string) {
	return func(t *testing.T, out string) {
		t.Helper()
		before := readFrom(t, out, file)
		if !strings.Contains(before, old) {
			t.Fatalf("%s has no %q", file, old)
		}
		writeTo(t, out, file, strings.ReplaceAll(before, old, new))
	}
}

func appendTo(file, text string) func(t *testing.T, out string) {
	return func(t *testing.T, out string) {
		t.Helper()
		writeTo(t, out, file, readFrom(t, out, file)+text)
	}
}

func readFrom(t *testing.T, out, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(out, file))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func writeTo(t *testing.T, out, file, text string) {
	t.Helper()
	path := filepath.Join(out, file)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func removeFrom(t *testing.T, out, file string) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(out, file)); err != nil {
		t.Fatal(err)
	}
}
