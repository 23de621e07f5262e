package conformance

import (
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// lintManifests is a functionConfig that checks what is built.
func lintManifests(more string) string {
	return `apiVersion: meshtopo.dev/v1alpha1
kind: LintManifests
metadata:
  name: lint
  annotations:
    config.kubernetes.io/function: |
      exec: {path: meshtopo, args: [fn]}
` + more
}

// TestFunctionLintsExamples finds nothing in what is built of any cluster of any example, IstioOperators included, and
// changes nothing.
func TestFunctionLintsExamples(t *testing.T) {
	eachExample(t, func(t *testing.T, e *example) {
		s := newSite(t, e.name)
		topology := "../../topology.yaml"
		if e.file() == "." {
			topology = "../.."
		}
		for _, c := range e.topology.Clusters {
			dir := "deploy/" + c.Name
			s.write(dir+"/kustomization.yaml", "generators: [meshtopo.yaml]\ntransformers: [lint.yaml]\n")
			s.write(dir+"/meshtopo.yaml", strings.Replace(renderCluster(c.Name, "layers: [prepare, secrets, control-plane, gateway, expose]\n"), "../../topology.yaml", topology, 1))
			s.write(dir+"/lint.yaml", lintManifests("failOn: info\ntopology: "+topology+"\ncluster: "+c.Name+"\n"))
			equal(t, c.Name, s.built(build+dir), committed(t, e.name, c.Name, forKubectl...))
		}
	})
}

// TestFunctionLintsWhatIsBuilt checks what bases, patches and namespaces have made of the objects, and says nothing of
// what they were before.
func TestFunctionLintsWhatIsBuilt(t *testing.T) {
	s := newSite(t, "two-clusters")
	s.write("base/kustomization.yaml", "generators: [meshtopo.yaml]\nresources: [own.yaml]\n")
	s.write("base/meshtopo.yaml", strings.ReplaceAll(renderCluster("cluster-a", "layers: [prepare, secrets, gateway, control-plane, expose]\n"), "../../", "../"))
	s.write("base/own.yaml", "apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: own, namespace: web}\nspec:\n  selector: {istio: ingressgateway}\n"+
		"  servers:\n  - {port: {number: 443, name: https, protocol: HTTPS}, hosts: [shop.example], tls: {mode: PASSTHROUGH}}\n")
	s.write("overlay/lint.yaml", lintManifests("topology: ../topology.yaml\ncluster: cluster-a\n"))
	patch := func(target, operation, path, value string) string {
		return "patches:\n- target: {" + target + "}\n  patch: '[{\"op\": \"" + operation + "\", \"path\": \"" + path + "\", \"value\": " + value + "}]'\n"
	}
	for _, tt := range []struct{ name, overlay, want string }{
		{"nothing", "", ""},
		{"what does not matter", patch("kind: Gateway, name: own", "replace", "/spec/servers/0/hosts", `["web.example"]`), ""},
		{"mode", patch("kind: Gateway, name: cross-network-gateway", "replace", "/spec/servers/0/tls/mode", `"MUTUAL"`),
			`Gateway istio-system/cross-network-gateway: error: spec.servers[0].tls.mode: `},
		{"the user's own", patch("kind: Gateway, name: own", "replace", "/spec/servers/0",
			`{"port": {"number": 15443, "name": "tls", "protocol": "TLS"}, "hosts": ["*.local"], "tls": {"mode": "PASSTHROUGH"}}`), `Gateway web/own: error: spec.servers[0].tls.mode: `},
		{"network", patch("kind: Namespace", "replace", "/metadata/labels/topology.istio.io~1network", `"netwrok1"`),
			`Namespace istio-system: error: metadata.labels.topology.istio.io/network: the label of namespace istio-system is "netwrok1", but values.global.network of the control plane is "network1"; the topology says "network1" [network-mismatch]`},
		{"an IstioOperator that istioctl alone gets", patch("kind: IstioOperator, name: control-plane", "replace", "/spec/values/global/meshID", `"other"`),
			`IstioOperator istio-system/control-plane: error: values.global.meshID is "other", but the topology says "shop" [deviates-from-topology]`},
		{"a Secret", patch("kind: Secret, name: istio-remote-secret-cluster-b", "remove", "/metadata/labels/istio~1multiCluster", "0"),
			`Secret istio-system/istio-remote-secret-cluster-b: error: metadata.labels: `},
		{"an IstioOperator for kubectl", patch("kind: IstioOperator, name: control-plane", "remove", "/metadata/annotations", "0"),
			`IstioOperator istio-system/control-plane: error: IstioOperator control-plane would be applied by kubectl [operator-in-kustomization]`},
		{"a namespace on top", "namespace: elsewhere\n", `Secret elsewhere/cacerts: error: metadata.namespace: `},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s.write("overlay/kustomization.yaml", "resources: [../base]\ntransformers: [lint.yaml]\n"+tt.overlay)
			got := s.run(".", build+"overlay")
			if tt.want == "" {
				if got.code != 0 || got.err != "" || !strings.Contains(got.out, "kind: Gateway") {
					t.Errorf("exit code %d, %s", got.code, got.err)
				}
				s.write("overlay/kustomization.yaml", "resources: [../base]\n"+tt.overlay)
				equal(t, "without lint", s.run(".", build+"overlay").out, got.out)
				return
			}
			if got.code == 0 || got.out != "" || !strings.Contains("\n"+got.err, "\n"+tt.want) || strings.Contains(got.err, "panic") {
				t.Errorf("exit code %d, %q, %s\nwant %s", got.code, got.out, got.err, tt.want)
			}
			if token := tokenOf(t, s); strings.Contains(got.err, token) {
				t.Errorf("a token is shown: %s", got.err)
			}
		})
	}
}

