package files

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

	"meshtopo.dev/meshtopo/cmd/internal/usage"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/lint"
)

// Manifests are the files that lint reads, cluster by cluster.
type Manifests struct {
	Clusters   []lint.Source
	Checked    []string   // directories of clusters, and files that were named, from the working directory
	Unreadable []error    // about what the command line names and cannot be read
	Guessed    *diag.List // what was guessed of the clusters of a directory

	stdin     io.Reader
	readStdin bool
	say       func(format string, args ...any) // tells the user what is passed over
	dirs      []clusterDir
	guesses   []*guessedDir
	files     map[string]manifestFile // those that can be rewritten, by how they are called
}

// clusterDir is a directory that is a cluster.
type clusterDir struct{ real, shown string }

// OpenManifests finds the manifests that the arguments name, and those of clusters NAME=PATH. What cannot be read of it
// is kept for the end, unless it is all.
func OpenManifests(args, named []string, stdin io.Reader, say func(format string, args ...any)) (*Manifests, error) {
	m := &Manifests{Guessed: &diag.List{}, stdin: stdin, say: say, files: map[string]manifestFile{}}
	if len(args) == 0 && len(named) == 0 {
		args = []string{"."}
	}
	if err := m.addNamed(named); err != nil {
		return nil, err
	}
	if err := m.addAll(args); err != nil {
		return nil, err
	}
	if len(m.Clusters) == 0 {
		return nil, errors.Join(m.Unreadable...)
	}
	return m, nil
}

// keep keeps the reason why something that the command line names cannot be read. It reports false for other errors.
func (m *Manifests) keep(err error) bool {
	if err == nil || usage.Is(err) {
		return false
	}
	m.Unreadable = append(m.Unreadable, err)
	return true
}

// addNamed adds the clusters of --cluster NAME=PATH.
func (m *Manifests) addNamed(named []string) error {
	for _, spec := range named {
		name, at, ok := strings.Cut(spec, "=")
		if !ok || name == "" || at == "" {
			return usage.Errorf("--cluster wants NAME=PATH, but got %q", spec)
		}
		if m.has(name) {
			return usage.Errorf("--cluster names %q twice", name)
		}
		if IsDir(at) {
			if err := m.addDir(at); err != nil {
				return err
			}
		}
		files, err := m.open(at)
		if m.keep(err) {
			continue
		}
		if err == nil && len(files) == 0 {
			err = noManifests(at)
		}
		if err != nil {
			return err
		}
		m.check(at)
		m.Clusters = append(m.Clusters, lint.Source{Cluster: name, Files: files})
	}
	return nil
}

