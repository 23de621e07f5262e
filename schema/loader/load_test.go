package loader

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// noMaterial is a topology's root without any of the files that the topology names.
type noMaterial struct{}

func (noMaterial) Public(string) ([]byte, error)          { return nil, fs.ErrNotExist }
func (noMaterial) Private(schema.Private) ([]byte, error) { return nil, fs.ErrNotExist }

// loadText loads one file whose material is not there, without the findings about that.
func loadText(t *testing.T, name, text string) []*diag.Diagnostic {
	t.Helper()
	in := Input{FS: fstest.MapFS{name: {Data: []byte(text)}}, Files: []string{name}, Material: noMaterial{}, Now: time.Unix(1_800_000_000, 0)}
	_, found, err := Load(in)
	if err != nil {
		t.Fatalf("Load(%q) failed: %v", name, err)
	}
	return withoutMaterial(found)
}

func withoutMaterial(found *diag.List) []*diag.Diagnostic {
	var kept []*diag.Diagnostic
	for _, d := range found.Sorted() {
		if d.Code != "missing-file" {
			kept = append(kept, d)
		}
	}
	return kept
}

// places writes findings as "line:col code".
func places(found []*diag.Diagnostic) []string {
	var out []string
	for _, d := range found {
		out = append(out, fmt.Sprintf("%d:%d %s", d.Pos.Line, d.Pos.Col, d.Code))
	}
	return out
}

