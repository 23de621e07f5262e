package krm

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/lint"
)

// manifests gives the list, its functionConfig and its manifests.
func manifests(t *testing.T, text, cluster, home string, files map[string]string) (*List, *Config, *Manifests) {
	t.Helper()
	l, err := Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	c, err := l.Config(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return l, c, l.Manifests(c, cluster, fsys, home)
}

// TestManifestsOfClusters says which items are of which cluster, and from which file.
func TestManifestsOfClusters(t *testing.T) {
	two := item("Namespace", "a", "", "clusters/east/a.yaml") + item("Namespace", "b", "", "clusters/west/sub/b.yaml") +
		item("Namespace", "c", "", "c.yaml") + item("Namespace", "d", "", "clusters/d.yaml") + item("Namespace", "e", "", "clusters/.git/e.yaml")
	for _, tt := range []struct {
		name, items, path, cluster, home string
		want                             []string
	}{
		{"nothing", "", "", "", "home", nil},
		{"a copy of the configuration", item("RenderCluster", "f", "", ""), "", "", "home", nil},
		{"a build", item("Namespace", "a", "", "clusters/east/a.yaml") + item("Namespace", "b", "", ""), "", "", "home", []string{"home <items>/000000", "home <items>/000001"}},
		{"a build that is named", item("Namespace", "a", "", ""), "", "east", "home", []string{"east <items>/000000"}},
		{"a build in a directory called clusters", item("Namespace", "a", "", "east/a.yaml"), "", "", "clusters", []string{"clusters <items>/000000"}},
		{"a directory", item("Namespace", "a", "", "a.yaml") + item("Namespace", "b", "", "sub/b.yaml") + item("Namespace", "c", "", "a.yaml"), "f.yaml", "", "home",
			[]string{"home <items>/a.yaml", "home <items>/sub/b.yaml"}},
		{"a directory below", item("Namespace", "a", "", "east/a.yaml"), "east/f.yaml", "", "home", []string{"east <items>/east/a.yaml"}},
		{"clusters", two, "f.yaml", "", "home", []string{"east <items>/clusters/east/a.yaml", "west <items>/clusters/west/sub/b.yaml"}},
		{"clusters, but a name", two[:strings.Index(two, "\n")+1], "f.yaml", "east", "home", []string{"east <items>/clusters/east/a.yaml"}},
		{"clusters below", item("Namespace", "a", "", "mesh/clusters/east/a.yaml"), "mesh/f.yaml", "", "home", []string{"east <items>/mesh/clusters/east/a.yaml"}},
		{"in clusters", item("Namespace", "a", "", "clusters/east/a.yaml"), "clusters/f.yaml", "", "home", []string{"east <items>/clusters/east/a.yaml"}},
		{"called clusters", item("Namespace", "a", "", "east/a.yaml"), "f.yaml", "", "clusters", []string{"east <items>/east/a.yaml"}},
		{"JSON by name, not by what is read", item("Namespace", "a", "", "a.json"), "f.yaml", "", "home", []string{"home <items>/000000"}},
		{"configurations of meshtopo", item("RenderCluster", "r", "", "r.yaml"), "f.yaml", "", "home", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, m := manifests(t, list(tt.items, tt.path), tt.cluster, tt.home, nil)
			var got []string
			for _, c := range m.Clusters {
				for _, f := range c.Files {
					got = append(got, c.Cluster+" "+f.Name)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("the files are %q, want %q", got, tt.want)
			}
		})
	}
}

// TestManifestsApplied tells what kubectl gets from files, and from what is on its way to istioctl.
func TestManifestsApplied(t *testing.T) {
	for _, tt := range []struct {
		items, path string
		want        bool
	}{
		{item("Namespace", "a", "", ""), "", true},
		{item("IstioOperator", "a", "", "") + item("Namespace", "a", "", ""), "", true},
		{item("IstioOperator", "a", "", "") + item("RenderCluster", "f", "", ""), "", false},
		{item("Namespace", "a", "", "a.yaml"), "f.yaml", false},
	} {
		if _, _, m := manifests(t, list(tt.items, tt.path), "", "home", nil); m.Applied != tt.want {
			t.Errorf("of %q, Applied is %v", tt.items, m.Applied)
		}
	}
}

// TestManifestsExact takes the user's file where it says what the items say, and nothing else.
func TestManifestsExact(t *testing.T) {
	const (
		one = "- {apiVersion: v1, kind: Namespace, metadata: {name: a, annotations: {internal.config.kubernetes.io/path: a.yaml, internal.config.kubernetes.io/index: '0', config.k8s.io/id: '1'}}}\n"
		two = "- {apiVersion: v1, kind: ConfigMap, metadata: {name: b, annotations: {internal.config.kubernetes.io/path: a.yaml, internal.config.kubernetes.io/index: '1', x: y}}, data: {n: \"1\"}}\n"
		a   = "# a\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n"
		b   = "---\nkind: ConfigMap\napiVersion: v1\ndata: {n: '1'}\nmetadata: {name: b, annotations: {x: y}}\n"
	)
	for _, tt := range []struct {
		name, items, file string
		want              bool
	}{
		{"the same", one + two, a + b, true},
		{"in another order", two + one, a + b, true},
		{"an empty document between", one + two, a + "---\n# nothing\n" + b, true},
		{"the same document twice", one + one, a + "---\n" + a, true},
		{"not as often", one + one, a + b, false},
		{"another value", one + two, a + strings.Replace(b, "'1'", "'2'", 1), false},
		{"another type", one + two, a + strings.Replace(b, "'1'", "1", 1), false},
		{"without an annotation", one + two, a + strings.Replace(b, "x: y", "", 1), false},
		{"one that is more", one, a + b, false},
		{"one that is missing", one + two, a, false},
		{"no YAML behind", one + two, a + b + "---\n: [", true},
		{"no YAML", one, "a: [", false},
		{"no file", one, "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"a.yaml": tt.file}
			if tt.file == "" {
				files = nil
			}
			_, _, m := manifests(t, list(tt.items, "f.yaml"), "", "home", files)
			f := m.files["<items>/a.yaml"]
			if f.exact != tt.want || tt.want && string(f.text) != tt.file {
				t.Errorf("exact is %v, of the text %q", f.exact, f.text)
			}
		})
	}
}