// addAll adds what the arguments name: each directory is a cluster or holds some; files and standard input are one
// together.
func (m *Manifests) addAll(args []string) error {
	var loose lint.Source
	seen := map[string]bool{}
	for _, arg := range args {
		if IsDir(arg) {
			if err := m.addDirectory(arg); err != nil && !m.keep(err) {
				return err
			}
			continue
		}
		if seen[RealFile(arg)] && arg != Stdin {
			return usage.Errorf("%s is named twice", arg)
		}
		seen[RealFile(arg)] = true
		files, err := m.open(arg)
		if m.keep(err) {
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
		m.Clusters = append(m.Clusters, loose)
	}
	return nil
}

// addCluster adds the cluster of a directory under the directory's name, or under its path where another has that name.
// It reports false for a directory without manifests.
func (m *Manifests) addCluster(dir string) (bool, error) {
	if err := m.addDir(dir); err != nil {
		return false, err
	}
	files, err := m.open(dir)
	if err != nil || len(files) == 0 {
		return false, err
	}
	name := filepath.Base(RealDir(dir))
	if m.has(name) {
		name = filepath.ToSlash(dir)
	}
	m.check(dir)
	m.Clusters = append(m.Clusters, lint.Source{Cluster: name, Files: files})
	return true, nil
}

// addDir notes that a directory is a cluster. One whose files are those of another cluster as well would be compared
// with itself.
func (m *Manifests) addDir(dir string) error {
	added := clusterDir{RealDir(dir), filepath.ToSlash(dir)}
	for _, other := range m.dirs {
		switch {
		case other.real == added.real:
			return usage.Errorf("%s is named twice", added.shown)
		case other.holds(added):
			return usage.Errorf("%s is a part of %s, which is one cluster", added.shown, other.shown)
		case added.holds(other):
			return usage.Errorf("%s is a part of %s, which is one cluster", other.shown, added.shown)
		}
	}
	m.dirs = append(m.dirs, added)
	return nil
}

// holds reports whether the files of one directory are among those of another.
func (d clusterDir) holds(other clusterDir) bool {
	below, err := filepath.Rel(d.real, other.real)
	return err == nil && !strings.HasPrefix(below, ".") && !strings.Contains(below, string(filepath.Separator)+".")
}

// addUnreadable adds the cluster of a directory that was found and cannot be read.
func (m *Manifests) addUnreadable(dir string, err error) {
	m.check(dir)
	at := filepath.ToSlash(dir)
	file := manifestFile{shown: at, bad: errors.New(strings.TrimPrefix(err.Error(), at+": "))}
	m.Clusters = append(m.Clusters, lint.Source{Cluster: at, Files: []lint.File{file.source()}})
}

// check notes what reports say was looked at.
func (m *Manifests) check(at string) {
	if at == Stdin {
		at = StdinName
	}
	m.Checked = append(m.Checked, path.Clean(filepath.ToSlash(at)))
}

func (m *Manifests) has(cluster string) bool {
	return slices.ContainsFunc(m.Clusters, func(s lint.Source) bool { return s.Cluster == cluster })
}

func noManifests(dir string) error {
	return usage.Errorf("no manifests in %s: it has no .yaml, .yml or .json file", filepath.ToSlash(dir))
}

// open gives the file at a path, standard input, or the manifests below a directory.
func (m *Manifests) open(at string) ([]lint.File, error) {
	info, err := os.Stat(at)
	switch {
	case at == "":
		return nil, usage.Errorf("an argument is empty")
	case at == Stdin:
		return m.standardInput()
	case err != nil:
		return nil, notThere(at, err)
	case info.IsDir():
		return m.below(at)
	case info.Mode()&fs.ModeNamedPipe != 0 && isDescriptor(at):
		return pipe(at)
	}
	real, err := filepath.EvalSymlinks(at) // who names a link means the file
	if err != nil {
		return nil, fmt.Errorf("%s: %w", at, reason(err))
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: %w", filepath.ToSlash(at), errNotRegular)
	}
	file := manifestFile{dir: filepath.Dir(real), name: filepath.Base(real), shown: filepath.ToSlash(at)}
	m.files[file.shown] = file
	opened, err := os.OpenInRoot(file.dir, file.name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file.shown, reason(err))
	}
	opened.Close()
	return []lint.File{file.source()}, nil
}

// below gives the manifests below a directory, those that are nearest first: where two have one object, that counts
// which is not in a directory of old ones, or the like. Nothing outside of it is read, whatever links there are.
func (m *Manifests) below(dir string) ([]lint.File, error) {
	found, links, err := manifestFiles(dir)
	if err != nil {
		return nil, err
	}
	for _, link := range links {
		m.say("%s is a link to a directory and is not followed", link)
	}
	slices.SortStableFunc(found, func(a, b manifestFile) int { return strings.Count(a.name, "/") - strings.Count(b.name, "/") })
	var files []lint.File
	for _, file := range found {
		m.files[file.shown] = file
		files = append(files, file.source())
	}
	return files, nil
}

// standardInput reads standard input, which can be done once.
func (m *Manifests) standardInput() ([]lint.File, error) {
	if m.readStdin {
		return nil, usage.Errorf("standard input can be read only once")
	}
	m.readStdin = true
	files, err := readWhole(StdinName, m.stdin)
	if err != nil {
		return nil, err
	}
	if text, err := files[0].Read(); err != nil || len(bytes.TrimSpace(text)) == 0 {
		return nil, fmt.Errorf("%s is empty: what was to write it may have failed", StdinName)
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

// Count tells how many files there are.
func (m *Manifests) Count() int {
	n := 0
	for _, c := range m.Clusters {
		n += len(c.Files)
	}
	return n
}
