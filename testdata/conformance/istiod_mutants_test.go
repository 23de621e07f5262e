package conformance

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A mutant is a mistake in the manifests of an example, or in its topology, as a table in cmd/meshtopo has it. Its test
// there proves that the codes are found, and nothing else.
type mutant struct {
	Name     string
	Example  string
	Codes    []string
	Files    map[string]*string // that are not as rendered, by CLUSTER/FILE: what they are instead, or null
	Topology map[string]*string // the same, of the topology and the files that it names
}

// mutants has the tests of cmd/meshtopo make every mistake of the tables.
func mutants(t *testing.T) []*mutant {
	t.Helper()
	dir := t.TempDir()
	tables := exec.Command("go", "-C", "../..", "test", "-count=1", "-run", "^(TestMutations|TestMutatedTopologies)$", "./cmd/meshtopo")
	tables.Env = append(os.Environ(), "MUTANTS="+dir)
	output(t, tables)
	var all []*mutant
	for _, file := range files(t, dir) {
		m := &mutant{}
		if err := json.Unmarshal(read(t, filepath.Join(dir, file)), m); err != nil {
			t.Fatal(err)
		}
		if exampleNamed(t, m.Example).plain() { // in others istiod finds no Secrets
			all = append(all, m)
		}
	}
	slices.SortFunc(all, func(a, b *mutant) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// world gives the mesh in which the mutant is applied.
func (m *mutant) world(t *testing.T, code string) *world {
	t.Helper()
	if len(m.Files) == 0 {
		return m.topologyWorld(t, code)
	}
	e := exampleNamed(t, m.Example)
	tree := unspoiltTree(t, e, code)
	changeFiles(t, tree, m.Files)
	return newWorld(t, e, tree)
}

// changeFiles makes files below a directory what they are in a mutant.
func changeFiles(t *testing.T, dir string, to map[string]*string) {
	t.Helper()
	for name, text := range to {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if text == nil {
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(*text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func exampleNamed(t *testing.T, name string) *example {
	t.Helper()
	all, err := examples()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		if e.name == name {
			return e
		}
	}
	t.Fatalf("no example is named %s", name)
	return nil
}

// copyTree gives a tree that a test may spoil.
func copyTree(t *testing.T, tree string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(tree)); err != nil {
		t.Fatal(err)
	}
	return to
}
