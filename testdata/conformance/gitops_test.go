package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/yaml"
)

// gitopsCRDs are where Argo CD and Flux keep their CRDs, with the digests of those modules. They are read, not linked:
// their types need hundreds of modules more. Later versions need a later Go.
var gitopsCRDs = []struct{ module, sum, file string }{
	{"github.com/argoproj/argo-cd/v3@v3.5.7", "h1:Xm1BF+I5OgDKUG3SDK49vn2/Y5AMyaNVko+/JT08gj0=", "manifests/crds/application-crd.yaml"},
	{"github.com/argoproj/argo-cd/v3@v3.5.7", "h1:Xm1BF+I5OgDKUG3SDK49vn2/Y5AMyaNVko+/JT08gj0=", "manifests/crds/applicationset-crd.yaml"},
	{"github.com/fluxcd/kustomize-controller@v1.9.6", "h1:XB+G3A0mky0j5uVHZWv4oSlS2RvZBoNIUhstIvY0JKE=", "config/crd/bases/kustomize.toolkit.fluxcd.io_kustomizations.yaml"},
	{"github.com/fluxcd/source-controller@v1.9.0", "h1:5msg2yyjVYDULZos+2ve8MZzcSqTpusiXmrOeBhc9yY=", "config/crd/bases/source.toolkit.fluxcd.io_gitrepositories.yaml"},
}

// gitopsResources reads those CRDs, by "apiVersion kind".
func gitopsResources(t *testing.T) map[string]*resource {
	t.Helper()
	known := map[string]*resource{}
	for _, crd := range gitopsCRDs {
		var module struct{ Dir, Sum string }
		download := exec.Command("go", "mod", "download", "-json", crd.module)
		download.Dir = t.TempDir() // not part of this module's go.mod
		if err := json.Unmarshal([]byte(output(t, download)), &module); err != nil {
			t.Fatal(err)
		}
		equal(t, crd.module, module.Sum, crd.sum)
		definition := &apiextensionsv1.CustomResourceDefinition{}
		if err := yaml.Unmarshal(read(t, filepath.Join(module.Dir, crd.file)), definition); err != nil {
			t.Fatal(err)
		}
		for _, version := range definition.Spec.Versions {
			r, err := newResource(version.Schema)
			if err != nil {
				t.Fatalf("%s: %v", crd.file, err)
			}
			known[definition.Spec.Group+"/"+version.Name+" "+definition.Spec.Names.Kind] = r
		}
	}
	return known
}

// checkGitops wants a resource that the API server would take with nothing dropped.
func checkGitops(t *testing.T, known map[string]*resource, object map[string]any) {
	t.Helper()
	kind := fmt.Sprint(object["apiVersion"], " ", object["kind"])
	r, ok := known[kind]
	if !ok {
		t.Fatalf("no CRD serves %s", kind)
	}
	copied := decode(t, marshal(t, object)) // the check fills in defaults
	for _, problem := range r.check(copied) {
		t.Errorf("%s: %v", kind, problem)
	}
}

// TestGitopsCRDsRefuse proves that the check finds what the CRDs refuse.
func TestGitopsCRDsRefuse(t *testing.T) {
	known := gitopsResources(t)
	for text, want := range map[string]string{
		"apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec: {interval: 1m, prune: true, sourceRef: {kind: GitRepository, name: x}, dependson: []}":                "dependson",
		"apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec: {interval: 1m, prune: true, sourceRef: {kind: GitRepository, name: x}, deletionPolicy: Keep}":         "deletionPolicy",
		"apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nspec: {generators: [{git: {repoURL: x, revision: y, directory: []}}], template: {metadata: {}, spec: {project: x}}}": "directory",
	} {
		object := decode(t, []byte(text))
		var got []string
		for _, problem := range known[fmt.Sprint(object["apiVersion"], " ", object["kind"])].check(object) {
			got = append(got, problem.Error())
		}
		if !strings.Contains(strings.Join(got, "; "), want) {
			t.Errorf("check = %q, want %q in it", got, want)
		}
	}
}

