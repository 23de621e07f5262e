package conformance

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"meshtopo.dev/meshtopo/schema"
	"sigs.k8s.io/yaml"
)

// gitopsCRDs are where Argo CD and Flux keep their CRDs, with the digests of those modules. They are read, not linked:
// their types need hundreds of modules more. Later versions need a later Go.
var gitopsCRDs = []struct{ module, sum, file string }{
	{"github.com/argoproj/argo-cd/v3@v3.5.7", "h1:Xm1BF+I5OgDKUG3SDK49vn2/Y5AMyaNVko+/JT08gj0=", "manifests/crds/application-crd.yaml"},
	{"github.com/fluxcd/kustomize-controller@v1.9.6", "h1:XB+G3A0mky0j5uVHZWv4oSlS2RvZBoNIUhstIvY0JKE=", "config/crd/bases/kustomize.toolkit.fluxcd.io_kustomizations.yaml"},
	{"github.com/fluxcd/source-controller@v1.9.6", "h1:nG534/bI6nVpyHra7ONAk6xDB3xPsVT+EOLHZHXPrrc=", "config/crd/bases/source.toolkit.fluxcd.io_gitrepositories.yaml"},
	{"github.com/fluxcd/source-controller@v1.9.6", "h1:nG534/bI6nVpyHra7ONAk6xDB3xPsVT+EOLHZHXPrrc=", "config/crd/bases/source.toolkit.fluxcd.io_helmrepositories.yaml"},
}