// tokenOf gives the token of a cluster.
func tokenOf(t *testing.T, s *site) string {
	t.Helper()
	return strings.TrimSpace(string(read(t, filepath.Join(s.dir, "tokens/cluster-b"))))
}

// TestFunctionLintPositions shows where kustomize lets a LintManifests be, which is why docs/kustomize.md has it under
// transformers.
func TestFunctionLintPositions(t *testing.T) {
	s := newSite(t, "two-clusters")
	s.write("lint.yaml", lintManifests(""))
	const right = "apiVersion: v1\nkind: Namespace\nmetadata: {name: istio-system, labels: {topology.istio.io/network: network1}}\n"
	s.write("right.yaml", right)
	s.write("wrong.yaml", "apiVersion: networking.istio.io/v1\nkind: RemoteCluster\nmetadata: {name: a, namespace: b}\n")
	const found = "RemoteCluster b/a: error: networking.istio.io has no kind \"RemoteCluster\" [unknown-kind]"
	for _, tt := range []struct {
		kustomization string
		code          int
		want, without string // on standard error
	}{
		{"resources: [right.yaml]\ntransformers: [lint.yaml]", 0, "", "[validator-refused]"},
		{"resources: [wrong.yaml]\ntransformers: [lint.yaml]", 1, found, "[validator-refused]"},
		{"resources: [wrong.yaml]\nvalidators: [lint.yaml]", 1, found, "Error: validator shouldn't modify"},
		{"resources: [right.yaml]\nvalidators: [lint.yaml]", 1, "Error: validator shouldn't modify the resource map", "[unknown-kind]"},
		{"resources: [right.yaml]\nvalidators: [lint.yaml]", 1, "kustomization.yaml:2:14: warning: kustomize refuses what a function under validators passes on [validator-refused]", "[unknown-kind]"},
		{"resources: [right.yaml]\ntransformers: [lint.yaml]\nvalidators: [lint.yaml]", 0, "", "[validator-refused]"},
		{"resources: [wrong.yaml]\ngenerators: [lint.yaml]", 0, "there is no manifest among the items: nothing is checked [nothing-to-lint]", "[unknown-kind]"},
	} {
		s.write("kustomization.yaml", tt.kustomization+"\n")
		got := s.run(".", build+".")
		if got.code != tt.code || !strings.Contains(got.err, tt.want) || tt.want == "" && got.err != "" || strings.Contains(got.err, tt.without) {
			t.Errorf("%s: exit code %d, %s", tt.kustomization, got.code, got.err)
		}
		if tt.code == 0 && !strings.Contains(tt.kustomization, "wrong") {
			equal(t, tt.kustomization, texts(t, []byte(got.out)), texts(t, []byte(right)))
		}
	}
	s.write("kustomization.yaml", "resources: [wrong.yaml]\ntransformers: [lint.yaml]\n")
	if got := s.run(".", "kustomize build --enable-alpha-plugins ."); got.code != 0 || got.err != "" {
		t.Errorf("without --enable-exec: exit code %d, %s; kustomize skips functions no more: correct docs/kustomize.md", got.code, got.err)
	}
}

