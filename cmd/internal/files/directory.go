package files

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/cmd/internal/guess"
	"meshtopo.dev/meshtopo/cmd/internal/usage"
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/lint"
)

// addDirectory adds the clusters in the directory clusters of a directory, or those that it is guessed to hold.
func (m *Manifests) addDirectory(dir string) error {
	top := filepath.Join(dir, layout.Top)
	switch {
	case filepath.Base(RealDir(dir)) == layout.Top:
		return m.addClusters(dir)
	case !IsDir(top):
		return m.addGuessed(dir)
	}
	beside, inside := mentioning(dir, layout.Top), mentioning(top, "")
	isCluster := func(name string) bool { return IsDir(filepath.Join(top, name)) }
	if len(beside)+len(inside) > 0 && !slices.ContainsFunc(inside, isCluster) {
		d := m.Guessed.Add(diag.Pos{File: filepath.ToSlash(top)}, guess.Guessed, "no directory in this one has manifests of Istio, so that all of %s is read", path.Clean(filepath.ToSlash(dir)))
		d.Fix = "name the directories of the clusters"
		return m.addGuessed(dir)
	}
	if err := m.addClusters(top); err != nil {
		return err
	}
	if len(beside) > 0 && !isRendered(top) {
		m.Guessed.Add(diag.Pos{File: filepath.ToSlash(dir)}, guess.Beside, "the clusters are in the directory %s; %s, and what is there is not read", layout.Top, have(beside))
	}
	return nil
}

// have says that files or directories have something of Istio.
func have(names []string) string {
	verb := " has"
	if len(names) > 1 {
		verb = " have"
	}
	return diag.Few(names) + verb + " manifests of Istio"
}

// isRendered reports whether meshtopo rendered the clusters in a directory. What stands beside it is what they were
// rendered from.
func isRendered(top string) bool {
	sums, _ := filepath.Glob(filepath.Join(top, "*", layout.Sum))
	return len(sums) > 0
}

// searched is in how many files something of Istio is looked for, before it is said that they are not read.
const searched = 1000

// mentioning gives the files and directories in a directory, but for one, that have manifests of Istio.
func mentioning(dir, but string) []string {
	found, _, err := manifestFiles(dir)
	if err != nil {
		return nil
	}
	var names []string
	tried := 0
	for _, f := range found {
		name, _, _ := strings.Cut(f.name, "/")
		if name == but || slices.Contains(names, name) || path.Ext(f.name) == ".json" {
			continue
		}
		if tried++; tried > searched {
			break
		}
		if text, err := f.read(); err == nil && guess.Mentions(text) {
			names = append(names, name)
		}
	}
	return names
}

// addClusters adds the clusters of a directory that holds nothing but clusters.
func (m *Manifests) addClusters(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.ToSlash(dir), reason(err))
	}
	before := len(m.Clusters)
	for _, e := range entries {
		at := filepath.Join(dir, e.Name())
		if !IsDir(at) || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		added, err := m.addCluster(at)
		switch {
		case usage.Is(err):
			return err
		case err != nil:
			m.addUnreadable(at, err)
		case !added:
			m.say("%s has no manifests and is passed over", filepath.ToSlash(at))
		}
	}
	if len(m.Clusters) == before {
		return usage.Errorf("no cluster in %s: none of its directories has a .yaml, .yml or .json file", filepath.ToSlash(dir))
	}
	return nil
}

// addGuessed adds the clusters that a directory is guessed to hold, or itself as one.
func (m *Manifests) addGuessed(dir string) error {
	before := len(m.Clusters)
	added, err := m.addCluster(dir)
	if err == nil && !added {
		err = noManifests(dir)
	}
	if err != nil {
		return err
	}
	g := &guessedDir{dir: dir, whole: m.Clusters[before]}
	m.guesses = append(m.guesses, g)
	m.Clusters = append(m.Clusters[:before], m.guess(g, nil)...)
	return nil
}

// guessedDir is a directory whose clusters were guessed.
type guessedDir struct {
	dir   string
	whole lint.Source
	into  []lint.Source
}

// Regroup guesses again, where the names of the clusters are known.
func (m *Manifests) Regroup(names []string) {
	m.Guessed = &diag.List{}
	for _, g := range m.guesses {
		first := slices.IndexFunc(m.Clusters, func(s lint.Source) bool { return s.Files[0].Name == g.into[0].Files[0].Name })
		count := len(g.into)
		m.Clusters = slices.Replace(m.Clusters, first, first+count, m.guess(g, names)...)
	}
}

// guess divides a directory. Known are names that clusters have.
func (m *Manifests) guess(g *guessedDir, known []string) []lint.Source {
	dir := path.Clean(filepath.ToSlash(g.dir))
	var looked []*guess.File
	for _, f := range g.whole.Files {
		if text, err := f.Read(); err == nil { // else lint reports it
			looked = append(looked, guess.Look(strings.TrimPrefix(f.Name, dir+"/"), text))
		}
	}
	slices.SortFunc(looked, func(a, b *guess.File) int { return strings.Compare(a.Path, b.Path) })
	l := guess.Read(looked, known...)
	if g.into = []lint.Source{g.whole}; len(l.Clusters) == 0 {
		return g.into
	}
	g.into = divide(g.whole, l, dir+"/")
	d := m.Guessed.Add(diag.Pos{File: dir}, guess.Guessed, "this directory is read as %s", l)
	if len(l.Rest) > 0 {
		d.Append("; of %s, each object is checked by itself: no name says for which of them it is", diag.Few(l.Rest))
	}
	return g.into
}

// divide makes clusters of one, as was guessed. Each file that is for none in particular is by itself.
func divide(whole lint.Source, l guess.Layout, prefix string) []lint.Source {
	of := map[string]int{}
	var sources []lint.Source
	for i, c := range l.Clusters {
		for _, f := range c.Files {
			of[f] = i
		}
		sources = append(sources, lint.Source{Cluster: c.Called(), Mesh: c.Mesh, Partial: len(l.Rest) > 0})
	}
	for _, f := range whole.Files {
		if i, ok := of[strings.TrimPrefix(f.Name, prefix)]; ok {
			sources[i].Files = append(sources[i].Files, f)
		} else {
			sources = append(sources, lint.Source{Cluster: f.Name, Mesh: f.Name, Partial: true, Files: []lint.File{f}})
		}
	}
	return sources
}
