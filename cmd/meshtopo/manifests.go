package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/schema/lint"
)

// manifests are the files that lint reads, cluster by cluster.
type manifests struct {
	io       stdio
	clusters []lint.Source
	checked  []string // directories of clusters, and files that were named, from the working directory
	stdin    bool     // has been read
	dirs     []clusterDir
	on       map[string]manifestFile // those that can be rewritten, by how they are called

	unreadable []error // about what the command line names and cannot be read
}

// clusterDir is a directory that is a cluster.
type clusterDir struct{ real, shown string }

// openManifests finds the manifests that the command line names. What cannot be read of it is kept for the end, unless it is all.
func openManifests(args, named []string, io stdio) (*manifests, error) {
	m := &manifests{io: io, on: map[string]manifestFile{}}
	if len(args) == 0 && len(named) == 0 {
		args = []string{"."}
	}
	if err := m.addNamed(named); err != nil {
		return nil, err
	}
	if err := m.addAll(args); err != nil {
		return nil, err
	}
	if len(m.clusters) == 0 {
		return nil, m.complain()
	}
	return m, nil
}

// passOver keeps the reason why something that the command line names cannot be read. It reports false for other errors.
func (m *manifests) passOver(err error) bool {
	if err == nil || isUsage(err) {
		return false
	}
	m.unreadable = append(m.unreadable, err)
	return true
}

// complain says what of the command line cannot be read, and gives the last of it for the end.
func (m *manifests) complain() error {
	if len(m.unreadable) == 0 {
		return nil
	}
	last := len(m.unreadable) - 1
	for _, err := range m.unreadable[:last] {
		m.io.complain("%v", err)
	}
	return m.unreadable[last]
}

// addNamed adds the clusters of --cluster NAME=PATH.
func (m *manifests) addNamed(named []string) error {
	for _, spec := range named {
		name, at, ok := strings.Cut(spec, "=")
		if !ok || name == "" || at == "" {
			return usagef("--cluster wants NAME=PATH, but got %q", spec)
		}
		if m.has(name) {
			return usagef("--cluster names %q twice", name)
		}
		if info, err := os.Stat(at); err == nil && info.IsDir() {
			if err := m.claim(at); err != nil {
				return err
			}
		}
		files, err := m.files(at)
		if m.passOver(err) {
			continue
		}
		if err == nil && len(files) == 0 {
			err = noManifests(at)
		}
		if err != nil {
			return err
		}
		m.check(at)
		m.clusters = append(m.clusters, lint.Source{Cluster: name, Files: files})
	}
	return nil
}

// addAll adds what the arguments name: each directory is a cluster or holds some; files and standard input are one together.
func (m *manifests) addAll(args []string) error {
	var loose lint.Source
	seen := map[string]bool{}
	for _, arg := range args {
		if info, err := os.Stat(arg); err == nil && info.IsDir() {
			if err := m.addDirectory(arg); err != nil && !m.passOver(err) {
				return err
			}
			continue
		}
		if seen[realFile(arg)] && arg != stdinArg {
			return usagef("%s is named twice", arg)
		}
		seen[realFile(arg)] = true
		files, err := m.files(arg)
		if m.passOver(err) {
			continue
		}
		if err != nil {
			return err
		}
		m.check(arg)
		loose.Files = append(loose.Files, files...)
	}
	if len(loose.Files) > 0 {
		loose.Cluster = loose.Files[0].Name
		m.clusters = append(m.clusters, loose)
	}
	return nil
}

// addDirectory adds the cluster of a directory, or those in its directory clusters.
func (m *manifests) addDirectory(dir string) error {
	if info, err := os.Stat(filepath.Join(dir, layout.Top)); err == nil && info.IsDir() {
		dir = filepath.Join(dir, layout.Top)
	} else if filepath.Base(realDir(dir)) != layout.Top {
		added, err := m.addCluster(dir)
		if err == nil && !added {
			err = noManifests(dir)
		}
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.ToSlash(dir), reason(err))
	}
	before := len(m.clusters)
	for _, e := range entries {
		at := filepath.Join(dir, e.Name())
		if info, err := os.Stat(at); err != nil || !info.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		added, err := m.addCluster(at)
		switch {
		case isUsage(err):
			return err
		case err != nil:
			m.addUnreadable(at, err)
		case !added:
			m.io.say("%s has no manifests and is passed over", filepath.ToSlash(at))
		}
	}
	if len(m.clusters) == before {
		return usagef("no cluster in %s: none of its directories has a .yaml, .yml or .json file", filepath.ToSlash(dir))
	}
	return nil
}

// addCluster adds the cluster of a directory under the directory's name, or under its path where another has that name. It
// reports false for a directory without manifests.
func (m *manifests) addCluster(dir string) (bool, error) {
	if err := m.claim(dir); err != nil {
		return false, err
	}
	files, err := m.files(dir)
	if err != nil || len(files) == 0 {
		return false, err
	}
	name := filepath.Base(realDir(dir))
	if m.has(name) {
		name = filepath.ToSlash(dir)
	}
	m.check(dir)
	m.clusters = append(m.clusters, lint.Source{Cluster: name, Files: files})
	return true, nil
}