// TestFunctionLintOrigins names files and lines where kustomize tells them.
func TestFunctionLintOrigins(t *testing.T) {
	s := newSite(t, "two-clusters")
	s.write("base/wrong.yaml", "# what an article says\napiVersion: networking.istio.io/v1\nkind: RemoteCluster\nmetadata: {name: a, namespace: b}\n")
	s.write("base/kustomization.yaml", "resources: [wrong.yaml]\n")
	s.write("lint.yaml", lintManifests(""))
	s.write("kustomization.yaml", "resources: [base]\nbuildMetadata: [originAnnotations]\ntransformers: [lint.yaml]\n")
	if got := s.run(".", build+"."); got.code == 0 || !strings.HasPrefix(got.err, "base/wrong.yaml:3:7: error: networking.istio.io has no kind") {
		t.Errorf("exit code %d, %s", got.code, got.err)
	}
	s.write("kustomization.yaml", "resources: [base]\nbuildMetadata: [originAnnotations]\ntransformers: [lint.yaml]\nnamespace: other\n")
	if got := s.run(".", build+"."); got.code == 0 || !strings.HasPrefix(got.err, "base/wrong.yaml: error: RemoteCluster other/a: networking.istio.io has no kind") {
		t.Errorf("changed: exit code %d, %s", got.code, got.err)
	}
}

// TestFunctionLintRun lints files by kustomize fn run: it finds what meshtopo lint finds, at the same places, and
// changes no file, the functionConfig's included.
func TestFunctionLintRun(t *testing.T) {
	s := newSite(t, "two-clusters")
	const run = "kustomize fn run --enable-exec --results-dir ../results ."
	s.write("results/readme", "")
	s.run(".", "meshtopo render -o files topology.yaml")
	s.write("files/lint.yaml", lintManifests("# several clusters\nfailOn: info\n"))
	before := contents(t, filepath.Join(s.dir, "files"))
	if got := s.run("files", run); got.code != 0 || got.err != "" {
		t.Errorf("of a tree that is right, exit code %d, %s", got.code, got.err)
	}
	equal(t, "files", contents(t, filepath.Join(s.dir, "files")), before)

	const operator = "files/clusters/cluster-b/3-control-plane/istio-operator.yaml"
	s.replace(operator, `meshID: "shop"`, `meshID: "other" # mine`)
	s.replace("files/clusters/cluster-a/5-expose/cross-network-gateway.yaml", "mode: AUTO_PASSTHROUGH", "mode: MUTUAL")
	s.write("files/clusters/cluster-b/own/article.yaml", "# no object of Istio's\napiVersion: networking.istio.io/v1beta1\nkind: RemoteCluster\nmetadata: {name: a}\nspec: {network: network2}\n")
	before = contents(t, filepath.Join(s.dir, "files"))
	want := s.run("files", "meshtopo lint")
	if want.code != 1 || strings.Count(want.out, ": error: ") < 4 {
		t.Fatalf("lint exits with %d: %s", want.code, want.out)
	}
	got := s.run("files", run)
	if got.code == 0 || got.out != "" || !strings.HasPrefix(got.err, want.out+want.err) {
		t.Errorf("exit code %d, %q, %s\nwant %s", got.code, got.out, got.err, want.out+want.err)
	}
	equal(t, "files", contents(t, filepath.Join(s.dir, "files")), before)
	var results []any
	if err := yaml.Unmarshal(read(t, filepath.Join(s.dir, "results/results-0.yaml")), &results); err != nil || len(results) != strings.Count(want.out, ": error: ") {
		t.Fatal(err, results)
	}
	contains(t, "result", results[0], map[string]any{
		"severity": "error", "field": map[string]any{"path": "spec.servers[0].tls.mode"}, "file": map[string]any{"path": "clusters/cluster-a/5-expose/cross-network-gateway.yaml"},
		"resourceRef": map[string]any{"apiVersion": "networking.istio.io/v1", "kind": "Gateway", "namespace": "istio-system", "name": "cross-network-gateway"},
	})

	t.Run("from elsewhere", func(t *testing.T) {
		got := s.run(".", "kustomize fn run --enable-exec files")
		const want = `clusters/cluster-b/3-control-plane/istio-operator.yaml: error: IstioOperator istio-system/control-plane: spec.values.global.meshID: `
		if got.code == 0 || !strings.Contains(got.err, "\n"+want) || strings.Contains(got.err, " | ") {
			t.Errorf("exit code %d, %s", got.code, got.err)
		}
		after := contents(t, filepath.Join(s.dir, "files"))
		if !maps.Equal(after, before) {
			t.Error("files were changed")
		}
	})
	t.Run("one cluster", func(t *testing.T) { // only what is below the directory of the functionConfig is given
		s.write("files/clusters/cluster-b/lint.yaml", lintManifests("topology: ../../../topology.yaml\n"))
		got := s.run("files/clusters/cluster-b", "kustomize fn run --enable-exec .")
		if got.code == 0 || !strings.Contains(got.err, `values.global.meshID is "other", but the topology says "shop"`) || strings.Contains(got.err, "cross-network-gateway") {
			t.Errorf("exit code %d, %s", got.code, got.err)
		}
	})
}