// TestManifestsPlaces tells what findings are about, for people and for programs.
func TestManifestsPlaces(t *testing.T) {
	const gateway = "- {apiVersion: networking.istio.io/v1, kind: Gatway, metadata: {name: g, namespace: n, annotations: {%s}}}\n"
	at := func(path string) string {
		return "internal.config.kubernetes.io/path: " + path + ", internal.config.kubernetes.io/index: '1'"
	}
	other := item("Namespace", "a", "", "g.yaml")
	text := "- apiVersion: v1\n  kind: Secret\n  metadata: {name: istio-remote-secret-b, namespace: n, labels: {istio/multiCluster: 'true'}, annotations: {networking.istio.io/cluster: b}}\n" +
		"  stringData:\n    b: |\n      kind: Config\n      clusters: [\n"
	inList := "- {apiVersion: v1, kind: List, metadata: {annotations: {" + at("g.yaml") + "}}, items: [" + strings.TrimPrefix(strings.Replace(fmt.Sprintf(gateway, ""), "- ", "", 1), "") + "]}\n"
	for _, tt := range []struct {
		name, items, path string
		files             map[string]string
		human, program    string // the first finding
	}{
		{"a build", fmt.Sprintf(gateway, ""), "", nil, "Gatway n/g:0 networking.istio.io has no kind", "networking.istio.io/v1 Gatway n/g kind - "},
		{"a file", other + fmt.Sprintf(gateway, at("g.yaml")), "f.yaml", nil, "g.yaml:0 Gatway n/g: networking.istio.io has no kind", "networking.istio.io/v1 Gatway n/g kind g.yaml[1] "},
		{"in a List", inList, "f.yaml", nil, "g.yaml:0 Gatway n/g: networking.istio.io has no kind", "networking.istio.io/v1 Gatway n/g kind g.yaml[1] "},
		{"a file that says the same", fmt.Sprintf(gateway, at("g.yaml")), "f.yaml", map[string]string{"g.yaml": "\nkind: Gatway\napiVersion: networking.istio.io/v1\nmetadata: {name: g, namespace: n}\n"},
			"g.yaml:2 networking.istio.io has no kind", "networking.istio.io/v1 Gatway n/g kind g.yaml[0] 2"},
		{"a List in a file that says the same", inList, "f.yaml",
			map[string]string{"g.yaml": "kind: List\napiVersion: v1\nitems:\n- kind: Gatway\n  apiVersion: networking.istio.io/v1\n  metadata: {name: g, namespace: n, annotations: {}}\n"},
			"g.yaml:4 networking.istio.io has no kind", "networking.istio.io/v1 Gatway n/g kind g.yaml[0] 4"},
		{"inside a text", text, "", nil, "Secret n/istio-remote-secret-b:0 stringData.b: ", "v1 Secret n/istio-remote-secret-b stringData.b - "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, c, m := manifests(t, list(tt.items, tt.path), "", "home", tt.files)
			found, err := lint.Run(lint.Input{Clusters: m.Clusters, Now: time.Unix(0, 0)})
			if err != nil || found.Len() == 0 {
				t.Fatalf("%d findings, %v", found.Len(), err)
			}
			r := c.Results(found, asIs, always(c.Text))[0]
			program := fmt.Sprintf("%s %s %s/%s", r.ResourceRef.APIVersion, r.ResourceRef.Kind, r.ResourceRef.Namespace, r.ResourceRef.Name)
			if r.Field != nil {
				program += " " + r.Field.Path
			}
			if program += " -"; r.File != nil {
				program = strings.TrimSuffix(program, "-") + fmt.Sprintf("%s[%d]", r.File.Path, r.File.Index)
			}
			if program += " " + r.Tags["line"]; program != tt.program {
				t.Errorf("the first result is about %q, want %q", program, tt.program)
			}
			c.Place(found)
			d := found.Sorted()[0]
			shown, _ := c.Shown(d.Pos.File)
			if human := fmt.Sprintf("%s:%d %s", shown, d.Pos.Line, d.Message); !strings.HasPrefix(human, tt.human) {
				t.Errorf("the first finding is %q, want %q", human, tt.human)
			}
		})
	}
}