// TestArgoCD generates the Applications that the ApplicationSet of docs/gitops.md gives for every example: one for each
// layer with a kustomization and no more, in the order of the fleet's README.
func TestArgoCD(t *testing.T) {
	known := gitopsResources(t)
	set := decode(t, blocks(t, "docs/gitops.md", "yaml", "# applicationset.yaml\n")[0])
	checkGitops(t, known, set)
	names := map[string]string{} // of the Applications for two-clusters, by path
	eachExample(t, func(t *testing.T, e *example) {
		var paths []string
		for _, app := range applications(t, e, set) {
			checkGitops(t, known, app)
			layer := at(app, "spec", "source", "path").(string)
			cluster := strings.Split(layer, "/")[1]
			equal(t, "destination", at(app, "spec", "destination", "name"), any(cluster))
			checkBuild(t, filepath.Join(e.dir, "want", layer))
			paths = append(paths, layer)
			if e.name == "two-clusters" {
				names[layer] = at(app, "metadata", "name").(string)
			}
		}
		equal(t, "layers", sorted(paths), kustomizations(t, e))
		checkOrder(t, e, sortedBy(paths, func(layer string) int { return rollingStep(t, set, path.Base(layer)) }))
	})
	equal(t, "Applications", names, map[string]string{
		"clusters/cluster-a/1-prepare": "cluster-a-1-prepare", "clusters/cluster-b/1-prepare": "cluster-b-1-prepare",
		"clusters/cluster-a/2-secrets": "cluster-a-2-secrets", "clusters/cluster-b/2-secrets": "cluster-b-2-secrets",
		"clusters/cluster-a/5-expose": "cluster-a-5-expose", "clusters/cluster-b/5-expose": "cluster-b-5-expose",
	})
}

// TestFluxSops has Flux decrypt a layer of Secrets, as docs/secrets.md tells it to.
func TestFluxSops(t *testing.T) {
	checkGitops(t, gitopsResources(t), decode(t, blocks(t, "docs/secrets.md", "yaml", "# flux-sops.yaml\n")[0]))
}

// TestFlux has the Kustomizations of docs/gitops.md in each cluster of every example, without those for layers that it
// does not have, as that page says: they cover the layers of that cluster, and depend on each other in the order of the
// fleet's README.
func TestFlux(t *testing.T) {
	known := gitopsResources(t)
	if !strings.Contains(strings.Join(strings.Fields(string(read(t, "../../docs/gitops.md"))), " "), fluxSentence) {
		t.Errorf("docs/gitops.md does not say %q", fluxSentence)
	}
	eachExample(t, func(t *testing.T, e *example) {
		var paths []string
		for _, c := range e.topology.Clusters {
			text := strings.ReplaceAll(string(blocks(t, "docs/gitops.md", "yaml", "# flux.yaml\n")[0]), "cluster-a", c.Name)
			text = onlyLayers(t, e.cluster(c).has, text)
			paths = append(paths, fluxPaths(t, known, e, text)...)
		}
		equal(t, "layers", sorted(paths), kustomizations(t, e))
		checkOrder(t, e, paths)
		if e.name == "two-clusters" { // whose 2-secrets may be ignored by git
			public := onlyLayers(t, func(layer string) bool { return layer != "2-secrets" }, string(blocks(t, "docs/gitops.md", "yaml", "# flux.yaml\n")[0]))
			equal(t, "without 2-secrets", fluxPaths(t, known, e, public), []string{"clusters/cluster-a/1-prepare", "clusters/cluster-a/5-expose"})
		}
	})
}

// fluxSentence is what docs/gitops.md says to do for a cluster without one of the layers.
const fluxSentence = "Leave out the layers that its directory does not have: without `2-secrets`, `mesh-5-expose` depends on `mesh-1-prepare`."

