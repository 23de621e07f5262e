package main

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// engines are the ways in which something applies a tree, as spec.gitops has them.
var engines = map[string]string{
	"argocd":   `{repository: "https://git.example.com/mesh.git", path: fleet, argocd: {decryption: {plugin: sops}}}`,
	"flux":     `{repository: "ssh://git@git.example.com/mesh.git", flux: {secret: mesh, decryption: {secret: sops-age}}}`,
	"flux-hub": `{repository: "git@git.example.com:mesh.git", flux: {kubeConfig: "{cluster}-kubeconfig", decryption: {secret: sops-age}}}`,
}

var appliedByHand = regexp.MustCompile(`apply --server-side .*-[kf] (clusters/[-a-z0-9]+/[1-5]-[a-z-]+)`)

// TestGitOps has an engine apply every example, installed in each way: what is rendered is found sound, with what the
// engine is told, and nothing of it is left once the example is rendered as it was.
func TestGitOps(t *testing.T) {
	for _, name := range exampleNames(t) {
		if testing.Short() && name != "mixed" {
			continue
		}
		for _, w := range []way{{"istioctl", ""}, {"istioctl", "gateway-api"}, {"helm", ""}, {"sail", ""}} {
			if name == "patches" && (w.installer != "istioctl" || w.gateway != "") {
				continue // they are made on IstioOperators
			}
			for _, engine := range slices.Sorted(maps.Keys(engines)) {
				t.Run(name+"/"+w.installer+"/"+w.gateway+"/"+engine, func(t *testing.T) { w.applies(t, name, engine) })
			}
		}
	}
}

// applies renders an example for an engine, and as it was.
func (w way) applies(t *testing.T, name, engine string) {
	dir := copyExample(t, name)
	render := func() {
		t.Helper()
		if got := inProcess(t, dir, "", "render", "--verify"); got.code != exitOK {
			t.Fatalf("meshtopo render --verify exits with %d:\n%s%s", got.code, got.out, got.err)
		}
	}
	render()
	want := contents(t, dir)
	undo := w.write(t, dir, "{}")
	withEngine(t, dir, engines[engine])
	render()
	w.findsOnlyClear(t, dir, name)
	w.findsNothing(t, dir, name, "diff")
	w.findsNothing(t, dir, name, "lint", "clusters")
	w.findsNothing(t, dir, name, "lint", "--topology", topologyIn(dir), "clusters")
	tree := contents(t, dir)
	var told strings.Builder
	for path, text := range tree {
		if strings.Contains(path, "/argocd/") || strings.Contains(path, "/flux/") {
			told.WriteString(text)
		}
	}
	for path, text := range tree {
		for _, layer := range appliedByHand.FindAllStringSubmatch(text, -1) {
			if strings.HasSuffix(path, "README.md") && strings.Contains(told.String(), layer[1]+"\"\n") {
				t.Errorf("%s has people apply %s, which the engine applies", path, layer[1])
			}
		}
		if engine != "argocd" && w.installer == "helm" && strings.HasSuffix(path, ".values.yaml") {
			t.Errorf("%s has values that a HelmRelease has as well", path)
		}
	}
	undo()
	os.Remove(filepath.Join(dir, "engine.cue"))
	render()
	if got := contents(t, dir); !maps.Equal(got, want) {
		t.Error("the tree is not what it was")
	}
}

// findsOnlyClear wants validate to have nothing to say but that keys are in the repository in clear.
func (w way) findsOnlyClear(t *testing.T, dir, name string) {
	t.Helper()
	got := inProcess(t, dir, "", "validate")
	for _, code := range got.codes() {
		if !slices.Contains([]string{"gitops-plaintext", "sail-version", "chart-refuses-values"}, code) && name != "joining" {
			t.Errorf("meshtopo validate finds %s:\n%s", code, got.out)
		}
	}
}

// withEngine adds spec.gitops to the topology in a directory.
func withEngine(t *testing.T, dir, gitops string) {
	t.Helper()
	file := filepath.Join(dir, topologyIn(dir))
	if topologyIn(dir) == "." {
		write(t, filepath.Join(dir, "engine.cue"), "package shop\n\nspec: gitops: "+strings.ReplaceAll(cueText(gitops), "\n", "")+"\n")
		return
	}
	var topology map[string]any
	if err := yaml.Unmarshal([]byte(read(t, file)), &topology); err != nil {
		t.Fatal(err)
	}
	var value any
	if err := yaml.Unmarshal([]byte(gitops), &value); err != nil {
		t.Fatal(err)
	}
	topology["spec"].(map[string]any)["gitops"] = value
	writeYAML(t, file, topology)
}

// cueText gives a map in the flow style of YAML as CUE has it.
func cueText(text string) string {
	return strings.NewReplacer(": fleet,", `: "fleet",`, ": sops}", `: "sops"}`, ": mesh,", `: "mesh",`, ": sops-age}", `: "sops-age"}`).Replace(text)
}

// TestGitOpsTrees compares what two meshes give with the trees beside them. UPDATE=1 rewrites the trees. Ciphertext is
// that of the example below.
func TestGitOpsTrees(t *testing.T) {
	for engine, base := range map[string]string{"argocd": "primary-remote-multi-network", "flux": "protections/sops"} {
		t.Run(engine, func(t *testing.T) {
			example, dir := filepath.Join("../../testdata/gitops", engine), t.TempDir()
			for _, from := range []string{base, base + "/want"} {
				if err := os.CopyFS(dir, os.DirFS("../../testdata/"+from)); err != nil {
					t.Fatal(err)
				}
			}
			write(t, filepath.Join(dir, "topology.yaml"), read(t, filepath.Join(example, "topology.yaml")))
			for _, args := range [][]string{{"validate", "--fail-on", "info", "-o", t.TempDir()}, {"render", "--verify"}, {"lint", "clusters"}} {
				if got := inProcess(t, dir, "", args...); got.code != exitOK {
					t.Fatalf("meshtopo %s exits with %d:\n%s%s", args[0], got.code, got.out, got.err)
				}
			}
			if os.Getenv("UPDATE") != "" {
				if err := errors.Join(os.RemoveAll(filepath.Join(example, "want")), os.CopyFS(filepath.Join(example, "want", "clusters"), os.DirFS(filepath.Join(dir, "clusters")))); err != nil {
					t.Fatal(err)
				}
			}
			got, want := contents(t, dir), contents(t, filepath.Join(example, "want"))
			for path := range maps.Keys(got) {
				if got[path] != want[path] {
					t.Errorf("%s is not what it was; UPDATE=1 writes what is rendered now", path)
				}
			}
			if len(got) != len(want) {
				t.Errorf("there are %d files, want %d", len(got), len(want))
			}
		})
	}
}