// gitopsResources reads those CRDs, by "apiVersion kind".
func gitopsResources(t *testing.T) map[string]*resource {
	t.Helper()
	known := map[string]*resource{}
	for _, crd := range gitopsCRDs {
		definition := &apiextensionsv1.CustomResourceDefinition{}
		if err := yaml.Unmarshal(read(t, filepath.Join(readOnly(t, crd.module, crd.sum), crd.file)), definition); err != nil {
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

// readOnly gives the directory of a module that is read and not linked.
func readOnly(t *testing.T, module, sum string) string {
	t.Helper()
	var found struct{ Dir, Sum string }
	download := exec.Command("go", "mod", "download", "-json", module)
	download.Dir = t.TempDir() // not part of this module's go.mod
	if err := json.Unmarshal([]byte(output(t, download)), &found); err != nil {
		t.Fatal(err)
	}
	equal(t, module, found.Sum, sum)
	return found.Dir
}

// TestArgoHealth proves what the README of a mesh says of health: Application has that of Argo CD's own page and none
// by itself, as the resource of the Sail operator has none, and what makes Secrets has it.
func TestArgoHealth(t *testing.T) {
	dir := readOnly(t, gitopsCRDs[0].module, gitopsCRDs[0].sum)
	_, lines, _ := strings.Cut(string(read(t, "../../templates/argocd/readme/fleet-start.md")), "```yaml\ndata:\n")
	lines, _, _ = strings.Cut(lines, "```")
	if !strings.Contains(lines, "argoproj.io_Application") || !strings.Contains(string(read(t, filepath.Join(dir, "docs/operator-manual/health.md"))), lines) {
		t.Errorf("Argo CD's page has other lines than\n%s", lines)
	}
	for kind, known := range map[string]bool{
		"argoproj.io/Application": false, "sailoperator.io/Istio": false,
		"bitnami.com/SealedSecret": true, "cert-manager.io/Certificate": true, "external-secrets.io/ExternalSecret": true, "external-secrets.io/PushSecret": true, "gateway.networking.k8s.io/Gateway": true,
	} {
		if _, err := os.Stat(filepath.Join(dir, "resource_customizations", kind, "health.lua")); (err == nil) != known {
			t.Errorf("Argo CD knows the health of %s: %t, want %t", kind, err == nil, known)
		}
	}
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
		"apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec: {interval: 1m, prune: true, sourceRef: {kind: GitRepository, name: x}, dependson: []}":        "dependson",
		"apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec: {interval: 1m, prune: true, sourceRef: {kind: GitRepository, name: x}, deletionPolicy: Keep}": "deletionPolicy",
		"apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: {project: x, destination: {name: y}, source: {repoURL: x, targetrevision: y}}":                            "targetrevision",
		"apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: {destination: {name: y}, source: {repoURL: x}}":                                                           "project",
		"apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nspec: {interval: 1m, url: git@git.example.com:mesh.git}":                                               "url",
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

// TestGitops renders examples for each engine and each installer. The CRDs of the engine take every object as it is,
// Argo CD finds the Applications of every cluster below its first one, and Flux the objects of every directory that it
// is led to. HelmReleases are checked in ../conformance-gitops.
func TestGitops(t *testing.T) {
	known := gitopsResources(t)
	eachExample(t, func(t *testing.T, e *example) {
		if !slices.Contains([]string{"two-clusters", "mixed", "external-secrets", "cert-manager", "istio-csr"}, e.name) {
			return
		}
		for engine, settings := range map[string]string{
			"argocd":   `repository: "https://git.example.com/mesh.git", argocd: {decryption: {plugin: sops}}`,
			"flux":     `repository: "git@git.example.com:mesh.git", revision: refs/tags/v1, flux: {secret: mesh, decryption: {secret: sops-age}}`,
			"flux-hub": `repository: "ssh://git@git.example.com/mesh.git", flux: {kubeConfig: "{cluster}-kubeconfig"}`,
		} {
			for _, installer := range []schema.Installer{schema.Istioctl, schema.Helm, schema.Sail} {
				t.Run(engine+"/"+string(installer), func(t *testing.T) {
					dir := e.appliedBy(t, installer, settings)
					objects, applied := 0, map[string]bool{}
					for _, file := range files(t, dir) {
						if !isEngines(file) {
							continue
						}
						for _, document := range strings.Split(string(read(t, filepath.Join(dir, file))), "\n---\n") {
							object := decode(t, []byte(document))
							objects++
							if object["kind"] != "HelmRelease" {
								checkGitops(t, known, object)
							}
							for _, path := range pathsOf(object) {
								applied[path] = true
							}
						}
					}
					if objects < 2*len(e.topology.Clusters) {
						t.Errorf("%d objects are too few", objects)
					}
					for path := range applied {
						if path != "clusters" || engine == "flux-hub" {
							checkBuild(t, filepath.Join(dir, path))
						}
					}
					if engine == "flux-hub" {
						checkGuard(t, dir)
					}
				})
			}
		}
	})
}

// appliedBy renders an example with an installer for an engine, and gives the directory of the tree.
func (e *example) appliedBy(t *testing.T, installer schema.Installer, gitops string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(e.dir)); err != nil {
		t.Fatal(err)
	}
	fitted(t, filepath.Join(dir, "topology.yaml"), installer)
	put(t, filepath.Join(dir, "engine.yaml"), "spec: {istio: {installer: "+string(installer)+"}, gitops: {"+gitops+"}}\n")
	other := *e
	other.dir = dir
	meshtopo(t, &other, "render", "-o", "out", e.file(), "engine.yaml")
	return filepath.Join(dir, "out")
}

// isEngines reports whether a file of a tree is for an engine.
func isEngines(file string) bool {
	return path.Ext(file) == ".yaml" && path.Base(file) != "kustomization.yaml" &&
		(strings.Contains(file, "/argocd/") || strings.Contains(file, "/flux/") || path.Dir(file) == "clusters")
}

// pathsOf gives the directories that an object has its engine build with kustomize.
func pathsOf(object map[string]any) []string {
	var all []string
	for _, keys := range [][]string{{"spec", "path"}, {"spec", "source", "path"}} {
		if dir, ok := at(object, keys...).(string); ok {
			all = append(all, path.Clean(dir))
		}
	}
	return all
}

// checkGuard has the first Kustomization of a Flux for all clusters fail where its list is gone, and Flux would make
// one of everything.
func checkGuard(t *testing.T, dir string) {
	t.Helper()
	list := filepath.Join(dir, "clusters", "kustomization.yaml")
	var patches any
	for _, document := range strings.Split(string(read(t, filepath.Join(dir, "clusters", "flux.yaml"))), "\n---\n") {
		if object := decode(t, []byte(document)); object["kind"] == "Kustomization" {
			patches = at(object, "spec", "patches")
		}
	}
	build := func(list map[string]any) ([]byte, error) {
		list["patches"] = patches
		put(t, filepath.Join(dir, "clusters", "kustomization.yaml"), string(marshal(t, list)))
		return exec.Command(tool(t, "kustomize"), "build", filepath.Join(dir, "clusters")).CombinedOutput()
	}
	if out, err := build(decode(t, read(t, list))); err != nil {
		t.Errorf("with its list the Kustomization fails: %s", out)
	}
	var layers []any
	for _, file := range files(t, dir) {
		if strings.HasSuffix(file, "/1-prepare/kustomization.yaml") {
			layers = append(layers, strings.TrimPrefix(path.Dir(file), "clusters/"))
		}
	}
	if out, err := build(map[string]any{"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "resources": layers[:1]}); err == nil || !strings.Contains(string(out), "no matches for Id Kustomization") {
		t.Errorf("without its list the Kustomization gives %s", out)
	}
}

// TestFluxSops has Flux decrypt a layer of Secrets, as docs/secrets.md tells it to.
func TestFluxSops(t *testing.T) {
	checkGitops(t, gitopsResources(t), decode(t, blocks(t, "docs/secrets.md", "yaml", "# flux-sops.yaml\n")[0]))
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

func sorted(names []string) []string {
	return slices.Sorted(slices.Values(names))
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
