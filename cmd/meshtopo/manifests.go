package main

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/lint"
)

// manifests are the files that lint reads, cluster by cluster.
type manifests struct {
	clusters []lint.Source
	roots    []*os.Root
}

// openManifests finds the manifests that the command line names.
func openManifests(args, named []string, stdin io.Reader) (*manifests, error) {
	m := &manifests{}
	if len(args) == 0 && len(named) == 0 {
		args = []string{"."}
	}
	if err := m.addNamed(named); err != nil {
		m.close()
		return nil, err
	}
	if err := m.addAll(args, stdin); err != nil {
		m.close()
		return nil, err
	}
	return m, nil
}

// addNamed adds the clusters of --cluster NAME=PATH.
func (m *manifests) addNamed(named []string) error {
	for _, spec := range named {
		name, dir, ok := strings.Cut(spec, "=")
		if !ok || name == "" || dir == "" {
			return usagef("--cluster wants NAME=PATH, but got %q", spec)
		}
		if slices.ContainsFunc(m.clusters, func(s lint.Source) bool { return s.Cluster == name }) {
			return usagef("--cluster names %q twice", name)
		}
		if err := m.add(name, dir); err != nil {
			return err
		}
	}
	return nil
}

// addAll adds what the arguments name: each directory is a cluster or holds some; files and standard input are one together.
func (m *manifests) addAll(args []string, stdin io.Reader) error {
	var loose lint.Source
	for _, arg := range args {
		info, err := os.Stat(arg)
		var files []lint.File
		switch {
		case arg == "":
			return usagef("an argument is empty")
		case arg == stdinArg:
			files, err = stdinFile(stdin)
		case err != nil:
			return fmt.Errorf("%s: %w", arg, reason(err))
		case info.IsDir():
			err = m.addDirectory(arg)
		default:
			files, err = m.files(arg, info)
		}
		if err != nil {
			return err
		}
		if len(loose.Files) == 0 && len(files) > 0 {
			loose.Cluster = files[0].Name
		}
		loose.Files = append(loose.Files, files...)
	}
	if len(loose.Files) > 0 {
		m.clusters = append(m.clusters, loose)
	}
	return nil
}

func stdinFile(stdin io.Reader) ([]lint.File, error) {
	text, err := io.ReadAll(stdin)
	if err != nil {
		return nil, fmt.Errorf("standard input: %w", err)
	}
	return []lint.File{{Name: stdinName, Read: func() ([]byte, error) { return text, nil }}}, nil
}

// addDirectory adds the cluster of a directory, or those in its directory clusters.
func (m *manifests) addDirectory(dir string) error {
	if info, err := os.Stat(filepath.Join(dir, "clusters")); err == nil && info.IsDir() {
		dir = filepath.Join(dir, "clusters")
	} else if filepath.Base(realDir(dir)) != "clusters" {
		return m.add(filepath.Base(realDir(dir)), dir)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	before := len(m.clusters)
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			if err := m.add(e.Name(), filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	if len(m.clusters) == before {
		return usagef("no cluster in %s: it has no directories", filepath.ToSlash(dir))
	}
	return nil
}

// add adds the manifests of one cluster.
func (m *manifests) add(name, at string) error {
	info, err := os.Stat(at)
	if err != nil {
		return fmt.Errorf("%s: %w", at, reason(err))
	}
	files, err := m.files(at, info)
	if err != nil {
		return err
	}
	m.clusters = append(m.clusters, lint.Source{Cluster: name, Files: files})
	return nil
}

// files gives a file, or those below a directory. Nothing outside of the directory is read, whatever links there are.
func (m *manifests) files(at string, info fs.FileInfo) ([]lint.File, error) {
	dir, names := at, []string(nil)
	if !info.IsDir() {
		dir, names = filepath.Dir(at), []string{filepath.Base(at)}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	m.roots = append(m.roots, root)
	if info.IsDir() {
		if names, err = manifestFiles(root.FS()); err != nil {
			return nil, fmt.Errorf("%s: %w", at, reason(err))
		}
	}
	if len(names) == 0 {
		return nil, usagef("no manifests in %s: it has no .yaml, .yml or .json file", filepath.ToSlash(at))
	}
	var files []lint.File
	for _, name := range names {
		files = append(files, lint.File{Name: path.Join(filepath.ToSlash(dir), name), Read: func() ([]byte, error) { return readFile(root, name) }})
	}
	return files, nil
}

func readFile(root *os.Root, name string) ([]byte, error) {
	text, err := root.ReadFile(name)
	if err != nil {
		return nil, reason(err)
	}
	return text, nil
}

// manifestFiles gives the files below a directory that can be manifests, sorted; directories whose names start with a dot are
// other programs'.
func manifestFiles(fsys fs.FS) ([]string, error) {
	var files []string
	err := fs.WalkDir(fsys, ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && name != "." && strings.HasPrefix(e.Name(), "."):
			return fs.SkipDir
		case !e.IsDir() && slices.Contains([]string{".yaml", ".yml", ".json"}, path.Ext(name)):
			files = append(files, name)
		}
		return nil
	})
	return files, err
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

func (m *manifests) close() {
	for _, r := range m.roots {
		r.Close()
	}
}
