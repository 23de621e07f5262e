package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// wrongFunctions have a mistake in what a function is told, or in the kustomization that runs it.
func wrongFunctions() []wrong {
	with := func(codes, name, text string) wrong {
		return wrong{codes: codes, name: name, files: map[string]string{"meshtopo.yaml": text}}
	}
	const run = `metadata: {annotations: {config.kubernetes.io/function: "exec: {path: meshtopo, args: [fn]}"}}` + "\n"
	config := func(text string) string {
		return "apiVersion: meshtopo.dev/v1alpha1\nkind: RenderCluster\n" + run + text
	}
	linter := func(text string) string { return strings.Replace(config(text), "RenderCluster", "LintManifests", 1) }
	const right = "topology: topology.yaml\ncluster: cluster-a\n"
	return []wrong{
		with("unknown-cluster", "misspelt", config("topology: topology.yaml\ncluster: ‹clustr-a›\n")),
		with("unknown-cluster", "another topology's", config("topology: topology.yaml\ncluster: ‹somewhere-else›\n")),
		with("several-clusters", "a list", config("topology: topology.yaml\n‹cluster›: [cluster-a, cluster-b]\n")),
		with("missing-topology", "not there", config("topology: ‹../topology.yaml›\ncluster: cluster-a\n")),
		with("missing-topology", "standard input", config("topology: ‹\"-\"›\ncluster: cluster-a\n")),
		with("missing-topology", "a directory without one", config("topology: ‹certs›\ncluster: cluster-a\n")),
		with("missing-field+missing-field", "no topology, no cluster", "‹›apiVersion: meshtopo.dev/v1alpha1\nkind: RenderCluster\n"+run),
		with("missing-field", "no cluster", "‹›apiVersion: meshtopo.dev/v1alpha1\nkind: RenderCluster\ntopology: topology.yaml\n"+run),
		with("invalid-value", "an empty cluster", config("topology: topology.yaml\ncluster: ‹\"\"›\n")),
		with("unquoted-scalar", "a number for a cluster", config("topology: topology.yaml\ncluster: ‹1›\n")),
		with("unknown-value", "a layer that is misspelt", config(right+"layers: [prepare, ‹expos›]\n")),
		with("unknown-value", "a layer with its number", config(right+"layers: [‹1-prepare›]\n")),
		with("wrong-type", "a layer that is no list", config(right+"layers: ‹prepare›\n")),
		with("empty-value", "no layer", config(right+"‹layers›: []\n")),
		with("unknown-field", "several clusters in a field of their own", config(right+"‹clusters›: [cluster-b]\n")),
		with("unknown-field", "as if it had a spec", config(right+"‹spec›: {cluster: cluster-b}\n")),
		with("unknown-value", "another kind", "apiVersion: meshtopo.dev/v1alpha1\nkind: ‹RenderClusters›\n"+run+right),
		with("unknown-value", "another version", "apiVersion: ‹meshtopo.dev/v1›\nkind: RenderCluster\n"+run+right),
		with("unknown-value", "a kind like no other", "apiVersion: meshtopo.dev/v1alpha1\nkind: ‹Anything›\n"+run+right),
		with("unknown-cluster", "to lint, misspelt", linter("topology: topology.yaml\ncluster: ‹clustr-a›\n")),
		with("several-clusters", "to lint, a list", linter("topology: topology.yaml\n‹cluster›: [cluster-a, cluster-b]\n")),
		with("missing-topology", "to lint, not there", linter("topology: ‹../topology.yaml›\n")),
		with("missing-topology", "to lint, standard input", linter("topology: ‹\"-\"›\n")),
		with("invalid-value", "to lint, an empty cluster", linter("cluster: ‹\"\"›\n")),
		with("unknown-field", "to lint, misspelt field", linter("‹failon›: info\n")),
		with("unknown-field", "to lint, layers", linter("‹layers›: [expose]\n")),
		with("unknown-field", "to lint, rules", linter("‹rules›: {not-auto-passthrough: {severity: info}}\n")),
		with("unknown-value", "to lint, a severity that fails nothing", linter("failOn: ‹ignore›\n")),
		with("unknown-value", "to lint, another kind", "apiVersion: meshtopo.dev/v1alpha1\nkind: ‹LintManifest›\n"+run+"cluster: cluster-a\n"),
	}
}

// resourceList is what kustomize gives a generator: a functionConfig that it has written anew.
func resourceList(t *testing.T, config string) string {
	t.Helper()
	var doc map[string]any
	if err := yaml.Unmarshal([]byte(config), &doc); err != nil {
		t.Fatal(err)
	}
	if metadata, ok := doc["metadata"].(map[string]any); ok {
		if annotations, ok := metadata["annotations"].(map[string]any); ok || metadata["annotations"] == nil {
			metadata["annotations"] = overlaid(annotations, "config.kubernetes.io/local-config", "true")
		}
	}
	return copyOf(t, map[string]any{
		"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "items": []any{doc}, "functionConfig": doc,
	})
}

