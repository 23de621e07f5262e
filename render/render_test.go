package render

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
	"meshtopo.dev/meshtopo/render/secret"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/loader"
)

// now is the clock of the tests: the examples' material is valid then.
var now = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// examples gives the directories of the bundled examples.
func examples(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("../testdata/*/topology.*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples in ../testdata: %v", err)
	}
	var dirs []string
	for _, file := range files {
		dirs = append(dirs, filepath.Dir(file))
	}
	return dirs
}

// eachExample runs a test for each bundled example.
func eachExample(t *testing.T, test func(t *testing.T, dir string)) {
	for _, dir := range examples(t) {
		t.Run(filepath.Base(dir), func(t *testing.T) { test(t, dir) })
	}
}

// load loads an example.
func load(t testing.TB, dir string) (*schema.Topology, *secret.Store) {
	t.Helper()
	file := "topology.yaml"
	if _, err := os.Stat(filepath.Join(dir, file)); err != nil {
		file = "." // a CUE package
	}
	return loadFS(t, os.DirFS(dir), file)
}

// loadFS loads a topology that has to be right.
func loadFS(t testing.TB, fsys fs.FS, file string) (*schema.Topology, *secret.Store) {
	t.Helper()
	store := secret.NewStore(fsys, func(string) (string, bool) { return "", false })
	topology, found, err := loader.Load(loader.Input{FS: fsys, Files: []string{file}, Material: store, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range found.Sorted() {
		t.Logf("%s:%d:%d: %s: %s [%s]", d.Pos.File, d.Pos.Line, d.Pos.Col, d.Severity, d.Message, d.Code)
	}
	if topology == nil {
		t.Fatalf("Load(%q) gives no topology", file)
	}
	return topology, store
}

// render renders a topology that has to be rendered without an error.
func render(t testing.TB, topology *schema.Topology, store *secret.Store) tree.Tree {
	t.Helper()
	rendered, err := NewPlan(topology, store).Render()
	if err != nil {
		t.Fatal(err)
	}
	return rendered
}

// contents gives the files of a tree by path.
func contents(rendered tree.Tree) map[string]string {
	files := map[string]string{}
	for _, f := range rendered.Files {
		files[f.Path] = string(bytes.Join(f.Body, nil))
	}
	return files
}

// TestExamples compares what each example gives with the tree beside it. UPDATE=1 rewrites the tree.
func TestExamples(t *testing.T) {
	eachExample(t, func(t *testing.T, dir string) {
		topology, store := load(t, dir)
		want := render(t, topology, store)
		have, err := tree.Open(filepath.Join(dir, "want"))
		if err != nil {
			t.Fatal(err)
		}
		defer have.Close()
		if os.Getenv("UPDATE") != "" {
			if _, err := tree.Apply(context.Background(), have, &want, nil, nil); err != nil {
				t.Fatal(err)
			}
			os.RemoveAll(filepath.Join(dir, "want", ".meshtopo"))
			return
		}
		changes, err := tree.Diff(have, &want, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range changes {
			t.Errorf("%s is %s; UPDATE=1 go test ./render writes what is rendered now", c.Path, c.Kind)
		}
	})
}

// TestCUEPackageIsTheSameMesh proves that the notation makes no difference.
func TestCUEPackageIsTheSameMesh(t *testing.T) {
	yaml := contents(renderExample(t, "../testdata/two-clusters"))
	cue := contents(renderExample(t, "../testdata/two-clusters-cue"))
	if !maps.Equal(yaml, cue) {
		t.Errorf("two-clusters and two-clusters-cue give different trees: %s", differing(yaml, cue))
	}
}

// renderExample renders a bundled example.
func renderExample(t testing.TB, dir string) tree.Tree {
	t.Helper()
	topology, store := load(t, dir)
	return render(t, topology, store)
}

// differing names the files that differ.
func differing(a, b map[string]string) []string {
	var paths []string
	for path := range a {
		if a[path] != b[path] {
			paths = append(paths, path)
		}
	}
	for path := range b {
		if _, ok := a[path]; !ok {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

// TestDeterminism renders each example several times, with maps in other orders and on one thread.
func TestDeterminism(t *testing.T) {
	eachExample(t, func(t *testing.T, dir string) {
		first := contents(renderExample(t, dir))
		for range 3 {
			if again := contents(renderExample(t, dir)); !maps.Equal(first, again) {
				t.Fatalf("rendered again, these differ: %s", differing(first, again))
			}
		}
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
		if again := contents(renderExample(t, dir)); !maps.Equal(first, again) {
			t.Errorf("on one thread these differ: %s", differing(first, again))
		}
	})
}

// TestPlanRendersTwice proves that a plan keeps no state of its first run.
func TestPlanRendersTwice(t *testing.T) {
	topology, store := load(t, "../testdata/mixed")
	plan := NewPlan(topology, store)
	first, err := plan.Render()
	if err != nil {
		t.Fatal(err)
	}
	second, err := plan.Render()
	if err != nil {
		t.Fatal(err)
	}
	if a, b := contents(first), contents(second); !maps.Equal(a, b) {
		t.Errorf("the second run differs in %s", differing(a, b))
	}
}

// TestFiles checks what every file of every tree has.
func TestFiles(t *testing.T) {
	eachExample(t, func(t *testing.T, dir string) {
		rendered := renderExample(t, dir)
		for i, f := range rendered.Files {
			text := string(bytes.Join(f.Body, nil))
			first, _, _ := strings.Cut(text, "\n")
			if !strings.Contains(first, tree.Marker(rendered.Owner)) {
				t.Errorf("%s opens with %q, want the marker", f.Path, first)
			}
			if strings.Contains(text, "\r") || !strings.HasSuffix(text, "\n") || strings.HasSuffix(text, "\n\n") {
				t.Errorf("%s: want LF everywhere and one at the end", f.Path)
			}
			for number, line := range strings.Split(text, "\n") {
				if line != strings.TrimRight(line, " \t") {
					t.Errorf("%s:%d: white space at the end of the line", f.Path, number+1)
				}
			}
			if i > 0 && rendered.Files[i-1].Path >= f.Path {
				t.Errorf("%s comes after %s", f.Path, rendered.Files[i-1].Path)
			}
			if want := strings.Contains(text, "\nkind: Secret\n") && strings.Contains(f.Path, "/2-secrets/"); f.Private != want {
				t.Errorf("%s: Private = %v, want %v", f.Path, f.Private, want)
			}
		}
	})
}

// TestSecretsStayInPrivateFiles looks for the material of every example in the files that are not marked private,
// plain and in base64.
func TestSecretsStayInPrivateFiles(t *testing.T) {
	eachExample(t, func(t *testing.T, dir string) {
		topology, store := load(t, dir)
		var material []string
		for _, c := range topology.Clusters {
			if c.Intermediate != nil && c.Secrets.Protection.HoldsMaterial() {
				material = append(material, needles(t, store, c.Intermediate.Key)...)
			}
			if c.Credential != nil && c.State == schema.Active {
				material = append(material, needles(t, store, c.Credential.Private)...)
			}
		}
		for _, f := range render(t, topology, store).Files {
			if f.Private {
				continue
			}
			for _, needle := range material {
				if strings.Contains(string(bytes.Join(f.Body, nil)), needle) {
					t.Errorf("%s holds private material and is not marked private", f.Path)
				}
			}
		}
	})
}

// needles are the lines of private material that tell it, and the same in base64.
func needles(t *testing.T, store *secret.Store, place schema.Private) []string {
	t.Helper()
	material, err := store.Private(place)
	if err != nil {
		t.Fatal(err)
	}
	needles := []string{encode(material)[:60]}
	for _, line := range strings.Split(string(material), "\n") {
		if len(line) > 40 && !strings.Contains(line, " ") {
			needles = append(needles, line)
		}
	}
	return needles
}

// TestMissingMaterial renders without any private file: everything else is as with them.
func TestMissingMaterial(t *testing.T) {
	const dir = "../testdata/mixed"
	with := renderExample(t, dir)
	topology, store := loadFS(t, publicOnly{os.DirFS(dir)}, "topology.yaml")
	without := render(t, topology, store)
	if len(with.Files) != len(without.Files) {
		t.Fatalf("%d files with the material, %d without", len(with.Files), len(without.Files))
	}
	for i, f := range without.Files {
		complete := with.Files[i]
		switch {
		case f.Path != complete.Path:
			t.Fatalf("file %d is %s, want %s", i, f.Path, complete.Path)
		case f.Unknown != complete.Private || f.Private != complete.Private:
			t.Errorf("%s: Unknown = %v, Private = %v; want both %v", f.Path, f.Unknown, f.Private, complete.Private)
		case f.Unknown && (namedIn(t, f) != namedIn(t, complete) || bytes.Count(bytes.Join(f.Body, nil), []byte("\n")) != 4):
			t.Errorf("%s is unknown and has a body that does not only name its Secret:\n%s", f.Path, bytes.Join(f.Body, nil))
		case !f.Unknown && !bytes.Equal(bytes.Join(f.Body, nil), bytes.Join(complete.Body, nil)):
			t.Errorf("%s differs without the private material", f.Path)
		}
	}
}

// objectName is what tells an object of a cluster from another.
type objectName struct {
	Kind     string
	Metadata struct{ Name, Namespace string }
}

func namedIn(t *testing.T, f tree.File) (named objectName) {
	if err := yaml.Unmarshal(bytes.Join(f.Body, nil), &named); err != nil {
		t.Fatal(err)
	}
	return named
}

// publicOnly hides keys and tokens.
type publicOnly struct{ fs.FS }

func (p publicOnly) Open(name string) (fs.File, error) {
	if strings.HasSuffix(name, "ca-key.pem") || strings.HasPrefix(name, "tokens/") {
		return nil, fmt.Errorf("open %s: %w", name, fs.ErrNotExist)
	}
	return p.FS.Open(name)
}

// TestSharedSecrets proves that readers share the bytes of a remote Secret instead of holding copies.
func TestSharedSecrets(t *testing.T) {
	bodies := map[string][][]byte{}
	for _, f := range renderExample(t, "../testdata/mixed").Files {
		_, name, ok := strings.Cut(f.Path, "/remote-secrets/")
		if !ok {
			continue
		}
		for i, piece := range bodies[name] {
			if &piece[0] != &f.Body[i][0] {
				t.Errorf("%s holds a copy of piece %d", f.Path, i)
			}
		}
		bodies[name] = f.Body
	}
	if len(bodies) == 0 {
		t.Error("there are no remote Secrets")
	}
}