// FuzzManifests lints any list. It comes out as it went in, and no line of a text that is not the user's is shown.
func FuzzManifests(f *testing.F) {
	f.Add([]byte(list(item("Gateway", "g", "", "a/g.yaml")+item("Secret", "cacerts", "", ""), "f.yaml")), "apiVersion: v1\nkind: Gateway\nmetadata: {name: g}\n")
	f.Add([]byte(list("- {apiVersion: install.istio.io/v1alpha1, kind: IstioOperator, spec: {values: 1}}\n- {kind: List, items: [{kind: List, items: [{}]}, 1]}\n", "")), "")
	f.Add([]byte(list("- {kind: Secret, stringData: {a: &a {b: c}}, data: *a, metadata: {name: cacerts, namespace: x}}\n- {meshConfig: {trustdomain: x}}\n", "clusters/f.yaml")), "a: [")
	f.Add([]byte(list("- {apiVersion: v1, kind: Secret, metadata: {annotations: {config.kubernetes.io/origin: 'path: g.yaml'}}}\n", "")), "kind: Secret\n---\n- a\n")
	f.Add([]byte(list("- {\"---\\n\": \"{{\", ? {a: b} : c, kind: !!binary aGk=, metadata: {name: \"---\"}}\n", "")), "")
	f.Fuzz(func(t *testing.T, input []byte, file string) {
		l, err := Read(bytes.NewReader(input))
		if err != nil {
			return
		}
		fsys := fstest.MapFS{"g.yaml": {Data: []byte(file)}, "a/g.yaml": {Data: []byte(file)}, "kustomization.yaml": {Data: []byte(file)}}
		c, err := l.Config(fsys)
		if err != nil {
			return
		}
		var before, after bytes.Buffer
		failed := l.Write(&before, nil)
		m := l.Manifests(c, "", fsys, "home")
		found := &diag.List{}
		l.Refused(c, fsys, found)
		if len(m.Clusters) > 0 {
			all, err := lint.Run(lint.Input{Clusters: m.Clusters, Now: time.Unix(0, 0), Applied: m.Applied})
			if err != nil {
				t.Fatal(err)
			}
			found.Append(all)
		}
		results := c.Results(found, asIs, always(c.Text))
		c.Place(found)
		for _, d := range found.Sorted() {
			at := m.file(d.Pos.File)
			if at == nil || at.shown() == "" || d.Pos.Line != 0 && (!at.exact || string(at.text) != file) {
				t.Errorf("a finding is at %s:%d", d.Pos.File, d.Pos.Line)
			}
		}
		for _, r := range results {
			if r.Tags["line"] != "" && r.File == nil {
				t.Errorf("a result has a line and no file: %+v", r)
			}
		}
		if err := l.Write(&after, nil); fmt.Sprint(err) != fmt.Sprint(failed) || !bytes.Equal(before.Bytes(), after.Bytes()) {
			t.Errorf("what was\n%s\nis\n%s\n%v", &before, &after, err)
		}
	})
}