// onlyLayers leaves out the Kustomizations of layers that there are not, as fluxSentence says.
func onlyLayers(t *testing.T, has func(layer string) bool, text string) string {
	t.Helper()
	documents := strings.Split(text, "\n---\n")
	documents = slices.DeleteFunc(documents, func(document string) bool {
		layer, ok := at(decode(t, []byte(document)), "spec", "path").(string)
		return ok && !has(path.Base(layer))
	})
	text = strings.Join(documents, "\n---\n")
	if !has("2-secrets") {
		text = strings.ReplaceAll(text, "dependsOn: [{name: mesh-2-secrets}]", "dependsOn: [{name: mesh-1-prepare}]")
	}
	return text
}

// fluxPaths checks the objects of one cluster and gives the layers of its Kustomizations, each after what it depends
// on.
func fluxPaths(t *testing.T, known map[string]*resource, e *example, text string) []string {
	t.Helper()
	sources, layers, needs := map[string]bool{}, map[string]string{}, map[string]string{}
	for _, document := range strings.Split(text, "\n---\n") {
		object := decode(t, []byte(document))
		checkGitops(t, known, object)
		name := at(object, "metadata", "name").(string)
		equal(t, "namespace of "+name, at(object, "metadata", "namespace"), any("flux-system"))
		if object["kind"] == "GitRepository" {
			sources[name] = true
			continue
		}
		if source := at(object, "spec", "sourceRef", "name").(string); !sources[source] {
			t.Errorf("%s has the source %q, which is not there", name, source)
		}
		layers[name] = path.Clean(at(object, "spec", "path").(string))
		checkBuild(t, filepath.Join(e.dir, "want", layers[name]))
		if on, ok := at(object, "spec", "dependsOn").([]any); ok {
			equal(t, "dependencies of "+name, len(on), 1)
			needs[name] = on[0].(map[string]any)["name"].(string)
		}
	}
	for name, on := range needs {
		if layers[on] == "" {
			t.Errorf("%s depends on %s, which is not there: it never becomes ready", name, on)
		}
	}
	var paths []string
	for len(layers) > 0 {
		ready := slices.Sorted(maps.Keys(layers))
		ready = slices.DeleteFunc(ready, func(name string) bool { return layers[needs[name]] != "" })
		if len(ready) != 1 {
			t.Fatalf("%q can be applied next, want one", ready)
		}
		paths = append(paths, layers[ready[0]])
		delete(layers, ready[0])
	}
	return paths
}

// applications gives what the ApplicationSet controller makes of its template for each directory that a path of the
// git generator matches: https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators-Git/.
func applications(t *testing.T, e *example, set map[string]any) []map[string]any {
	t.Helper()
	equal(t, "goTemplate", at(set, "spec", "goTemplate"), any(true))
	var apps []map[string]any
	for _, generator := range at(set, "spec", "generators").([]any) {
		for _, directory := range at(generator.(map[string]any), "git", "directories").([]any) {
			pattern := directory.(map[string]any)["path"].(string)
			for _, layer := range directories(t, e) {
				if ok, err := path.Match(pattern, layer); err != nil || !ok {
					continue
				}
				params := map[string]any{"path": map[string]any{
					"path": layer, "basename": path.Base(layer), "segments": strings.Split(layer, "/"),
				}}
				app := fill(t, at(set, "spec", "template"), params).(map[string]any)
				app["apiVersion"], app["kind"] = set["apiVersion"], "Application"
				apps = append(apps, app)
			}
		}
	}
	return apps
}

// fill executes every string of a template.
func fill(t *testing.T, value any, params map[string]any) any {
	t.Helper()
	switch v := value.(type) {
	case string:
		parsed, err := template.New("").Option("missingkey=error").Parse(v)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := parsed.Execute(&out, params); err != nil {
			t.Fatal(err)
		}
		return out.String()
	case map[string]any:
		filled := map[string]any{}
		for key, item := range v {
			filled[key] = fill(t, item, params)
		}
		return filled
	case []any:
		filled := make([]any, len(v))
		for i, item := range v {
			filled[i] = fill(t, item, params)
		}
		return filled
	}
	return value
}

