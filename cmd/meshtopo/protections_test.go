package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestProtectedExamples proves that the trees of the examples with encrypted Secrets are current: what lies there is
// kept, without keys, tokens or sops. UPDATE=1 renders them anew, which takes sops.
func TestProtectedExamples(t *testing.T) {
	for _, name := range []string{"sops", "sealed-secrets"} {
		t.Run(name, func(t *testing.T) {
			example := filepath.Join("../../testdata/protections", name)
			if os.Getenv("UPDATE") != "" {
				if r := inProcess(t, example, "", "render", "-o", "want"); r.code != 0 {
					t.Fatal(r.err)
				}
				_ = os.RemoveAll(filepath.Join(example, "want/.meshtopo"))
			}
			p := &protected{dir: t.TempDir()}
			if err := os.CopyFS(p.dir, os.DirFS(example)); err != nil {
				t.Fatal(err)
			}
			for _, args := range [][]string{{"validate"}, {"diff", "-o", "want"}, {"render", "-o", "want"}, {"render", "-o", "want", "--verify"}, {"lint", "--no-plaintext", "want"}} {
				if r := p.run(t, 0, args...); args[0] == "diff" && r.out != "" || strings.Contains(r.err, "warning") {
					t.Errorf("%s says %s%s", args[0], r.out, r.err)
				}
			}
			p.withoutKeys(t)
			for _, args := range [][]string{{"validate"}, {"diff", "-o", "want"}, {"render", "-o", "want"}} {
				p.run(t, 0, args...)
			}
			if got, want := filesOf(t, filepath.Join(p.dir, "want/clusters")), filesOf(t, filepath.Join(example, "want/clusters")); !slices.Equal(got, want) {
				t.Error("the tree is another one after it was rendered again")
			}
		})
	}
}

// filesOf gives the paths and texts of all files below a directory.
func filesOf(t *testing.T, dir string) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			rel, _ := filepath.Rel(dir, path)
			all = append(all, rel+"\n"+read(t, path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestFunctionsOfProtectedExamples has the function and --stdout give what lies in the tree, and refuse what is not
// current.
func TestFunctionsOfProtectedExamples(t *testing.T) {
	for _, name := range []string{"sops", "sealed-secrets"} {
		t.Run(name, func(t *testing.T) {
			p := &protected{dir: t.TempDir()}
			example := os.DirFS(filepath.Join("../../testdata/protections", name))
			if err := os.CopyFS(p.dir, example); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(p.file("want/clusters"), p.file("clusters")); err != nil {
				t.Fatal(err)
			}
			p.withoutKeys(t)
			const secret = "clusters/cluster-a/2-secrets/cacerts.yaml"
			value := strings.Fields(strings.SplitN(read(t, p.file(secret)), "ca-key.pem:", 2)[1])[0]
			value = strings.Trim(value, `"`)[:60]
			if r := p.run(t, 0, "render", "--stdout"); !strings.Contains(r.out, value) {
				t.Error("--stdout has not what lies in the tree")
			}
			text := read(t, p.file("topology.yaml"))
			list := resourceList(t, text)
			if r := inProcess(t, p.dir, list, "fn", "--cluster", "cluster-a"); r.code != 0 || !strings.Contains(r.out, value) {
				t.Errorf("fn has not what lies in the tree: %s", r.err)
			}
			write(t, p.file("topology.yaml"), strings.Replace(text, "https://198.51.100.1:6443", "https://198.51.100.2:6443", 1))
			if r := p.run(t, 1, "render", "--stdout"); !strings.Contains(r.err, "[stale-ciphertext]") || !strings.Contains(r.err, "meshtopo render") || r.out != "" {
				t.Errorf("--stdout says %s", r.err)
			}
			list = resourceList(t, read(t, p.file("topology.yaml")))
			if r := inProcess(t, p.dir, list, "fn", "--cluster", "cluster-a"); r.code != 1 || !strings.Contains(r.err, "[stale-ciphertext]") {
				t.Errorf("fn says %s", r.err)
			}
			if r := inProcess(t, p.dir, list, "fn", "--cluster", "cluster-a", "--layer", "expose"); r.code != 0 {
				t.Errorf("fn without Secrets says %s", r.err)
			}
		})
	}
}
