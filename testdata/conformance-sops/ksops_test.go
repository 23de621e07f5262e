package conformance

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// ksops is what KSOPS does as a function of kustomize (github.com/viaduct-ai/kustomize-sops, ksops.go, krm): each file
// that a generator names is decrypted. Its module cannot be had as a dependency: its path lacks the major version.
func ksops(in io.Reader, out io.Writer) error {
	var list struct {
		Items []struct {
			Files []string `yaml:"files"`
		} `yaml:"items"`
	}
	if err := yaml.NewDecoder(in).Decode(&list); err != nil {
		return err
	}
	items := []any{}
	for _, generator := range list.Items {
		for _, file := range generator.Files {
			text, err := exec.Command("sops", "decrypt", file).Output()
			if err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
			var object map[string]any
			if err := yaml.Unmarshal(text, &object); err != nil {
				return err
			}
			items = append(items, object)
		}
	}
	return yaml.NewEncoder(out).Encode(map[string]any{"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "items": items})
}

// block gives what stands in docs/secrets.md below the comment with the name of a file.
func block(t *testing.T, comment string) string {
	t.Helper()
	page, err := os.ReadFile("../../docs/secrets.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, found := strings.Cut(string(page), "```yaml\n# "+comment+"\n")
	text, _, closed := strings.Cut(text, "```\n")
	if !found || !closed {
		t.Fatalf("docs/secrets.md has no block %q", comment)
	}
	return text
}

// TestKSOPS has kustomize build what docs/secrets.md tells those to commit who have Argo CD with KSOPS, with the flags
// that it gives to Argo CD: the Secrets come out as plaintext has them.
func TestKSOPS(t *testing.T) {
	m, plain := newMesh(t, "sops", ""), newMesh(t, "plaintext", "")
	m.run(0, meshtopo, "render", "topology.yaml")
	plain.run(0, meshtopo, "render", "topology.yaml")
	if err := os.MkdirAll(filepath.Join(m.dir, "argocd/cluster-a"), 0o777); err != nil {
		t.Fatal(err)
	}
	m.write("argocd/cluster-a/kustomization.yaml", block(t, "argocd/cluster-a/kustomization.yaml"))
	m.write("argocd/cluster-a/ksops.yaml", block(t, "argocd/cluster-a/ksops.yaml"))
	var settings struct {
		Data map[string]string `yaml:"data"`
	}
	if err := yaml.Unmarshal([]byte(block(t, "argocd-cm.yaml")), &settings); err != nil {
		t.Fatal(err)
	}
	flags := strings.Fields(settings.Data["kustomize.buildOptions"])
	built, _ := m.output(0, filepath.Join(bin, "kustomize"), append(append([]string{"build"}, flags...), "argocd/cluster-a")...)

	got := map[string]string{}
	for _, text := range strings.Split(built, "\n---\n") {
		var object struct {
			Metadata struct {
				Name string `yaml:"name"`
			} `yaml:"metadata"`
		}
		if err := yaml.Unmarshal([]byte(text), &object); err != nil {
			t.Fatal(err)
		}
		got[object.Metadata.Name] = text
	}
	wanted := 0
	for _, file := range plain.secrets() {
		if !strings.HasPrefix(file, "clusters/cluster-a/") {
			continue
		}
		wanted++
		want := secret(t, plain.read(file))
		name := want["metadata"].(map[string]any)["name"].(string)
		if have := secret(t, got[name]); fmt.Sprint(have) != fmt.Sprint(want) {
			t.Errorf("%s comes out differently: kinds %v", name, have["kind"])
		}
	}
	if wanted == 0 || len(got) != wanted {
		t.Errorf("%d Secrets come out of kustomize, want %d", len(got), wanted)
	}
	if strings.Contains(built, "sops:") {
		t.Error("something is still encrypted")
	}
}
