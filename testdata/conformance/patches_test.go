package conformance

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

// patchEntry is an entry of patches, in a topology as in a kustomization.
type patchEntry struct {
	Target map[string]string `json:"target,omitempty"`
	Patch  string            `json:"patch,omitempty"`
}

// TestPatchesAreKustomizes makes patches twice: in the topology, and with the real kustomize on the tree that the
// topology gives without them. The objects are the same, so a target means the same and so does a patch.
func TestPatchesAreKustomizes(t *testing.T) {
	const label = `[{"op": "add", "path": "/metadata/labels/team", "value": "mesh"}]`
	target := func(fields ...string) map[string]string {
		m := map[string]string{}
		for i := 0; i < len(fields); i += 2 {
			m[fields[i]] = fields[i+1]
		}
		return m
	}
	for name, patches := range map[string][]patchEntry{
		"a kind":                         {{target("kind", "Namespace"), label}},
		"a pattern is of the whole kind": {{target("kind", "Secret|Gate"), label}},
		"a pattern is of the whole name": {{target("name", "cross-network-gateway|control"), label}},
		"any name":                       {{target("name", ".*"), label}},
		"an empty target":                {{target("name", "istio.*"), label}},
		"a group":                        {{target("group", "rbac.authorization.k8s.io"), label}},
		"a pattern of a group":           {{target("group", ".*istio.io"), label}},
		"a version":                      {{target("version", "v1"), label}},
		"a pattern of a version":         {{target("version", "v1.+"), label}},
		"a namespace":                    {{target("namespace", "istio-system"), label}},
		"no namespace":                   {{target("namespace", "_.*"), label}},
		"a label":                        {{target("labelSelector", "istio/multiCluster=true"), label}},
		"labels in a set":                {{target("labelSelector", "topology.istio.io/network in (network1, network9)"), label}},
		"a label that is not there":      {{target("labelSelector", "!istio/multiCluster", "kind", "Secret"), label}},
		"an annotation":                  {{target("annotationSelector", "networking.istio.io/cluster"), label}},
		"all at once":                    {{target("group", "install.istio.io", "version", "v1alpha1", "kind", "IstioOperator", "name", "e.*t", "namespace", "istio-.*", "labelSelector", "app.kubernetes.io/managed-by=meshtopo"), label}},
		"one sees what another did": {
			{target("kind", "Namespace"), label},
			{target("labelSelector", "team=mesh"), `[{"op": "replace", "path": "/metadata/labels/team", "value": "other"}]`},
		},
		"keys of digits": {{target("name", "control-plane"), `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: {name: control-plane}
spec: {values: {pilot: {podAnnotations: {"8080": a}}}}
`}},
		"operations in YAML": {{target("name", "eastwest"), `- op: add
  path: /spec/components/ingressGateways/0/k8s/service/ports/-
  value: {name: https, port: 443, targetPort: 8443}
- op: add
  path: /spec/components/ingressGateways/0/k8s/service/ports/0
  value: {name: first, port: 80, targetPort: 8080}
- {op: test, path: /spec/profile, value: empty}
- {op: copy, from: /spec/components/ingressGateways/0/label, path: /spec/components/ingressGateways/0/k8s/podAnnotations}
- {op: move, from: /spec/components/ingressGateways/0/k8s/podAnnotations/app, path: /spec/components/ingressGateways/0/k8s/podAnnotations/a~1b}
- {op: add, path: /spec/components/ingressGateways/0/k8s/priorityClassName, value: "on"}
- {op: add, path: /spec/components/ingressGateways/0/k8s/affinity, value: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, preference: {matchExpressions: [{key: zone, operator: In, values: ["1", "on"]}]}}]}}}
`}},
		"a merge": {{target("name", "control-plane"), `kind: IstioOperator
metadata: {name: any, annotations: {a: b}}
spec:
  meshConfig:
    accessLogFile: /dev/stdout
    defaultConfig:
      proxyMetadata: {A: "1"}
      tracing: {sampling: 1.5}
    enableTracing: true
  components:
    pilot:
      k8s:
        env:
        - {name: A, value: "1"}
`}},
		"a merge for what it looks like": {{nil, `apiVersion: v1
kind: Namespace
metadata:
  name: istio-system
  labels: {pod-security.kubernetes.io/enforce: privileged}
`}},
		"a merge takes away": {
			{target("name", "control-plane"), "kind: IstioOperator\nmetadata: {name: a}\nspec: {values: {pilot: {autoscaleMin: 1, autoscaleMax: 2}}}\n"},
			{target("name", "control-plane"), "kind: IstioOperator\nmetadata: {name: a}\nspec: {values: {pilot: {autoscaleMin: null}}}\n"},
		},
		"a merge replaces a map": {
			{target("name", "control-plane"), "kind: IstioOperator\nmetadata: {name: a}\nspec: {values: {pilot: {autoscaleMin: 1, autoscaleMax: 2}}}\n"},
			{target("name", "control-plane"), "kind: IstioOperator\nmetadata: {name: a}\nspec: {values: {pilot: {$patch: replace, replicaCount: 3}}}\n"},
		},
		"a list of a kind that Kubernetes has": {
			{target("kind", "ServiceAccount"), "kind: ServiceAccount\nmetadata: {name: a}\nsecrets: [{name: one}]\n"},
			{target("kind", "ServiceAccount"), "kind: ServiceAccount\nmetadata: {name: a}\nsecrets: [{name: two}]\n"},
			{target("kind", "ServiceAccount"), "kind: ServiceAccount\nmetadata: {name: a}\nsecrets: [{name: one, $patch: delete}]\n"},
		},
		"a list of another kind": {{target("kind", "Gateway"), `[{"op": "add", "path": "/spec/servers/-", "value": {"port": {"number": 80, "name": "http", "protocol": "HTTP"}, "hosts": ["a.example"]}}]`}},
		"a Secret":               {{target("kind", "Secret", "name", "cacerts"), "kind: Secret\nmetadata: {name: a, labels: {a: b}}\nimmutable: true\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			all, err := examples()
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range all {
				if e.name == "two-clusters" {
					equal(t, "objects", withTopology(t, e, patches), withKustomize(t, filepath.Join(e.dir, "want", "clusters", "cluster-a"), patches))
				}
			}
		})
	}
}