// overlaid gives a map with one more entry.
func overlaid(m map[string]any, key string, value any) map[string]any {
	more := map[string]any{key: value}
	maps.Copy(more, m)
	return more
}

// output is a ResourceList that a function wrote.
type output struct {
	APIVersion     string `yaml:"apiVersion"`
	Kind           string
	Items          []map[string]any
	FunctionConfig map[string]any `yaml:"functionConfig"`
	Results        []struct {
		Message, Severity string
		ResourceRef       map[string]string `yaml:"resourceRef"`
		Field, File       struct{ Path string }
		Tags              map[string]string
	}
}

// list reads what a function wrote, strictly.
func (r result) list(t *testing.T) output {
	t.Helper()
	var o output
	decoder := yaml.NewDecoder(strings.NewReader(r.out))
	decoder.KnownFields(true)
	if err := decoder.Decode(&o); err != nil || o.Kind != "ResourceList" {
		t.Fatalf("stdout is no ResourceList: %v\n%s", err, r.out)
	}
	return o
}

// places gives the results as a table has findings.
func (o output) places() []string {
	var all []string
	for _, r := range o.Results {
		place := r.File.Path
		if line := r.Tags["line"]; line != "" {
			place += ":" + line + ":" + r.Tags["column"]
		}
		all = append(all, place+" "+r.Tags["code"])
	}
	return all
}

// said gives what a function said on stderr as validate says it: the report on stdout, the count on stderr.
func (r result) said() result {
	at := strings.LastIndex(r.err, "meshtopo: ")
	return result{r.code, r.err[:max(at, 0)], r.err[max(at, 0):]}
}

// TestWrongFunction gives meshtopo fn every wrong configuration. With the user's file beside it the findings are on its
// lines; without it they name the field and no line. The items are left as they are.
func TestWrongFunction(t *testing.T) {
	for _, w := range inShort(wrongFunctions()) {
		t.Run(w.codes+"/"+w.name, func(t *testing.T) {
			t.Parallel()
			dir := copyExample(t, "two-clusters")
			want := w.prepare(t, dir)
			write(t, filepath.Join(dir, "kustomization.yaml"), "generators: [meshtopo.yaml]\n")
			input := resourceList(t, read(t, filepath.Join(dir, "meshtopo.yaml")))
			got := meshtopo(t, dir, input, "fn")
			got.said().check(t, exitFound, want)
			got.said().checkFit(t, dir)
			list := got.list(t)
			if places := list.places(); !slices.Equal(places, want.findings) {
				t.Errorf("the results are %q, want %q", places, want.findings)
			}
			if len(list.Items) != 1 {
				t.Errorf("%d items come out, want 1", len(list.Items))
			}
			if err := os.Remove(filepath.Join(dir, "meshtopo.yaml")); err != nil {
				t.Fatal(err)
			}
			got = meshtopo(t, dir, input, "fn")
			var codes []string
			for _, r := range got.list(t).Results {
				codes = append(codes, r.Tags["code"])
				if r.File.Path != "" || r.Tags["line"] != "" || r.Field.Path == "" && r.Tags["code"] != "missing-field" {
					t.Errorf("without the file a result has %+v", r)
				}
			}
			slices.Sort(codes)
			if sorted := slices.Sorted(strings.FieldsFuncSeq(w.codes, func(r rune) bool { return r == ' ' || r == '+' })); got.code != exitFound || !slices.Equal(codes, sorted) {
				t.Errorf("without the file: exit code %d, %q, want %q", got.code, codes, sorted)
			}
			if strings.Contains(got.err, ":1: ") || !strings.HasPrefix(got.err, "functionConfig: error: ") {
				t.Errorf("without the file stderr is %q", got.err)
			}
		})
	}
}

