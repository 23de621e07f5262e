package main

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"meshtopo.dev/meshtopo/cmd/internal/files"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/lint"
	"meshtopo.dev/meshtopo/schema/loader"
)

// golden is the manifests that an example renders to, by CLUSTER/FILE.
type golden struct {
	t        *testing.T
	example  string
	files    map[string]string
	before   map[string]string // what nobody has mutated yet
	topology *schema.Topology  // that the manifests are compared with, or nil
	outer    *golden           // of the files, where this is what a Secret in one of them holds
}

func readGolden(t *testing.T, example string) *golden {
	t.Helper()
	g := &golden{t: t, example: example, files: map[string]string{}}
	dir := filepath.Join("../../testdata", example, "want", "clusters")
	files, err := filepath.Glob(filepath.Join(dir, "*", "*", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s has %d manifests: %v", example, len(files), err)
	}
	secrets, err := filepath.Glob(filepath.Join(dir, "*", "*", "*", "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, secrets...) {
		name, err := filepath.Rel(dir, file)
		if err != nil {
			t.Fatal(err)
		}
		g.files[filepath.ToSlash(name)] = read(t, file)
	}
	g.before = maps.Clone(g.files)
	return g
}

// lint gives what is found in the manifests, each directory being a cluster.
func (g *golden) lint(t *testing.T) []*diag.Diagnostic {
	t.Helper()
	in := lint.Input{Now: time.Now(), Topology: g.topology}
	for _, name := range slices.Sorted(maps.Keys(g.files)) {
		cluster, _, below := strings.Cut(name, "/")
		if !below {
			continue // the topology
		}
		file := lint.File{Name: name, Read: func() ([]byte, error) { return []byte(g.files[name]), nil }}
		if n := len(in.Clusters); n > 0 && in.Clusters[n-1].Cluster == cluster {
			in.Clusters[n-1].Files = append(in.Clusters[n-1].Files, file)
			continue
		}
		in.Clusters = append(in.Clusters, lint.Source{Cluster: cluster, Files: []lint.File{file}})
	}
	found, err := lint.Run(in)
	if err != nil {
		t.Fatal(err)
	}
	return found.Sorted()
}

// digest identifies the manifests, and the topology that they are compared with.
func (g *golden) digest() (sum [sha256.Size]byte) {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(g.files)) {
		fmt.Fprintf(h, "%q %q\n", name, g.files[name])
	}
	h.Sum(sum[:0])
	return sum
}

// compare has the manifests compared with the topology of the example.
func (g *golden) compare() {
	g.t.Helper()
	src, err := files.OpenTopology([]string{filepath.Join("../../testdata", g.example)}, nil)
	if err != nil {
		g.t.Fatal(err)
	}
	defer src.Close()
	if g.topology, _, err = load(src, loader.Input{}); err != nil || g.topology == nil {
		g.t.Fatal("the topology is wrong: ", err)
	}
	for _, file := range src.Files {
		if path.Ext(file) == ".yaml" {
			g.files[file] = read(g.t, filepath.Join("../../testdata", g.example, file))
		}
	}
}

// line gives the number of the line at which the only text of its kind begins, or without a text, of the only line that was mutated.
func (g *golden) line(file, text string) (int, error) {
	lines := strings.Split(g.files[file], "\n")
	if text == "" {
		from, to := changed(strings.Split(g.before[file], "\n"), lines)
		if to-from != 1 {
			return 0, fmt.Errorf("lines %d to %d of %s were mutated: say which is meant", from+1, to, file)
		}
		return from + 1, nil
	}
	all := "\n" + g.files[file] + "\n"
	if n := strings.Count(all, text); n != 1 {
		return 0, fmt.Errorf("%s has %q %d times:\n%s", file, text, n, g.files[file])
	}
	at := strings.Index(all, text)
	return strings.Count(all[:at+len(text)-len(strings.TrimLeft(text, "\n"))], "\n"), nil
}

// changed gives the lines of b, from the first to behind the last, that are not those of a.
func changed(a, b []string) (from, to int) {
	for from < min(len(a), len(b)) && a[from] == b[from] {
		from++
	}
	to = len(b)
	for end := len(a); end > from && to > from && a[end-1] == b[to-1]; end-- {
		to--
	}
	return from, to
}

// mistake is made in a file, or in several.
type mistake func(g *golden, file string)

// edit replaces the text of a file.
func (g *golden) edit(file string, f func(text string) string) {
	g.t.Helper()
	text, ok := g.files[file]
	if !ok {
		g.t.Fatalf("%s has no %s", g.example, file)
	}
	g.files[file] = f(text)
	if g.files[file] == text {
		g.t.Fatalf("%s is as it was", file)
	}
}

// replaced replaces a text that must be there once.
func (g *golden) replaced(text, old, new string) string {
	g.t.Helper()
	if n := strings.Count(text, old); n != 1 {
		g.t.Fatalf("%q occurs %d times in\n%s", old, n, text)
	}
	return strings.Replace(text, old, new, 1)
}

// turn replaces a text that is there once.
func turn(old, new string) mistake {
	return func(g *golden, file string) {
		g.edit(file, func(text string) string { return g.replaced(text, old, new) })
	}
}

// everywhere replaces a text in all files of the example that have it.
func everywhere(old, new string) mistake {
	return func(g *golden, _ string) {
		for name, text := range g.files {
			g.files[name] = strings.ReplaceAll(text, old, new)
		}
	}
}

// cut deletes the line that has a text, and all that is below it.
func cut(text string) mistake {
	return func(g *golden, file string) {
		at, err := g.line(file, text)
		if err != nil {
			g.t.Fatal(err)
		}
		g.edit(file, func(text string) string {
			lines := strings.Split(text, "\n")
			end, depth := at, indent(lines[at-1])
			for end < len(lines) && (indent(lines[end]) > depth || isItem(lines[end], depth) && !isItem(lines[at-1], depth)) {
				end++
			}
			return strings.Join(slices.Delete(lines, at-1, end), "\n")
		})
	}
}

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// isItem reports whether a line begins an item of a list, which may stand below its key without being indented.
func isItem(line string, depth int) bool {
	return indent(line) == depth && strings.HasPrefix(line[depth:], "- ")
}

// add writes lines behind the line that has a text.
func add(text, lines string) mistake {
	return func(g *golden, file string) {
		at, err := g.line(file, text)
		if err != nil {
			g.t.Fatal(err)
		}
		g.edit(file, func(text string) string {
			return strings.Join(slices.Insert(strings.Split(text, "\n"), at, strings.Split(lines, "\n")...), "\n")
		})
	}
}

// all makes several changes of one mistake.
func all(changes ...mistake) mistake {
	return func(g *golden, file string) {
		for _, c := range changes {
			c(g, file)
		}
	}
}

// in makes a change in another file.
func in(file string, c mistake) mistake { return func(g *golden, _ string) { c(g, file) } }

// deleted deletes a file.
func deleted(g *golden, file string) {
	if _, ok := g.files[file]; !ok {
		g.t.Fatalf("%s has no %s", g.example, file)
	}
	delete(g.files, file)
}

// object adds an object in a file of its own.
func object(text string) mistake { return func(g *golden, file string) { g.files[file] = text } }

// compared makes a change in manifests that are compared with the topology.
func compared(c mistake) mistake {
	return func(g *golden, file string) {
		g.compare()
		c(g, file)
	}
}

// everywhereIn replaces a text in all files of a cluster that have it.
func everywhereIn(dir, old, new string) mistake {
	return func(g *golden, _ string) {
		for name, text := range g.files {
			if strings.HasPrefix(name, dir) {
				g.files[name] = strings.ReplaceAll(text, old, new)
			}
		}
	}
}

// joined moves the documents of another file of the cluster to the end of the mutated one.
func joined(other string) mistake {
	return func(g *golden, file string) {
		other = path.Join(strings.Split(file, "/")[0], other)
		g.files[file] += "---\n" + g.files[other]
		delete(g.files, other)
	}
}

// copied copies another file.
func copied(other string) mistake {
	return func(g *golden, file string) { g.files[file] = g.files[other] }
}

// withoutCluster deletes all files of the cluster.
func withoutCluster(g *golden, file string) {
	cluster, _, _ := strings.Cut(file, "/")
	maps.DeleteFunc(g.files, func(name, _ string) bool { return strings.HasPrefix(name, cluster+"/") })
}

// movedTo gives the directory of the cluster another name.
func movedTo(cluster string) mistake {
	return func(g *golden, file string) {
		old, _, _ := strings.Cut(file, "/")
		for name, text := range maps.Clone(g.files) {
			if rest, ok := strings.CutPrefix(name, old+"/"); ok {
				delete(g.files, name)
				g.files[cluster+"/"+rest] = text
			}
		}
	}
}