func readExample(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", name, "topology.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func exampleNames(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../../testdata/*/topology.yaml")
	if err != nil || len(files) < 8 {
		t.Fatalf("found %d examples, %v", len(files), err)
	}
	var names []string
	for _, f := range files {
		names = append(names, filepath.Base(filepath.Dir(f)))
	}
	return names
}

// brokenTexts are files that cannot be read, each with a finding among others.
func brokenTexts() []struct{ name, file, text, want string } {
	return []struct{ name, file, text, want string }{
		{"duplicate key", "t.yaml", "kind: Topology\nkind: Topology\n", "2:1 duplicate-key"},
		{"duplicate key, quoted otherwise", "t.yaml", "kind: Topology\n\"kind\": Topology\n", "2:1 duplicate-key"},
		{"several documents", "t.yaml", "kind: Topology\n---\nkind: Topology\n", "2:1 several-documents"},
		{"several documents, the second broken", "t.yaml", "kind: Topology\n---\na: b: c\n", "3:5 invalid-yaml"},
		{"tab", "t.yaml", "spec:\n\tmesh: {}\n", "2:1 tab-indentation"},
		{"tab after spaces", "t.yaml", "spec:\n  mesh:\n  \tid: x\n", "3:3 tab-indentation"},
		{"alias loop", "t.yaml", "spec: &a\n  mesh: *a\n", "2:9 yaml-alias-loop"},
		{"alias bomb", "t.yaml", bomb(), "5:10 yaml-alias-bomb"},
		{"merge key", "t.yaml", "a: &a {b: 1}\nc:\n  <<: *a\n", "3:3 yaml-merge-key"},
		{"tag", "t.yaml", "kind: !topology Topology\n", "1:7 yaml-tag"},
		{"key is a list", "t.yaml", "[a]: b\n", "1:1 key-not-string"},
		{"key is a number", "t.yaml", "spec: {networks: {1: {}}}\n", "1:19 unquoted-scalar"},
		{"key is a number in a list", "t.yaml", "spec: {trust: {roots: [{1: {}}]}}\n", "1:25 unquoted-scalar"},
		{"key is a number below an alias", "t.yaml", "spec: {istio: {values: &a {1: {}}}, networks: *a}\n", "1:28 unquoted-scalar"},
		{"key is a number and a string", "t.yaml", "spec: {istio: {values: {8080: a, \"8080\": b}}}\n", "1:34 duplicate-key"},
		{"key is a fraction in free text", "t.yaml", "spec: {istio: {values: {1.5: a}}}\n", "1:25 unquoted-scalar"},
		{"key is true in free text", "t.yaml", "spec: {istio: {values: {true: a}}}\n", "1:25 unquoted-scalar"},
		{"key is null in free text", "t.yaml", "spec: {istio: {values: {null: a}}}\n", "1:25 unquoted-scalar"},
		{"key is octal in free text", "t.yaml", "spec: {istio: {values: {010: a}}}\n", "1:25 unquoted-scalar"},
		{"key is hexadecimal in free text", "t.yaml", "spec: {istio: {values: {0x10: a}}}\n", "1:25 unquoted-scalar"},
		{"key is negative in free text", "t.yaml", "spec: {istio: {values: {-1: a}}}\n", "1:25 unquoted-scalar"},
		{"key is too large in free text", "t.yaml", "spec: {istio: {values: {18446744073709551616: a}}}\n", "1:25 unquoted-scalar"},
		{"key is on", "t.yaml", "spec: {networks: {on: {}}}\n", "1:19 unquoted-scalar"},
		{"infinite", "t.yaml", "spec: {istio: {values: {a: .inf}}}\n", "1:28 not-a-number"},
		{"date in free text", "t.yaml", "spec: {istio: {values: {a: 2026-01-01}}}\n", "1:28 unquoted-scalar"},
		{"octal in free text", "t.yaml", "spec: {istio: {values: {a: 0755}}}\n", "1:28 unquoted-scalar"},
		{"byte order mark", "t.yaml", "\ufeffkind: Topologi\n", "1:1 byte-order-mark"},
		{"invalid UTF-8", "t.yaml", "kind: Topology\nmetadata: {name: \xff}\n", "2:18 invalid-encoding"},
		{"UTF-16", "t.yaml", "\xff\xfek\x00", "1:1 invalid-encoding"},
		{"control character", "t.yaml", "kind: \x01\n", "1:7 control-character"},
		{"line separator", "t.yaml", "kind: a\u2028b\n", "1:8 control-character"},
		{"lone carriage return", "t.yaml", "kind: a\rb: c\n", "1:8 control-character"},
		{"empty", "t.yaml", "", "1:1 empty-file"},
		{"blank", "t.yaml", " \n\n", "1:1 empty-file"},
		{"only a comment", "t.yaml", "# nothing\n", "1:1 empty-file"},
		{"too large", "t.yaml", strings.Repeat("#", 16<<20+1), "0:0 file-too-large"},
		{"too deep", "t.yaml", strings.Repeat("[", 200) + strings.Repeat("]", 200), "1:101 nested-too-deep"},
		{"colon in a value", "t.yaml", "kind: a: b\n", "1:8 invalid-yaml"},
		{"open bracket", "t.yaml", "kind: Topology\nspec: [1, 2\nmetadata: {}\n", "2:7 invalid-yaml"},
		{"open quote", "t.yaml", "kind: \"Topology\nspec: {}\n", "1:7 invalid-yaml"},
		{"unknown alias", "t.yaml", "kind: *a\n", "1:7 invalid-yaml"},
		{"at sign", "t.yaml", "kind: @a\n", "1:7 invalid-yaml"},
		{"indentation", "t.yaml", "spec:\n  mesh: {}\n istio: {}\n", "3:2 invalid-yaml"},
		{"JSON without a colon", "t.json", "{\"kind\": \"Topology\",\n \"spec\" {}}", "2:9 invalid-json"},
		{"JSON cut short", "t.json", "{\"kind\": \"Topology\"", "1:20 invalid-json"},
		{"JSON with more behind it", "t.json", "{}\n{}", "2:1 invalid-json"},
		{"JSON key twice", "t.json", "{\"kind\": \"Topology\",\n\t\"kind\": \"Topology\"}", "2:2 duplicate-key"},
		{"JSON number out of range", "t.json", "{\"spec\": {\"istio\": {\"values\": {\"a\": 1e999}}}}", "1:37 not-a-number"},
		{"JSON too deep", "t.json", strings.Repeat("[", 200), "1:101 nested-too-deep"},
		{"CUE syntax", "t.cue", "kind: {\n", "1:8 invalid-cue"},
		{"CUE conflict", "t.cue", "kind: \"Topology\"\nkind: \"Topologie\"\n", "1:7 conflicting-values"},
		{"CUE without a value", "t.cue", "kind: string\n", "1:7 not-concrete"},
		{"CUE unknown name", "t.cue", "kind: k\n", "1:7 invalid-cue"},
		{"CUE import", "t.cue", "import \"example.com/a\"\nkind: a.b\n", "1:8 invalid-cue"},
	}
}

func TestTextsThatAreNoDocument(t *testing.T) {
	for _, tt := range brokenTexts() {
		t.Run(tt.name, func(t *testing.T) {
			found := loadText(t, tt.file, tt.text)
			for _, got := range places(found) {
				if got == tt.want {
					return
				}
			}
			t.Errorf("Load(%q) found %q, want %q among them", tt.text[:min(len(tt.text), 80)], places(found), tt.want)
		})
	}
}

// TestNumberKeys reads whole numbers as names where Istio's maps have them for keys, as kubectl and istioctl do.
func TestNumberKeys(t *testing.T) {
	example := readExample(t, "two-clusters")
	for _, key := range []string{"8080", "0", `"8080"`} {
		text := strings.Replace(example, `version: "1.31.1"`, "version: \"1.31.1\"\n    values: {pilot: {podAnnotations: {"+key+": a}}}", 1)
		found := &diag.List{}
		root := schema.Grammar().Read("topology.yaml", []byte(text), found)
		if found.Len() > 0 {
			t.Errorf("the key %s gives %q", key, places(found.Sorted()))
		}
		name := strings.Trim(key, `"`)
		if got := root.StringAt("spec", "istio", "values", "pilot", "podAnnotations", name); got != "a" {
			t.Errorf("the value at the key %s is %q", key, got)
		}
		if found := loadText(t, "topology.yaml", text); len(found) > 0 {
			t.Errorf("with the key %s, Load finds %q", key, places(found))
		}
	}
}

func bomb() string {
	text := "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
	for i := 1; i < 8; i++ {
		text += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9), ", "))
	}
	return text + "b: [*a7]\n"
}

func TestUnquotedScalars(t *testing.T) {
	base := readExample(t, "two-clusters")
	for _, changed := range []string{"1.10", "0123", "on", "yes", "y", "~", "null", "true", "1_000", "12:30:45", "2026-01-01", "0x1f", "1e3", ".5", "0o17", "="} {
		text := strings.Replace(base, "metadata: {name: shop}", "metadata: {name: "+changed+"}", 1)
		if text == base {
			t.Fatal("the example does not name itself shop")
		}
		found := loadText(t, "topology.yaml", text)
		if len(found) == 0 || found[0].Code != "unquoted-scalar" && found[0].Code != "empty-value" {
			t.Errorf("name: %s gives %q, want unquoted-scalar", changed, places(found))
		}
	}
	for _, kept := range []string{"shop", `"on"`, "'123'", "no-network", "n1", "1-2", "e3"} {
		text := strings.Replace(base, "metadata: {name: shop}", "metadata: {name: "+kept+"}", 1)
		if found := loadText(t, "topology.yaml", text); len(found) != 0 {
			t.Errorf("name: %s gives %q, want none", kept, places(found))
		}
	}
}

func TestLineEndsDoNotMatter(t *testing.T) {
	text := strings.Replace(readExample(t, "two-clusters"), "network: network2", "network: network3", 1)
	unix := places(loadText(t, "topology.yaml", text))
	dos := places(loadText(t, "topology.yaml", strings.ReplaceAll(text, "\n", "\r\n")))
	if len(unix) == 0 || !reflect.DeepEqual(unix, dos) {
		t.Errorf("with CRLF Load found %q, want %q", dos, unix)
	}
}

func TestNotationsAgree(t *testing.T) {
	text := readExample(t, "two-clusters")
	parsing := &diag.List{}
	doc, err := json.MarshalIndent(document.ReadYAML("t.yaml", []byte(text), parsing).Value(), "", "\t")
	if err != nil || parsing.Len() > 0 {
		t.Fatal(err, places(parsing.Sorted()))
	}
	want := loadModel(t, fstest.MapFS{"t.yaml": {Data: []byte(text)}}, "t.yaml")
	for name, notation := range map[string]string{"t.json": string(doc), "t.cue": string(doc)} {
		got := loadModel(t, fstest.MapFS{name: {Data: []byte(notation)}}, name)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s gives\n%+v, want\n%+v", name, got, want)
		}
	}
	if got := loadModel(t, os.DirFS("../../testdata/two-clusters-cue"), "."); !reflect.DeepEqual(got.Clusters, want.Clusters) {
		t.Errorf("the CUE package gives\n%+v, want\n%+v", got.Clusters, want.Clusters)
	}
}

func loadModel(t *testing.T, fsys fs.FS, files ...string) *schema.Topology {
	t.Helper()
	found := &diag.List{}
	root, err := readAll(Input{FS: fsys, Files: files}, found)
	if err != nil {
		t.Fatal(err)
	}
	schema.Grammar().Check(root, "a topology", found)
	model := schema.Decode(root, found)
	if found.Len() > 0 {
		t.Fatalf("%s: found %q", files, places(found.Sorted()))
	}
	return &schema.Topology{
		Name: model.Name, Mesh: model.Mesh, Istio: model.Istio, Trust: model.Trust, Secrets: model.Secrets,
		Networks: model.Networks, Clusters: model.Clusters, Rules: model.Rules,
	}
}

func TestFilesAreUnified(t *testing.T) {
	text := readExample(t, "two-clusters")
	base, clusters, ok := strings.Cut(text, "  clusters:\n")
	if !ok {
		t.Fatal("the example has no clusters")
	}
	whole := loadModel(t, fstest.MapFS{"t.yaml": {Data: []byte(text)}}, "t.yaml")
	split := fstest.MapFS{
		"base.yaml":     {Data: []byte(base)},
		"clusters.yaml": {Data: []byte("spec:\n  clusters:\n" + clusters)},
		"more.cue":      {Data: []byte(`spec: mesh: id: "shop"`)},
	}
	if got := loadModel(t, split, "base.yaml", "clusters.yaml", "more.cue"); !reflect.DeepEqual(got, whole) {
		t.Errorf("split into files: %+v, want %+v", got, whole)
	}
	split["more.cue"].Data = []byte("// another name\nspec: mesh: id: \"stop\"\n")
	_, found, err := Load(Input{FS: split, Files: []string{"base.yaml", "clusters.yaml", "more.cue"}, Material: noMaterial{}})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range found.Sorted() {
		if d.Code == "conflicting-values" && d.Pos.File == "more.cue" && d.Pos.Line == 2 && len(d.Related) == 1 && d.Related[0].Pos.File == "base.yaml" {
			return
		}
	}
	t.Errorf("two values for spec.mesh.id give %q", places(found.Sorted()))
}

func TestCUEStaysInItsRoot(t *testing.T) {
	outside := t.TempDir()
	root := t.TempDir()
	write := func(dir, name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	write(outside, "secret.yaml", "stolen: value\n")
	write(root, "cue.mod/module.cue", "module: \"example.com/m\"\nlanguage: version: \"v0.15.0\"\n")
	write(root, "t.cue", "@extern(embed)\npackage m\n\nspec: istio: values: _ @embed(file=linked.yaml)\n")
	if err := os.Symlink(filepath.Join(outside, "secret.yaml"), filepath.Join(root, "linked.yaml")); err != nil {
		t.Fatal(err)
	}
	opened, err := os.OpenRoot(root)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	_, found, err := Load(Input{FS: opened.FS(), Files: []string{"."}, Material: noMaterial{}})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range found.Sorted() {
		if strings.Contains(d.Message, "stolen") {
			t.Errorf("a link out of the root was followed: %s", d.Message)
		}
		if d.Code == "unreadable-input" && strings.Contains(d.Message, "linked.yaml") {
			return
		}
	}
	t.Errorf("a link out of the root gives %q, want unreadable-input", places(found.Sorted()))
}

func TestRemotesInherit(t *testing.T) {
	text := readExample(t, "primary-remote-multi-network")
	for _, edit := range [][2]string{
		{`istio: {version: "1.28.3"}`, `istio: {version: "1.28.3", components: {cni: {enabled: true}, pilot: {k8s: {}}, ingressGateways: [{name: shop}]}}`},
		{"    cluster-a:\n", "    cluster-a:\n      istio: {revision: canary, namespace: istio-canary}\n"},
	} {
		changed := strings.Replace(text, edit[0], edit[1], 1)
		if changed == text {
			t.Fatalf("the example has no %q", edit[0])
		}
		text = changed
	}
	remote := loadModel(t, fstest.MapFS{"t.yaml": {Data: []byte(text)}}, "t.yaml").Cluster("cluster-b")
	if remote.Istio.Revision != "canary" || remote.Istio.Namespace != "istio-canary" {
		t.Errorf("the remote has revision %q and namespace %q, want its primary's", remote.Istio.Revision, remote.Istio.Namespace)
	}
	if want := map[string]any{"cni": map[string]any{"enabled": true}}; !reflect.DeepEqual(remote.Istio.Components, want) {
		t.Errorf("the remote has components %v, want %v", remote.Istio.Components, want)
	}
}

// TestRevisionsInForce has primaries and remotes installed in all ways: a remote has the revision of its primary.
func TestRevisionsInForce(t *testing.T) {
	text := readExample(t, "primary-remote-multi-network")
	const mesh, remote = `istio: {version: "1.28.3"}`, "      primary: cluster-a\n"
	for _, test := range []struct {
		mesh, remote string // below istio
		want         string // the revision of both
		resource     string // the name of the remote's resource Istio
	}{
		{"installer: sail", "", "", "default"},
		{"installer: sail, revision: canary", "", "canary", "canary"},
		{"installer: sail, updateStrategy: RevisionBased", "", "default-v1-28-3", "default"},
		{"installer: sail, updateStrategy: RevisionBased, revision: canary", "", "canary-v1-28-3", "canary"},
		{"installer: sail, updateStrategy: RevisionBased", "installer: istioctl", "default-v1-28-3", "default-v1-28-3"},
		{"installer: sail, updateStrategy: RevisionBased", "installer: helm, revision: default-v1-28-3", "default-v1-28-3", "default-v1-28-3"},
		{"revision: canary", "installer: sail", "canary", "canary"},
	} {
		t.Run(test.mesh+"/"+test.remote, func(t *testing.T) {
			changed := strings.Replace(text, mesh, `istio: {version: "1.28.3", `+test.mesh+"}", 1)
			changed = strings.Replace(changed, remote, remote+"      istio: {"+test.remote+"}\n", 1)
			topology := loadModel(t, fstest.MapFS{"t.yaml": {Data: []byte(changed)}}, "t.yaml")
			for _, c := range topology.Clusters {
				if c.Istio.Revision != test.want {
					t.Errorf("%s has the revision %q, want %q", c.Name, c.Istio.Revision, test.want)
				}
			}
			if got := topology.Cluster("cluster-b").Istio.Resource(); got != test.resource {
				t.Errorf("the remote's resource is %q, want %q", got, test.resource)
			}
		})
	}
}

func TestDisplayPath(t *testing.T) {
	for path, want := range map[string]string{
		"":                   "",
		"spec":               "spec",
		"spec mesh id":       "mesh.id",
		"spec trust roots 0": "trust.roots[0]",
		"spec clusters 0 eastWestGateway addresses 1": "clusters.0.eastWestGateway.addresses[1]",
		"spec istio values a 0":                       "istio.values.a.0",
		"metadata name":                               "metadata.name",
	} {
		if got := schema.Grammar().DisplayPath(strings.Fields(path)); got != want {
			t.Errorf("displayPath(%s) = %q, want %q", path, got, want)
		}
	}
}

func TestPos(t *testing.T) {
	text := `apiVersion: meshtopo.dev/v1alpha1
spec:
  mesh:
    exposedHosts: ["*.local"]
  clusters:
    a: {state: joining}
`
	found := &diag.List{}
	root := document.ReadYAML("t.yaml", []byte(text), found)
	schema.Grammar().Check(root, "a topology", found)
	model := schema.Decode(root, found)
	tests := []struct{ path, want string }{
		{"apiVersion", "1:13"},
		{"spec", "2:1"},
		{"spec mesh", "3:3"},
		{"spec mesh exposedHosts 0", "4:20"},
		{"spec mesh trustDomain", "3:3"},
		{"spec clusters a state", "6:16"},
		{"spec clusters a eastWestGateway addresses", "6:5"},
		{"spec clusters b network", "5:3"},
		{"metadata name", "1:1"},
	}
	for _, tt := range tests {
		pos := model.Pos(strings.Fields(tt.path)...)
		if got := fmt.Sprintf("%d:%d", pos.Line, pos.Col); got != tt.want {
			t.Errorf("Pos(%s) = %s, want %s", tt.path, got, tt.want)
		}
	}
}

// TestSecretsStayHidden pastes material into every place that could take it, and a few that cannot.
func TestSecretsStayHidden(t *testing.T) {
	const material = "s3cr3t-Material"
	base := readExample(t, "two-clusters")
	for _, text := range []string{
		strings.Replace(base, "{token: {file: tokens/cluster-a}}", "{token: "+material+"}", 1),
		strings.Replace(base, "{token: {file: tokens/cluster-a}}", "{token: {value: "+material+"}}", 1),
		strings.Replace(base, "{token: {file: tokens/cluster-a}}", "{token: {file: [\""+material+"\"]}}", 1),
		strings.Replace(base, "{token: {file: tokens/cluster-a}}", "{token: {env: "+material+"}}", 1),
		strings.Replace(base, "{token: {file: tokens/cluster-a}}", "{tokn: {env: "+material+"}}", 1),
		strings.Replace(base, "{token: {file: tokens/cluster-a}}", "{token: {file: /"+material+"}}", 1),
		strings.Replace(base, "{token: {file: tokens/cluster-a}}", "{token: "+material+"}}", 1),
		strings.Replace(base, "ca: certs/cluster-a/api.pem", "ca: /"+material, 1),
		strings.Replace(base, "network: network1", "network: nowhere, key: "+material, 1),
	} {
		if text == base {
			t.Error("the example has changed: nothing was replaced")
		}
		in := Input{FS: fstest.MapFS{"t.yaml": {Data: []byte(text)}}, Files: []string{"t.yaml"}, Material: noMaterial{}}
		_, found, err := Load(in)
		if err != nil || !found.HasErrors() {
			t.Errorf("Load gives %v and %d findings", err, found.Len())
		}
		for _, d := range found.Sorted() {
			line, _, _ := found.Excerpt(d.Pos)
			if all := line + d.Message + d.Why + d.Fix; strings.Contains(all, material) {
				t.Errorf("%s shows the material: %s\n%s", d.Code, d.Message, line)
			}
		}
	}
}