// TestFunctionSaysTheSame gives meshtopo fn every second wrong topology that is one file. It says what validate says,
// on the same lines, and the results have the same codes and places.
func TestFunctionSaysTheSame(t *testing.T) {
	if testing.Short() {
		t.Skip("for a race detector it is one run a hundred times")
	}
	compared := 0
	for i, w := range wrongs(t) {
		if i%2 != 0 {
			continue // both tests together take half of the time of each for all
		}
		if len(w.arguments()) != 1 || w.files["<stdin>"] != "" || w.arguments()[0] == "-" {
			continue // a function has no standard input for a topology, and a RenderCluster names one file
		}
		compared++
		t.Run(w.codes+"/"+w.name, func(t *testing.T) {
			dir := copyExample(t, w.exampleName())
			w.prepare(t, dir)
			file := w.arguments()[0]
			validated := inProcess(t, dir, "", "validate", "--require-material", file)
			if validated.code == exitBroke {
				t.Skipf("%s cannot be opened, which is a finding for a function: missing-topology", file)
			}
			want := map[string]bool{}
			for _, f := range validated.findings() {
				want[f] = true
			}
			all := map[string]bool{}
			for _, cluster := range []string{"cluster-a", "cluster-b"} { // each needs its own keys and tokens
				got := inProcess(t, dir, functionList(t, file, cluster), "fn")
				if got.code != exitFound && !strings.Contains(w.codes, "missing-private-file") {
					t.Errorf("fn exits with %d", got.code)
				}
				if places := got.list(t).places(); !slices.Equal(places, got.said().findings()) {
					t.Errorf("the results are %q, and stderr has %q", places, got.said().findings())
				}
				if !strings.Contains(w.codes, "missing-private-file") && got.said().out != validated.out {
					t.Errorf("fn says\n%s\nand validate\n%s", got.said().out, validated.out)
				}
				for _, f := range got.said().findings() {
					all[f] = true
				}
			}
			if !maps.Equal(all, want) {
				t.Errorf("fn finds %v, validate %v", slices.Sorted(maps.Keys(all)), slices.Sorted(maps.Keys(want)))
			}
		})
	}
	if compared < 150 {
		t.Errorf("only %d wrong topologies were compared", compared)
	}
}

func functionList(t *testing.T, topology, cluster string) string {
	t.Helper()
	file, err := json.Marshal(topology)
	if err != nil {
		t.Fatal(err)
	}
	return resourceList(t, fmt.Sprintf("apiVersion: meshtopo.dev/v1alpha1\nkind: RenderCluster\ntopology: %s\ncluster: %s\n", file, cluster))
}

// TestTopologyAsFunction gives meshtopo fn the other half of the wrong topologies as its own configuration. Where the
// user's file says the same as kustomize's copy, findings are on the lines of the file, as validate has them; where the
// file is not there, they have the same codes and no line.
func TestTopologyAsFunction(t *testing.T) {
	if testing.Short() {
		t.Skip("for a race detector it is one run a hundred times")
	}
	compared := 0
	for i, w := range wrongs(t) {
		if i%2 == 0 {
			continue
		}
		if w.name == "annotations" || strings.Contains(w.codes, "several-documents") {
			continue // kustomize itself refuses the one, and makes two functionConfigs of the other
		}
		if w.args != nil || w.file != "" || w.files["topology.yaml"] != "" || w.files["<stdin>"] != "" {
			continue // what is wrong with the notation does not survive the copy
		}
		dir := copyExample(t, w.exampleName())
		w.prepare(t, dir)
		text := read(t, filepath.Join(dir, "topology.yaml"))
		var doc map[string]any
		if yaml.Unmarshal([]byte(text), &doc) != nil || doc == nil {
			continue
		}
		compared++
		t.Run(w.codes+"/"+w.name, func(t *testing.T) {
			args := []string{"fn", "--cluster", "cluster-b", "--layer", "expose"}
			input := resourceList(t, text)
			validated := inProcess(t, dir, "", "validate")
			got := inProcess(t, dir, input, args...)
			if got.said().out != validated.out {
				t.Errorf("fn says\n%s\nand validate\n%s", got.err, validated.out)
			}
			if err := os.Remove(filepath.Join(dir, "topology.yaml")); err != nil {
				t.Fatal(err)
			}
			got = inProcess(t, dir, input, args...)
			for _, r := range got.list(t).Results {
				if _, own := w.files[r.File.Path]; r.Tags["line"] != "" && !own {
					t.Errorf("without the file, fn invents the place %s:%s", r.File.Path, r.Tags["line"])
				}
			}
			for _, m := range headline.FindAllStringSubmatch(got.said().out, -1) {
				if file, _, placed := strings.Cut(m[1], ":"); placed && w.files[file] == "" {
					t.Errorf("without the file, fn invents the place %s", m[1])
				}
			}
			copied := inProcess(t, dir, copyOf(t, doc), "validate", "-")
			if a, b := codesOf(got.said()), codesOf(copied); !slices.Equal(a, b) || got.code != copied.code {
				t.Errorf("without the file, fn finds %q and exits with %d; validate finds %q and exits with %d", a, got.code, b, copied.code)
			}
		})
	}
	if compared < 120 {
		t.Errorf("only %d wrong topologies were compared", compared)
	}
}

// copyOf is a document as kustomize writes it anew.
func copyOf(t *testing.T, doc map[string]any) string {
	t.Helper()
	text, err := yaml.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// codesOf gives the codes of a report, sorted.
func codesOf(r result) []string {
	var codes []string
	for _, m := range headline.FindAllStringSubmatch(r.out, -1) {
		codes = append(codes, m[3])
	}
	slices.Sort(codes)
	return codes
}
