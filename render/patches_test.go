package render

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/render/secret"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/loader"
)

// entry is an entry of patches.
type entry struct {
	Target map[string]string `json:"target,omitempty"`
	Patch  string            `json:"patch,omitempty"`
	Path   string            `json:"path,omitempty"`
}

// patched checks the patches of the mesh, and of cluster-b, in a topology of two clusters.
func patched(t testing.TB, mesh, own []entry) (*schema.Topology, *secret.Store, *diag.List) {
	t.Helper()
	write := func(v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	return checked(t, fmt.Sprintf(`apiVersion: meshtopo.dev/v1alpha1
kind: Topology
metadata: {name: shop}
spec:
  istio: {version: "1.31.1", patches: %s}
  secrets: {protection: plaintext}
  networks: {network1: {}, network2: {}}
  trust: {roots: [certs/root-cert.pem], intermediates: "certs/{cluster}"}
  clusters:
    cluster-a:
      network: network1
      apiServer: {url: "https://192.0.2.1:6443", ca: certs/cluster-a/api.pem}
      credential: {token: {file: tokens/cluster-a}}
    cluster-b:
      network: network2
      apiServer: {url: "https://198.51.100.1:6443", ca: certs/cluster-b/api.pem}
      credential: {token: {file: tokens/cluster-b}}
      istio: {patches: %s}
`, write(append([]entry{}, mesh...)), write(append([]entry{}, own...))))
}

func codes(found *diag.List) []string {
	var all []string
	for _, d := range found.Sorted() {
		all = append(all, d.Code)
	}
	return all
}

// TestPatchRuleExamples proves that the examples that `meshtopo explain` shows are what it says they are: the bad one
// breaks its rule and no other one, the good one breaks none.
func TestPatchRuleExamples(t *testing.T) {
	for _, r := range patch.Rules() {
		t.Run(r.Code, func(t *testing.T) {
			for text, want := range map[string][]string{r.Bad: {r.Code}, r.Good: nil} {
				base := string(read(t, "../testdata/two-clusters/topology.yaml"))
				inner, ok := strings.CutPrefix(text, "istio: {")
				if !ok {
					t.Fatalf("%q is not about istio", text)
				}
				edited := strings.Replace(base, "    version: \"1.31.1\"\n", "    version: \"1.31.1\"\n    "+strings.TrimSuffix(inner, "}")+"\n", 1)
				_, _, found := checked(t, edited)
				if got := slices.Compact(codes(found)); !slices.Equal(got, want) {
					t.Errorf("%s\ngives %q, want %q", text, got, want)
				}
			}
			if r.Title == "" || r.Why == "" || r.Fix == "" {
				t.Error("the rule has no title, no why or no fix")
			}
		})
	}
}

// checked loads a text with the certificates of two-clusters, whose private material is not there, and checks its
// patches.
func checked(t testing.TB, text string) (*schema.Topology, *secret.Store, *diag.List) {
	t.Helper()
	fsys := fstest.MapFS{"topology.yaml": {Data: []byte(text)}}
	for _, name := range []string{"root-cert.pem", "cluster-a/api.pem", "cluster-b/api.pem",
		"cluster-a/ca-cert.pem", "cluster-a/cert-chain.pem", "cluster-b/ca-cert.pem", "cluster-b/cert-chain.pem"} {
		fsys["certs/"+name] = &fstest.MapFile{Data: read(t, "../testdata/two-clusters/certs/"+name)}
	}
	store := secret.NewStore(fsys, func(string) (string, bool) { return "", false })
	topology, found, err := loader.Load(loader.Input{FS: fsys, Files: []string{"topology.yaml"}, Material: store, Now: now, Rules: allRules})
	if err != nil {
		t.Fatal(err)
	}
	if topology != nil {
		if _, err := NewPlan(topology, store).CheckPatches(found); err != nil {
			t.Fatal(err)
		}
	}
	return topology, store, found
}

// allRules are those that a topology can adjust here.
func allRules() []*diag.Rule { return slices.Concat(loader.Rules(), patch.Rules()) }

func read(t testing.TB, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

const addLabel = `[{op: add, path: /metadata/labels/team, value: mesh}]`

// TestPatchOrder proves that both apply, the mesh's before the cluster's, and that a later one sees what an earlier one
// did, labels included.
func TestPatchOrder(t *testing.T) {
	topology, store, found := patched(t,
		[]entry{{Target: map[string]string{"kind": "Namespace"}, Patch: addLabel}},
		[]entry{
			{Target: map[string]string{"labelSelector": "team=mesh"}, Patch: `[{op: replace, path: /metadata/labels/team, value: own}]`},
			{Target: map[string]string{"kind": "Namespace", "labelSelector": "team in (own, other)"}, Patch: `[{op: add, path: /metadata/labels/last, value: "1"}]`},
		})
	if found.Len() > 0 {
		t.Fatalf("CheckPatches found %q", codes(found))
	}
	files := contents(render(t, topology, store))
	for file, want := range map[string]string{
		"clusters/cluster-a/1-prepare/namespace.yaml": "    team: mesh\n",
		"clusters/cluster-b/1-prepare/namespace.yaml": "    team: own\n    last: \"1\"\n",
	} {
		if !strings.HasSuffix(files[file], want) {
			t.Errorf("%s ends with\n%s\nwant\n%s", file, files[file], want)
		}
	}
}

// TestPatchesAreCheckedWithoutMaterial proves that what is found about Secrets does not depend on their material.
func TestPatchesAreCheckedWithoutMaterial(t *testing.T) {
	_, _, found := patched(t, []entry{
		{Target: map[string]string{"kind": "Secret", "name": "cacerts"}, Patch: addLabel},
		{Target: map[string]string{"name": "cacerts"}, Patch: `[{op: remove, path: /data/ca-key.pem}]`},
		{Target: map[string]string{"name": "istio-remote-secret-.*"}, Patch: `[{op: remove, path: /metadata/labels/istio~1multiCluster}]`},
	}, nil)
	if got, want := codes(found), []string{"patch-private", "patch-owned"}; !slices.Equal(got, want) {
		t.Errorf("CheckPatches found %q, want %q", got, want)
	}
}

// TestRenderRefusesBrokenPatches proves that whoever does not check the patches gets an error, not a wrong tree.
func TestRenderRefusesBrokenPatches(t *testing.T) {
	topology, store, found := patched(t, []entry{{Target: map[string]string{"kind": "Namespace"}, Patch: `[{op: remove, path: /metadata}]`}}, nil)
	if _, err := NewPlan(topology, store).Render(); err == nil || !strings.Contains(err.Error(), "patch-identity") {
		t.Errorf("Render() = %v after %q, want an error with the code", err, codes(found))
	}
}

// TestOneFindingForMany proves that a mistake is reported once, however many clusters and objects have it.
func TestOneFindingForMany(t *testing.T) {
	_, _, found := patched(t, []entry{{Target: map[string]string{"name": "control-plane"}, Patch: `[{op: replace, path: /spec/values/global/network, value: other}]`}}, nil)
	all := found.Sorted()
	if len(all) != 1 || !strings.HasSuffix(all[0].Message, `of IstioOperator "control-plane" in clusters "cluster-a" and "cluster-b"`) {
		t.Errorf("CheckPatches found %d, the first is %+v", len(all), all[0])
	}
	_, _, found = patched(t, nil, []entry{{Target: map[string]string{"name": "control-plane"}, Patch: `[{op: replace, path: /spec/values/global/network, value: other}]`}})
	if got, want := found.Sorted()[0].Message, `the patch changes spec.values.global.network of IstioOperator "control-plane", from "network2" to "other" in cluster "cluster-b"`; got != want {
		t.Errorf("the message is\n%s\nwant\n%s", got, want)
	}
}

// TestUnmatchedWhileJoining proves that a patch for what is still to come is no error.
func TestUnmatchedWhileJoining(t *testing.T) {
	text := string(read(t, "../testdata/two-clusters/topology.yaml"))
	text = strings.Replace(text, "network: network2\n", "network: network2\n      state: joining\n", 1)
	text = strings.Replace(text, "    version: \"1.31.1\"\n", "    version: \"1.31.1\"\n    patches: [{target: {name: istio-remote-secret-cluster-b}, patch: '"+addLabel+"'}]\n", 1)
	_, _, found := checked(t, text)
	for _, d := range found.Sorted() {
		if d.Code == "patch-unmatched" && d.Severity == diag.Info {
			return
		}
	}
	t.Error("CheckPatches found no patch-unmatched as an info")
}

// TestNothingPastedInAPatchComesOut puts private material in every part of patches, right and wrong, and looks for it
// in all that a report could print.
func TestNothingPastedInAPatchComesOut(t *testing.T) {
	for _, pasted := range []string{"aHVudGVyMg==", "hunter2", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW0ifQ.aHVudGVyMg"} {
		for _, text := range []string{
			`[{op: replace, path: /data/ca-key.pem, value: "%s"}]`,
			`[{op: test, path: /data/ca-key.pem, value: "%s"}]`,
			`[{op: add, path: /stringData, value: {key: "%s"}}]`,
			`[{op: replace, path: /data, value: {ca-key.pem: "%s"}}, {op: "%[1]s"}]`,
			`[{op: replace, path: /data/x, value: "%s"]`,
			"- op: add\n  path: /data/x\n  value: %s: [\n",
			"- op: add\n  path: /data/x\n  value: |\n\t%s\n",
			"kind: Secret\nmetadata: {name: a}\ndata: {ca-key.pem: \"%s\"}\n",
			"kind: Secret\nmetadata: {name: a}\nstringData:\n  ca-key.pem: \"%s\"\n  ca-key.pem: \"%[1]s\"\n",
			"kind: Secret\nmetadata: {labels: {key: \"%s\"}}\n",
			"kind: Secret\nmetadata: {name: a}\ntype: {x: \"%s\"}\n",
			"kind: Secret\nmetadata: {name: a}\ntype: \"%s\"\n",
			"data: \"%s\"\n",
			"%s",
		} {
			text = fmt.Sprintf(text, pasted)
			for _, target := range []map[string]string{{"kind": "Secret"}, {"kind": "Secret", "name": "cacerts"}, {"name": "nothing", "kind": "Secret"}} {
				topology, _, found := patched(t, []entry{{Target: target, Patch: text}}, nil)
				if topology == nil && !slices.Equal(codes(found), []string{"inline-material"}) {
					t.Fatalf("%s: %q", text, codes(found))
				}
				for _, d := range found.Sorted() {
					line, _, _ := found.Excerpt(d.Pos)
					for _, shown := range []string{d.Message, d.Why, d.Fix, line} {
						if strings.Contains(shown, pasted) || strings.Contains(shown, "aHVudGVyMg") {
							t.Errorf("%q for %v comes out of %s: %s", text, target, d.Code, shown)
						}
					}
				}
			}
		}
	}
}

// TestNoPatchOfASecretComesOut looks for the values of Secrets in findings that are about something else of the entry.
func TestNoPatchOfASecretComesOut(t *testing.T) {
	merge := func(kind string) string {
		return `"apiVersion: v1\nkind: ` + kind + `\nmetadata: {name: none}\nstringData: {a: hunter2}\n"`
	}
	for name, c := range map[string]struct{ code, entry string }{
		"a merge that fits nothing":    {"patch-unmatched", `{patch: ` + merge("Secret") + `}`},
		"an unknown field beside it":   {"unknown-field", `{patch: ` + merge("Secret") + `, options: {}}`},
		"before it":                    {"unknown-field", `{options: {}, patch: ` + merge("Secret") + `}`},
		"over lines":                   {"unknown-field", "{patch: 'kind: Secret\n      a: hunter2', options: {}}"},
		"a file too":                   {"patch-source", `{patch: ` + merge("Secret") + `, path: certs/root-cert.pem}`},
		"a file that is not there too": {"missing-file", `{patch: ` + merge("Secret") + `, path: none.yaml}`},
		"an escaped path":              {"patch-private", `{target: {name: cacerts}, patch: '[{op: add, path: "/\x64ata/ca-key.pem", value: hunter2}]'}`},
		"a target with a bracket":      {"patch-failed", `{target: {kind: "Secre[t]", name: cacerts}, patch: '[{op: test, path: /type, value: hunter2}]'}`},
		"an escaped word":              {"unknown-field", `{patch: "kind: \x53ecret\ndat\x61: {a: hunter2}", options: {}}`},
		"given twice":                  {"duplicate-key", `{patch: a, patch: "hunter2"}`},
		"no text":                      {"wrong-type", `{patch: {stringData: {a: hunter2}}}`},
	} {
		t.Run(name, func(t *testing.T) {
			base := string(read(t, "../testdata/two-clusters/topology.yaml"))
			const version = "    version: \"1.31.1\"\n"
			_, _, found := checked(t, strings.Replace(base, version, version+"    patches:\n    - "+c.entry+"\n", 1))
			if !slices.Contains(codes(found), c.code) {
				t.Errorf("found %q, want %s", codes(found), c.code)
			}
			for _, d := range found.Sorted() {
				line, _, _ := found.Excerpt(d.Pos)
				if shown := d.Message + d.Why + d.Fix + line; strings.Contains(shown, "hunter2") {
					t.Errorf("it comes out of %s: %s", d.Code, shown)
				}
			}
		})
	}
}

// BenchmarkWithoutPatches is what a mesh without patches pays for them.
func BenchmarkWithoutPatches(b *testing.B) {
	topology, store := load(b, "../testdata/mixed")
	plan := NewPlan(topology, store)
	for b.Loop() {
		if _, err := plan.CheckPatches(&diag.List{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPatches is what the patches of an example cost to check.
func BenchmarkPatches(b *testing.B) {
	topology, store := load(b, "../testdata/patches")
	plan := NewPlan(topology, store)
	for b.Loop() {
		if _, err := plan.CheckPatches(&diag.List{}); err != nil {
			b.Fatal(err)
		}
	}
}
