package conformance

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	helmv2 "github.com/fluxcd/helm-controller/api/v2"
	"github.com/gobwas/glob"
	kjson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

// meshtopo is the program, as its users build it.
var meshtopo string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "conformance")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	meshtopo = filepath.Join(dir, "meshtopo")
	if out, err := exec.Command("go", "-C", "../..", "build", "-o", meshtopo, "./cmd/meshtopo").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// release decodes a HelmRelease as strictly as an API server: the case of letters counts.
func release(text []byte) (*helmv2.HelmRelease, error) {
	data, err := yaml.YAMLToJSONStrict(text)
	if err != nil {
		return nil, err
	}
	r := &helmv2.HelmRelease{}
	problems, err := kjson.UnmarshalStrict(data, r)
	if err == nil && len(problems) > 0 {
		err = fmt.Errorf("%v", problems)
	}
	return r, err
}

// tree renders an example for an engine, with Helm and more settings below istio.
func tree(t *testing.T, example, version, istio, gitops string) map[string][]byte {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../"+example)); err != nil {
		t.Fatal(err)
	}
	topology := filepath.Join(dir, "topology.yaml")
	text, err := os.ReadFile(topology)
	if err == nil {
		err = os.WriteFile(topology, bytes.ReplaceAll(text, []byte(`"1.31.1"`), []byte(`"`+version+`"`)), 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
	engine := "spec: {istio: {installer: helm" + istio + "}, gitops: {repository: \"https://git.example.com/mesh.git\", " + gitops + "}}\n"
	if err := os.WriteFile(filepath.Join(dir, "engine.yaml"), []byte(engine), 0o666); err != nil {
		t.Fatal(err)
	}
	render := exec.Command(meshtopo, "render", "-o", "out", "topology.yaml", "engine.yaml")
	render.Dir = dir
	if out, err := render.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	files := map[string][]byte{}
	out := os.DirFS(filepath.Join(dir, "out", "clusters"))
	if err := fs.WalkDir(out, ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files[path], err = fs.ReadFile(out, path)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return files
}

// TestHelmReleases decodes every HelmRelease, in the version of its types, and compares its values with those that helm
// is given by hand.
func TestHelmReleases(t *testing.T) {
	const parts = ", components: {cni: {enabled: true}, ztunnel: {enabled: true}}"
	for _, test := range []struct{ example, version, istio, flux string }{
		{"two-clusters", "1.31.1", parts, "{}"},
		{"two-clusters", "1.30.3", ", revision: canary, charts: {repository: \"oci://registry.example.com/istio\"}" + parts, "{kubeConfig: \"{cluster}-kubeconfig\"}"},
		{"two-clusters", "1.27.0", "", "{kubeConfig: \"{cluster}-kubeconfig\"}"},
	} {
		t.Run(test.example+" "+test.version, func(t *testing.T) {
			files := tree(t, test.example, test.version, test.istio, "flux: "+test.flux)
			byHand := tree(t, test.example, test.version, test.istio, "argocd: {}")
			seen := 0
			for path, text := range files {
				if !bytes.Contains(text, []byte("kind: HelmRelease\n")) {
					continue
				}
				seen++
				r, err := release(text)
				if err != nil {
					t.Errorf("%s: %v", path, err)
					continue
				}
				if skips := test.version == "1.27.0" && r.Spec.Chart.Spec.Chart == "gateway"; r.Spec.Install.DisableSchemaValidation != skips || r.Spec.Upgrade.DisableSchemaValidation != skips {
					t.Errorf("%s: the schema of the chart is checked: %t", path, !r.Spec.Install.DisableSchemaValidation)
				}
				if len(r.Spec.ReleaseName) > 53 || len(r.Name) > 63 {
					t.Errorf("%s: the names %q and %q are too long", path, r.Name, r.Spec.ReleaseName)
				}
				cluster, below, _ := strings.Cut(path, "/flux/")
				layer := filepath.Dir(below)
				want, err := yaml.YAMLToJSON(byHand[cluster+"/"+layer+"/"+r.Spec.Chart.Spec.Chart+".values.yaml"])
				if err != nil || len(want) < 5 {
					t.Fatalf("%s: %v: %s", path, err, want)
				}
				if got, err := yaml.YAMLToJSON(r.Spec.Values.Raw); err != nil || !bytes.Equal(got, want) {
					t.Errorf("%s has the values %s, want %s", path, got, want)
				}
			}
			if seen < 4 {
				t.Errorf("%d HelmReleases are too few", seen)
			}
		})
	}
}

// TestHelmReleasesAreChecked proves that a misspelt field is found, also where only the case of a letter is wrong.
func TestHelmReleasesAreChecked(t *testing.T) {
	files := tree(t, "two-clusters", "1.31.1", "", "flux: {}")
	sound := string(files["cluster-a/flux/3-control-plane/istiod.yaml"])
	if _, err := release([]byte(sound)); err != nil {
		t.Fatal(err)
	}
	for _, edit := range [][2]string{{"dependsOn:", "dependson:"}, {"releaseName:", "releasename:"}, {"retryInterval: 1m", "retryInterval: often"}, {"sourceRef:", "source:"}, {"  values:\n", "  value:\n"}} {
		if !strings.Contains(sound, edit[0]) {
			t.Errorf("there is no %q in %s", edit[0], sound)
		}
		if _, err := release([]byte(strings.Replace(sound, edit[0], edit[1], 1))); err == nil {
			t.Errorf("%q is taken", edit[1])
		}
	}
}

// TestInclude has the first Application of Argo CD find the Applications of all clusters, and nothing else, by the
// library and without the separators, as Argo CD does (util/glob/glob.go, reposerver/repository/repository.go).
func TestInclude(t *testing.T) {
	files := tree(t, "mixed", "1.31.1", "", "argocd: {}")
	var root struct {
		Spec struct {
			Source struct {
				Path      string
				Directory struct {
					Include string
					Recurse bool
				}
			}
		}
	}
	if err := yaml.Unmarshal(files["argocd.yaml"], &root); err != nil {
		t.Fatal(err)
	}
	include, err := glob.Compile(root.Spec.Source.Directory.Include)
	if err != nil || !root.Spec.Source.Directory.Recurse || root.Spec.Source.Path != "clusters" {
		t.Fatalf("%v: %+v", err, root)
	}
	var found, want []string
	for path, text := range files {
		if include.Match(path) {
			found = append(found, path)
		}
		if bytes.Contains(text, []byte("kind: Application\n")) && path != "argocd.yaml" {
			want = append(want, path)
		}
	}
	slices.Sort(found)
	slices.Sort(want)
	if !slices.Equal(found, want) || len(found) == 0 {
		t.Errorf("%q is found, want %q", found, want)
	}
}