// rollingStep gives the place of a layer in the strategy of the ApplicationSet.
func rollingStep(t *testing.T, set map[string]any, layer string) int {
	t.Helper()
	for i, s := range at(set, "spec", "strategy", "rollingSync", "steps").([]any) {
		for _, e := range s.(map[string]any)["matchExpressions"].([]any) {
			expression := e.(map[string]any)
			if expression["key"] != "meshtopo.dev/layer" || expression["operator"] != "In" {
				t.Fatalf("an expression that this test does not understand: %v", expression)
			}
			if slices.Contains(expression["values"].([]any), any(layer)) {
				return i
			}
		}
	}
	t.Fatalf("no step has %s", layer)
	return 0
}

// checkBuild builds a layer with kustomize and wants resources of Kubernetes and Istio alone.
func checkBuild(t *testing.T, dir string) {
	t.Helper()
	built := output(t, exec.Command(tool(t, "kustomize"), "build", dir))
	objects := documents(t, []byte(built))
	if len(objects) == 0 {
		t.Errorf("%s gives nothing", dir)
	}
	if strings.Contains(built, "IstioOperator") {
		t.Errorf("%s gives an IstioOperator, which no API server knows", dir)
	}
}

var kubectlApply = regexp.MustCompile(`kubectl --context \S+ apply --server-side -[kf] (clusters/[^/\s]+/[^/\s]+)`)

// checkOrder compares an order of layers with the one of the fleet's README, for each cluster.
func checkOrder(t *testing.T, e *example, paths []string) {
	t.Helper()
	got, want := map[string][]string{}, map[string][]string{}
	for _, layer := range paths {
		cluster := strings.Split(layer, "/")[1]
		got[cluster] = append(got[cluster], layer)
	}
	for _, apply := range kubectlApply.FindAllStringSubmatch(string(read(t, filepath.Join(e.dir, "want", "clusters", "README.md"))), -1) {
		cluster := strings.Split(apply[1], "/")[1]
		if !slices.Contains(want[cluster], apply[1]) { // again, where the README comes back to it
			want[cluster] = append(want[cluster], apply[1])
		}
	}
	equal(t, "order", got, want)
}

// kustomizations gives the layers of a tree that have a kustomization.
func kustomizations(t *testing.T, e *example) []string {
	t.Helper()
	var paths []string
	for _, file := range files(t, filepath.Join(e.dir, "want")) {
		if path.Base(file) == "kustomization.yaml" {
			paths = append(paths, path.Dir(file))
		}
	}
	return sorted(paths)
}

// directories gives all directories of a tree.
func directories(t *testing.T, e *example) []string {
	t.Helper()
	found := map[string]bool{}
	for _, file := range files(t, filepath.Join(e.dir, "want")) {
		for dir := path.Dir(file); dir != "."; dir = path.Dir(dir) {
			found[dir] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func sorted(names []string) []string {
	return slices.Sorted(slices.Values(names))
}

func sortedBy(names []string, key func(string) int) []string {
	return slices.SortedStableFunc(slices.Values(names), func(a, b string) int { return key(a) - key(b) })
}

// at gives a value of an object, or nil.
func at(object map[string]any, keys ...string) any {
	var value any = object
	for _, key := range keys {
		inner, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = inner[key]
	}
	return value
}

func decode(t *testing.T, text []byte) map[string]any {
	t.Helper()
	var object map[string]any
	if err := yaml.UnmarshalStrict(text, &object); err != nil {
		t.Fatal(err)
	}
	return object
}

func marshal(t *testing.T, object map[string]any) []byte {
	t.Helper()
	text, err := yaml.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
