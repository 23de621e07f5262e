// Package guess says which clusters the manifests below a directory are for, where neither the command line nor a
// directory "clusters" does.
package guess

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"meshtopo.dev/meshtopo/schema/diag"
)

// File is what a manifest says of its cluster.
type File struct {
	Path     string // from the directory, with slashes
	parts    []string
	names    []string
	installs bool
	mentions bool     // something of Istio
	bases    []string // directories whose objects a kustomization changes
}

// Look reads the manifest of a path.
func Look(file string, text []byte) *File {
	names, installs := namesIn(text)
	return &File{file, strings.Split(file, "/"), names, installs, Mentions(text), basesIn(file, text)}
}

// Layout is what the files of a directory are guessed to be.
type Layout struct {
	Clusters []*Cluster
	Rest     []string // the paths of files that have something of Istio and are for no cluster in particular

	rest []*File
}

// Cluster is a cluster, and the files that are for it alone.
type Cluster struct {
	At    string // its directory or its file, or the first of them
	Name  string // the clusterName of its installation
	Mesh  string // the directory or file that keeps it apart from clusters of the same name, or ""
	Files []string

	installs bool // it has an installation, not just the name
}

// Called gives what messages call a cluster: its directory, or the name in its file.
func (c *Cluster) Called() string {
	if c.isFile() {
		return c.Name
	}
	return path.Base(c.At)
}

// isFile reports whether the cluster was found in a file that others are beside.
func (c *Cluster) isFile() bool { return c.At == c.Files[0] }

// String names the clusters, by their meshes where there are several.
func (l Layout) String() string {
	var meshes []string
	names := map[string][]string{}
	for _, c := range l.Clusters {
		if names[c.Mesh] == nil {
			meshes = append(meshes, c.Mesh)
		}
		names[c.Mesh] = append(names[c.Mesh], c.Called())
	}
	if len(meshes) == 1 {
		return fmt.Sprintf("%d clusters, %s", len(l.Clusters), diag.Few(names[meshes[0]]))
	}
	var words []string
	for _, m := range meshes {
		words = append(words, fmt.Sprintf("%s with %s", m, diag.Few(names[m])))
	}
	return fmt.Sprintf("%d meshes: %s", len(meshes), strings.Join(words, "; "))
}

// Read guesses, of files in the order of their paths, by the clusterName of installations. Where there is one name at
// most, all files are one cluster, and the layout has none. Otherwise each directory, or file, that has one name is a
// cluster. Those of one name are the same cluster, unless each has an installation of its own: then they are of meshes
// that are apart, such as those of environments. Where there are installations, only their names count: another one,
// such as in the values of a gateway, may be a mistake in a cluster. A directory with one of the known names is that
// cluster where no file of it says otherwise.
func Read(files []*File, known ...string) Layout {
	dropBases(files)
	dropUninstalled(files)
	nameByDirectory(files, known)
	if len(namesOf(files)) < 2 {
		return Layout{}
	}
	l := Layout{}
	l.Clusters = l.split(files, 0)
	if len(l.Clusters) < 2 {
		return Layout{}
	}
	l.assign()
	return l
}

// dropBases takes the names from the files of bases: kustomizations of clusters put others in their place.
func dropBases(files []*File) {
	bases := map[string]bool{}
	for _, f := range files {
		for _, b := range f.bases {
			bases[b] = true
		}
	}
	if len(bases) == 0 {
		return
	}
	for _, f := range files {
		for dir := path.Dir(f.Path); dir != "."; dir = path.Dir(dir) {
			if bases[dir] {
				f.names = nil
			}
		}
	}
}

// dropUninstalled takes away the names that no installation has, if there are installations.
func dropUninstalled(files []*File) {
	var installed []string
	for _, f := range files {
		if f.installs {
			installed = append(installed, f.names...)
		}
	}
	if len(installed) == 0 {
		return
	}
	for _, f := range files {
		f.names = slices.DeleteFunc(f.names, func(name string) bool { return !slices.Contains(installed, name) })
	}
}