// claim notes that a directory is a cluster. One whose files are those of another cluster as well would be compared with itself.
func (m *manifests) claim(dir string) error {
	claimed := clusterDir{realDir(dir), filepath.ToSlash(dir)}
	for _, other := range m.dirs {
		switch {
		case other.real == claimed.real:
			return usagef("%s is named twice", claimed.shown)
		case other.holds(claimed):
			return usagef("%s is a part of %s, which is one cluster", claimed.shown, other.shown)
		case claimed.holds(other):
			return usagef("%s is a part of %s, which is one cluster", other.shown, claimed.shown)
		}
	}
	m.dirs = append(m.dirs, claimed)
	return nil
}

// holds reports whether the files of one directory are among those of another.
func (d clusterDir) holds(other clusterDir) bool {
	below, err := filepath.Rel(d.real, other.real)
	return err == nil && !strings.HasPrefix(below, ".") && !strings.Contains(below, string(filepath.Separator)+".")
}

// addUnreadable adds the cluster of a directory that was found and cannot be read.
func (m *manifests) addUnreadable(dir string, err error) {
	m.check(dir)
	at := filepath.ToSlash(dir)
	file := manifestFile{shown: at, bad: errors.New(strings.TrimPrefix(err.Error(), at+": "))}
	m.clusters = append(m.clusters, lint.Source{Cluster: at, Files: []lint.File{file.source()}})
}

// check notes what reports say was looked at.
func (m *manifests) check(at string) {
	if at == stdinArg {
		at = stdinName
	}
	m.checked = append(m.checked, path.Clean(filepath.ToSlash(at)))
}

func (m *manifests) has(cluster string) bool {
	return slices.ContainsFunc(m.clusters, func(s lint.Source) bool { return s.Cluster == cluster })
}

func noManifests(dir string) error {
	return usagef("no manifests in %s: it has no .yaml, .yml or .json file", filepath.ToSlash(dir))
}

// files gives the file at a path, standard input, or the manifests below a directory.
func (m *manifests) files(at string) ([]lint.File, error) {
	info, err := os.Stat(at)
	switch {
	case at == "":
		return nil, usagef("an argument is empty")
	case at == stdinArg:
		return m.standardInput()
	case err != nil:
		return nil, fmt.Errorf("%s: %w", at, reason(err))
	case info.IsDir():
		return m.below(at)
	case info.Mode()&fs.ModeNamedPipe != 0 && isDescriptor(at):
		return pipe(at)
	}
	real, err := filepath.EvalSymlinks(at) // who names a link means the file
	if err != nil {
		return nil, fmt.Errorf("%s: %w", at, reason(err))
	}
	root, err := os.OpenRoot(filepath.Dir(real))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", at, reason(err))
	}
	defer root.Close()
	file := manifestFile{dir: filepath.Dir(real), name: filepath.Base(real), shown: filepath.ToSlash(at)}
	m.on[file.shown] = file
	if err := file.open(root); err != nil {
		return nil, fmt.Errorf("%s: %w", file.shown, err)
	}
	return []lint.File{file.source()}, nil
}

// below gives the manifests below a directory. Nothing outside of it is read, whatever links there are.
func (m *manifests) below(dir string) ([]lint.File, error) {
	found, links, err := manifestFiles(dir)
	if err != nil {
		return nil, err
	}
	for _, link := range links {
		m.io.say("%s is a link to a directory and is not followed", link)
	}
	var files []lint.File
	for _, file := range found {
		m.on[file.shown] = file
		files = append(files, file.source())
	}
	return files, nil
}

// standardInput reads standard input, which can be done once.
func (m *manifests) standardInput() ([]lint.File, error) {
	if m.stdin {
		return nil, usagef("standard input can be read only once")
	}
	m.stdin = true
	files, err := readWhole(stdinName, m.io.in)
	if err != nil {
		return nil, err
	}
	if text, err := files[0].Read(); err != nil || len(bytes.TrimSpace(text)) == 0 {
		return nil, fmt.Errorf("%s is empty: what was to write it may have failed", stdinName)
	}
	return files, nil
}

// pipe reads an open file of the shell, as it has it for <(…).
func pipe(at string) ([]lint.File, error) {
	f, err := os.Open(at)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", at, reason(err))
	}
	defer f.Close()
	return readWhole(at, f)
}

// readWhole reads what cannot be read again.
func readWhole(name string, r io.Reader) ([]lint.File, error) {
	text, err := readBounded(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, reason(err))
	}
	return []lint.File{{Name: name, Read: func() ([]byte, error) { return text, nil }}}, nil
}

// names gives all files, as they are called from the working directory.
func (m *manifests) names() []string {
	var all []string
	for _, c := range m.clusters {
		for _, file := range c.Files {
			all = append(all, file.Name)
		}
	}
	return all
}
