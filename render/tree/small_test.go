package tree

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// small makes the tree of two clusters. edition is what the topology says in their namespaces and certificates.
func small(edition string) *Tree {
	const owner = "shop"
	files := []File{{Path: "clusters/README.md", Body: [][]byte{[]byte("<!-- " + Marker(owner) + " -->\nThe fleet.\n")}}}
	for _, pair := range [][2]string{{"a", "b"}, {"b", "a"}} {
		dir := "clusters/" + pair[0] + "/"
		own := []File{
			{Path: dir + "1-prepare/namespace.yaml", Body: yaml(owner, "network: "+edition+"\nlast: line\n")},
			{Path: dir + "2-secrets/cacerts.yaml", Body: yaml(owner, "ca-key.pem: "+edition+"\n"), Private: true},
			{Path: dir + "2-secrets/kustomization.yaml", Body: yaml(owner, "resources: [cacerts.yaml]\n")},
			{Path: dir + "2-secrets/remote-secrets/" + pair[1] + ".yaml", Body: yaml(owner, "token: t\n"), Private: true},
			{Path: dir + "README.md", Body: [][]byte{[]byte("<!-- " + Marker(owner) + " -->\nOne cluster.\n")}},
		}
		files = append(append(files, own...), Sum(owner, pair[0], own))
	}
	return newTree(owner, files...)
}

// without returns the tree without the files whose path has the prefix.
func without(t *Tree, prefix string) *Tree {
	rest := &Tree{Owner: t.Owner}
	for _, f := range t.Files {
		if !strings.HasPrefix(f.Path, prefix) {
			rest.Files = append(rest.Files, f)
		}
	}
	return rest
}

// with returns the tree with one file more, or another of that path.
func with(t *Tree, f File) *Tree {
	return newTree(t.Owner, append(without(t, f.Path).Files, f)...)
}

// unknown returns the tree with the content of the private files not known.
func unknown(t *Tree) *Tree {
	rest := &Tree{Owner: t.Owner}
	for _, f := range t.Files {
		if f.Private {
			f.Body, f.Unknown = nil, true
		}
		rest.Files = append(rest.Files, f)
	}
	return rest
}

// ground is an output directory that a test works on by hand.
type ground struct {
	t    *testing.T
	path string
}

// rendered makes an output directory that holds the tree.
func rendered(t *testing.T, want *Tree) ground {
	g := ground{t, t.TempDir()}
	apply(t, g.path, want)
	return g
}

func (g ground) at(path string) string { return filepath.Join(g.path, filepath.FromSlash(path)) }

func (g ground) must(err error) {
	g.t.Helper()
	if err != nil {
		g.t.Fatal(err)
	}
}

func (g ground) read(path string) string {
	g.t.Helper()
	data, err := os.ReadFile(g.at(path))
	g.must(err)
	return string(data)
}

func (g ground) write(path, content string) {
	g.t.Helper()
	g.must(os.MkdirAll(filepath.Dir(g.at(path)), 0o755))
	g.must(os.WriteFile(g.at(path), []byte(content), 0o644))
}

func (g ground) edit(path, old, new string) {
	g.t.Helper()
	before := g.read(path)
	after := strings.ReplaceAll(before, old, new)
	if before == after {
		g.t.Fatalf("%s has no %q to edit", path, old)
	}
	g.write(path, after)
}

func (g ground) remove(path string) {
	g.t.Helper()
	g.must(os.RemoveAll(g.at(path)))
}

func (g ground) symlink(target, path string) {
	g.t.Helper()
	g.must(os.MkdirAll(filepath.Dir(g.at(path)), 0o755))
	g.must(os.Symlink(target, g.at(path)))
}

// everything lists what is below the output directory, apart from our own state: type, mode, time and digest.
func (g ground) everything() string {
	g.t.Helper()
	var list strings.Builder
	g.must(filepath.Walk(g.path, func(path string, info os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		if info.Name() == stateDir {
			return filepath.SkipDir
		}
		if path == g.path { // its time is that of the state directory's arrival
			return nil
		}
		fmt.Fprintln(&list, strings.TrimPrefix(path, g.path), info.Mode(), info.ModTime().UnixNano())
		if info.Mode().IsRegular() {
			data, err := os.ReadFile(path)
			fmt.Fprintln(&list, digest([][]byte{data}))
			return err
		}
		return nil
	}))
	return list.String()
}

// untouched checks that everything is as it was before.
func (g ground) untouched(before string) {
	g.t.Helper()
	if after := g.everything(); after != before {
		g.t.Errorf("Apply changed\n%sinto\n%s", before, after)
	}
}

// diff returns the changes as the diff command would list them.
func (g ground) diff(want *Tree) string {
	g.t.Helper()
	return g.diffIn(want, nil)
}

func (g ground) diffIn(want *Tree, scope Scope) string {
	g.t.Helper()
	changes, err := Diff(open(g.t, g.path), want, scope)
	if err != nil {
		g.t.Fatalf("Diff: %v", err)
	}
	return listing(changes)
}

func listing(changes []Change) string {
	var list strings.Builder
	for _, c := range changes {
		fmt.Fprintf(&list, "%s %s", c.Kind, c.Path)
		if c.Private {
			list.WriteString(" (private)")
		}
		if c.Unknown {
			list.WriteString(" (unknown)")
		}
		list.WriteString("\n")
	}
	return list.String()
}

// settled checks that nothing is left to do and nothing of a render lies about.
func (g ground) settled(want *Tree) {
	g.t.Helper()
	if left := g.diff(want); left != "" {
		g.t.Errorf("after Apply, Diff =\n%swant nothing", left)
	}
	for _, name := range []string{journalFile, stageDir, holderFile} {
		if _, err := os.Lstat(g.at(name)); err == nil {
			g.t.Errorf("%s is still there", name)
		}
	}
}