// nameByDirectory gives the files of a directory with a known name, in which no file has a name, that name.
func nameByDirectory(files []*File, known []string) {
	if len(known) == 0 {
		return
	}
	below := map[string][]*File{}
	for _, f := range files {
		for i, part := range f.parts[:len(f.parts)-1] {
			if slices.Contains(known, part) {
				at := strings.Join(f.parts[:i+1], "/")
				below[at] = append(below[at], f)
				break
			}
		}
	}
	for at, inside := range below {
		if len(namesOf(inside)) == 0 {
			for _, f := range inside {
				f.names = []string{path.Base(at)}
			}
		}
	}
}

// namesOf gives the names in all of the files.
func namesOf(files []*File) []string {
	var names []string
	for _, f := range files {
		names = append(names, f.names...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// split gives the clusters of the files of a directory, which is as deep as that.
func (l *Layout) split(files []*File, depth int) []*Cluster {
	var found [][]*Cluster
	for len(files) > 0 {
		n := 1
		for n < len(files) && len(files[0].parts) > depth+1 && len(files[n].parts) > depth+1 && files[n].parts[depth] == files[0].parts[depth] {
			n++
		}
		if below := l.below(files[:n], depth); len(below) > 0 {
			found = append(found, below)
		}
		files = files[n:]
	}
	return join(found)
}

// below gives the clusters of a file or a directory that is as deep as that.
func (l *Layout) below(files []*File, depth int) []*Cluster {
	names := namesOf(files)
	directory := len(files[0].parts) > depth+1
	switch {
	case len(names) == 1:
		c := &Cluster{At: strings.Join(files[0].parts[:depth+1], "/"), Name: names[0]}
		for _, f := range files {
			c.Files, c.installs = append(c.Files, f.Path), c.installs || f.installs
		}
		return []*Cluster{c}
	case len(names) > 1 && directory:
		return l.split(files, depth+1)
	}
	l.rest = append(l.rest, files...)
	return nil
}

// assign gives files whose name has that of one cluster to it, where it is a file beside them. A remote Secret has the
// name of another cluster than its own.
func (l *Layout) assign() {
	for _, f := range l.rest {
		var of []*Cluster
		for _, c := range l.Clusters {
			if c.isFile() && path.Dir(c.At) == path.Dir(f.Path) && hasWord(path.Base(f.Path), c.Name) {
				of = append(of, c)
			}
		}
		switch {
		case len(of) == 1 && !strings.Contains(path.Base(f.Path), "secret"):
			of[0].Files = append(of[0].Files, f.Path)
		case f.mentions:
			l.Rest = append(l.Rest, f.Path)
		}
	}
}

// hasWord reports whether a name of a file has a word, between other signs than letters and digits.
func hasWord(name, word string) bool {
	before, after, ok := strings.Cut(name, word)
	last, _ := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(after)
	return ok && !isAlphanumeric(last) && !isAlphanumeric(first)
}

func isAlphanumeric(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// join puts together what the directories and files beside each other have.
func join(found [][]*Cluster) []*Cluster {
	apart := areApart(found)
	var all []*Cluster
	for _, clusters := range found {
		for _, c := range clusters {
			same := slices.IndexFunc(all, func(other *Cluster) bool { return other.Name == c.Name && other.Mesh == c.Mesh })
			switch {
			case apart && c.Mesh == "":
				c.Mesh = commonDirectory(clusters)
				all = append(all, c)
			case same >= 0 && !apart:
				all[same].Files, all[same].installs = append(all[same].Files, c.Files...), all[same].installs || c.installs
			default:
				all = append(all, c)
			}
		}
	}
	return all
}

// areApart reports whether a cluster of the same name is installed in two of them.
func areApart(found [][]*Cluster) bool {
	installed := map[string]bool{}
	for _, clusters := range found {
		for _, c := range clusters {
			if c.installs && installed[c.Mesh+"/"+c.Name] {
				return true
			}
		}
		for _, c := range clusters {
			installed[c.Mesh+"/"+c.Name] = installed[c.Mesh+"/"+c.Name] || c.installs
		}
	}
	return false
}

// commonDirectory gives the directory that clusters have in common, or the place of the only one.
func commonDirectory(clusters []*Cluster) string {
	common := strings.Split(clusters[0].At, "/")
	for _, c := range clusters[1:] {
		parts := strings.Split(c.At, "/")
		n := 0
		for n < len(common) && n < len(parts) && common[n] == parts[n] {
			n++
		}
		common = common[:n]
	}
	return strings.Join(common, "/")
}
