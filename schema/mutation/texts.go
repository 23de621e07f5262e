package mutation

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
)

// Texts are the files in which mistakes are made, by CLUSTER/FILE.
type Texts struct {
	T       *testing.T
	Name    string // of the example that the files are of
	Files   map[string]string
	Before  map[string]string // what nobody has mutated yet
	Compare func()            // has them compared with the topology of the example
	outer   *Texts            // where this is what a Secret in one of its files holds
}

// Line gives the number of the line at which the only text of its kind begins, or without a
// text, of the only line that was mutated.
func (g *Texts) Line(file, text string) (int, error) {
	lines := strings.Split(g.Files[file], "\n")
	if text == "" {
		from, to := changed(strings.Split(g.Before[file], "\n"), lines)
		if to-from != 1 {
			return 0, fmt.Errorf("lines %d to %d of %s were mutated: say which is meant", from+1, to, file)
		}
		return from + 1, nil
	}
	all := "\n" + g.Files[file] + "\n"
	if n := strings.Count(all, text); n != 1 {
		return 0, fmt.Errorf("%s has %q %d times:\n%s", file, text, n, g.Files[file])
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

// Mistake is made in a file, or in several.
type Mistake func(g *Texts, file string)

// edit replaces the text of a file.
func (g *Texts) edit(file string, f func(text string) string) {
	g.T.Helper()
	text, ok := g.Files[file]
	if !ok {
		g.T.Fatalf("%s has no %s", g.Name, file)
	}
	g.Files[file] = f(text)
	if g.Files[file] == text {
		g.T.Fatalf("%s is as it was", file)
	}
}

// replaced replaces a text that must be there once.
func (g *Texts) replaced(text, old, new string) string {
	g.T.Helper()
	if n := strings.Count(text, old); n != 1 {
		g.T.Fatalf("%q occurs %d times in\n%s", old, n, text)
	}
	return strings.Replace(text, old, new, 1)
}

// Turn replaces a text that is there once.
func Turn(old, new string) Mistake {
	return func(g *Texts, file string) {
		g.edit(file, func(text string) string { return g.replaced(text, old, new) })
	}
}

// Everywhere replaces a text in all files of the example that have it.
func Everywhere(old, new string) Mistake { return EverywhereIn("", old, new) }

// Cut deletes the line that has a text, and all that is below it.
func Cut(text string) Mistake {
	return func(g *Texts, file string) {
		at, err := g.Line(file, text)
		if err != nil {
			g.T.Fatal(err)
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

// Add writes lines behind the line that has a text.
func Add(text, lines string) Mistake {
	return func(g *Texts, file string) {
		at, err := g.Line(file, text)
		if err != nil {
			g.T.Fatal(err)
		}
		g.edit(file, func(text string) string {
			return strings.Join(slices.Insert(strings.Split(text, "\n"), at, strings.Split(lines, "\n")...), "\n")
		})
	}
}

// All makes several mistakes that are one.
func All(mistakes ...Mistake) Mistake {
	return func(g *Texts, file string) {
		for _, c := range mistakes {
			c(g, file)
		}
	}
}

// In makes a mistake in another file.
func In(file string, c Mistake) Mistake { return func(g *Texts, _ string) { c(g, file) } }

// Deleted deletes a file.
func Deleted(g *Texts, file string) {
	if _, ok := g.Files[file]; !ok {
		g.T.Fatalf("%s has no %s", g.Name, file)
	}
	delete(g.Files, file)
}

// Without deletes the document of a file that has a text.
func Without(text string) Mistake {
	return func(g *Texts, file string) {
		g.edit(file, func(whole string) string {
			const mark = "\n---\n"
			documents := strings.Split(whole, mark)
			kept := slices.DeleteFunc(slices.Clone(documents), func(d string) bool { return strings.Contains("\n"+d+"\n", text) })
			if len(kept) != len(documents)-1 {
				g.T.Fatalf("%d documents of %s have %q", len(documents)-len(kept), file, text)
			}
			return strings.TrimSuffix(strings.Join(kept, mark), "\n") + "\n"
		})
	}
}

// Compared makes a mistake in manifests that are compared with the topology.
func Compared(c Mistake) Mistake {
	return func(g *Texts, file string) {
		g.Compare()
		c(g, file)
	}
}

// EverywhereIn replaces a text in all files of a cluster that have it.
func EverywhereIn(dir, old, new string) Mistake {
	return func(g *Texts, _ string) {
		for name, text := range g.Files {
			if strings.HasPrefix(name, dir) {
				g.Files[name] = strings.ReplaceAll(text, old, new)
			}
		}
	}
}

// Joined moves the documents of another file of the cluster to the end of the mutated one.
func Joined(other string) Mistake {
	return func(g *Texts, file string) {
		other = path.Join(strings.Split(file, "/")[0], other)
		g.Files[file] += "---\n" + g.Files[other]
		delete(g.Files, other)
	}
}

// Copied copies another file.
func Copied(other string) Mistake {
	return func(g *Texts, file string) { g.Files[file] = g.Files[other] }
}

// Listed lists the file, CLUSTER/LAYER/NAME, in the kustomization of its layer.
func Listed(g *Texts, file string) {
	parts := strings.SplitN(file, "/", 3)
	Add("resources:", "- "+parts[2])(g, parts[0]+"/"+parts[1]+"/kustomization.yaml")
}

// WithoutCluster deletes all files of the cluster.
func WithoutCluster(g *Texts, file string) {
	cluster, _, _ := strings.Cut(file, "/")
	maps.DeleteFunc(g.Files, func(name, _ string) bool { return strings.HasPrefix(name, cluster+"/") })
}

// MovedTo gives the directory of the cluster another name.
func MovedTo(cluster string) Mistake {
	return func(g *Texts, file string) {
		old, _, _ := strings.Cut(file, "/")
		for name, text := range maps.Clone(g.Files) {
			if rest, ok := strings.CutPrefix(name, old+"/"); ok {
				delete(g.Files, name)
				g.Files[cluster+"/"+rest] = text
			}
		}
	}
}

// ReplacedAll replaces a text wherever it is.
func ReplacedAll(old, new string) Mistake {
	return func(g *Texts, file string) {
		g.edit(file, func(text string) string { return strings.ReplaceAll(text, old, new) })
	}
}