// withTopology gives the objects of cluster-a with patches of the mesh.
func withTopology(t *testing.T, e *example, patches []patchEntry) []string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(e.dir)); err != nil {
		t.Fatal(err)
	}
	const version = `version: "1.31.1"`
	entries, err := json.Marshal(patches)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "topology.yaml")
	before := readFile(t, file)
	topology := strings.Replace(before, version, version+"\n    patches: "+string(entries), 1)
	if topology == before {
		t.Fatal("the example has no " + version)
	}
	if err := os.WriteFile(file, []byte(topology), 0o666); err != nil {
		t.Fatal(err)
	}
	meshtopo(t, &example{dir: dir}, "render", "-o", "out")
	return objectsBelow(t, filepath.Join(dir, "out", "clusters", "cluster-a"))
}

// withKustomize gives the objects of a cluster's directory after kustomize has made the patches on them.
func withKustomize(t *testing.T, dir string, patches []patchEntry) []string {
	t.Helper()
	build := t.TempDir()
	kustomization := map[string]any{"patches": patches}
	var resources []string
	for _, file := range files(t, dir) {
		if !isManifest(file) {
			continue
		}
		name := strings.ReplaceAll(file, "/", "-")
		if err := os.WriteFile(filepath.Join(build, name), []byte(readFile(t, filepath.Join(dir, file))), 0o666); err != nil {
			t.Fatal(err)
		}
		resources = append(resources, name)
	}
	kustomization["resources"] = resources
	text, err := json.Marshal(kustomization)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(build, "kustomization.yaml"), text, 0o666); err != nil {
		t.Fatal(err)
	}
	return objectsOf(t, []byte(output(t, exec.Command(tool(t, "kustomize"), "build", build))))
}

// objectsBelow gives the objects in the files of a directory.
func objectsBelow(t *testing.T, dir string) []string {
	t.Helper()
	var all []string
	for _, file := range files(t, dir) {
		if isManifest(file) {
			all = append(all, objectsOf(t, []byte(readFile(t, filepath.Join(dir, file))))...)
		}
	}
	sort.Strings(all)
	return all
}

func objectsOf(t *testing.T, stream []byte) []string {
	t.Helper()
	var all []string
	for _, document := range documents(t, stream) {
		all = append(all, text(t, parse(t, document).Object))
	}
	sort.Strings(all)
	return all
}

func isManifest(file string) bool {
	return filepath.Ext(file) == ".yaml" && filepath.Base(file) != "kustomization.yaml"
}

func readFile(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
