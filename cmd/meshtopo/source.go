package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"meshtopo.dev/meshtopo/render"
	"meshtopo.dev/meshtopo/render/secret"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// Standard input on the command line, and in positions.
const (
	stdinArg  = "-"
	stdinName = "<stdin>"
)

// sourceUsage is how the verbs that read a topology name it.
const sourceUsage = "[FILE|DIR|-]..."

// sourceHelp explains sourceUsage.
const sourceHelp = `The topology is one YAML, JSON or CUE file, several that are unified, a directory that holds a CUE package, or -
for standard input. Without arguments it is topology.yaml, topology.yml or topology.json in the working directory,
or the CUE package there. Paths in it are relative to the directory of its first file (for a CUE package, of its
module) and cannot leave it.`

// source is the topology that the command line names, and the directory that it can see.
type source struct {
	root  *rootFS
	dir   string   // of root: absolute, without symlinks
	files []string // below root, with slashes; "-" is stdin
	stdin io.Reader
	pipe  *os.File // is stdin, where the command line names an open file of the shell
	store *secret.Store
	seen  readFiles // what load read of the topology's own files
}

// openSource finds the files that the arguments name and opens the root of the topology.
func openSource(args []string, stdin io.Reader) (*source, error) {
	if len(args) == 0 {
		args = []string{"."}
	}
	src := &source{stdin: stdin}
	for _, arg := range args {
		file, root, err := src.locate(arg)
		if err != nil {
			src.close()
			return nil, err
		}
		if src.dir == "" {
			src.dir = root
		}
		if file, err = src.below(file, arg); err != nil {
			src.close()
			return nil, err
		}
		if file == stdinArg && slices.Contains(src.files, file) {
			src.close()
			return nil, usagef("standard input can be read only once")
		}
		src.files = append(src.files, file)
	}
	return src, src.open(args)
}

// open opens the root. A link that leads out of it is refused here, where the name is known that the user gave it.
func (s *source) open(args []string) error {
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		s.close()
		return err
	}
	s.root = &rootFS{root: root}
	for i, file := range s.files {
		if file == stdinArg {
			continue
		}
		if _, err := s.root.Stat(file); err != nil {
			s.close()
			return fmt.Errorf("%s is a link out of %s, the root of the topology", args[i], fromHere(s.dir))
		}
	}
	s.store = secret.NewStore(s.root, os.LookupEnv) // it guards itself
	return nil
}

// fs is what can be read below the root.
func (s *source) fs() fs.FS { return guardedFS{s.root} }

// locate gives the file or CUE package that an argument means, and the root of a topology which begins there:
// real paths, but for stdin and what is read in its place.
func (s *source) locate(arg string) (file, root string, err error) {
	if arg == stdinArg {
		return stdinArg, here(), nil
	}
	info, err := os.Stat(arg)
	switch {
	case arg == "":
		return "", "", usagef("an argument is empty")
	case err != nil:
		return "", "", fmt.Errorf("%s: %w", arg, reason(err))
	case info.IsDir():
		return locateIn(arg)
	case isDescriptor(arg) && info.Mode()&fs.ModeDevice == 0:
		return stdinArg, here(), s.openPipe(arg)
	case info.Mode().IsRegular():
		return realFile(arg), realDir(filepath.Dir(arg)), nil
	}
	return "", "", fmt.Errorf("%s: %w; redirect it to standard input and name that: -", arg, errNotRegular)
}

// openPipe has an open file read in the place of standard input. A second one is refused as a second stdin is.
func (s *source) openPipe(arg string) (err error) {
	if s.pipe == nil {
		s.pipe, err = os.Open(arg)
		s.stdin = s.pipe
	}
	return err
}

// isDescriptor reports whether a path names an open file, as a shell has it for <(…). Opening that of a pipe does not
// wait: somebody has opened its other end.
func isDescriptor(arg string) bool {
	return arg == "/dev/stdin" || path.Dir(arg) == "/dev/fd" || path.Dir(arg) == "/proc/self/fd"
}

// locateIn looks for a topology in a directory.
func locateIn(dir string) (file, root string, err error) {
	var found []string
	for _, name := range []string{"topology.yaml", "topology.yml", "topology.json"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && !info.IsDir() {
			found = append(found, name)
		}
	}
	switch len(found) {
	case 0:
		return locatePackage(dir)
	case 1:
		return filepath.Join(realDir(dir), found[0]), realDir(dir), nil
	}
	return "", "", usagef("%s has %s: name the one that is meant, or all to unify them", dir, strings.Join(found, " and "))
}

// locatePackage gives a CUE package and the directory of the module that it is part of.
func locatePackage(dir string) (file, root string, err error) {
	if files, _ := filepath.Glob(filepath.Join(dir, "*.cue")); len(files) == 0 {
		return "", "", usagef("no topology in %s: name a file, or a directory with topology.yaml, topology.yml, topology.json or a CUE package", dir)
	}
	start := realDir(dir)
	for root = start; ; root = filepath.Dir(root) {
		if info, err := os.Stat(filepath.Join(root, "cue.mod")); err == nil && info.IsDir() {
			return start, root, nil
		}
		if root == filepath.Dir(root) {
			return start, start, nil
		}
	}
}

// below gives the path of a file from the root, and refuses one that lies elsewhere.
func (s *source) below(file, arg string) (string, error) {
	if file == stdinArg {
		return file, nil
	}
	rel, err := filepath.Rel(s.dir, file)
	if err != nil || !filepath.IsLocal(rel) {
		return "", usagef("%s is outside of %s, the root of the topology", arg, fromHere(s.dir))
	}
	return filepath.ToSlash(rel), nil
}

// load reads the topology. Private material that is not there is an error where it is required.
func (s *source) load(requireMaterial bool) (*schema.Topology, *diag.List, error) {
	return s.read(schema.Input{RequireMaterial: requireMaterial})
}

// loadFor reads the topology for one cluster, whose keys and tokens must be there if its Secrets are wanted. Those of
// other clusters need not: who builds one cluster has no use for them.
func (s *source) loadFor(f *schema.Function) (*schema.Topology, *diag.List, error) {
	return s.read(schema.Input{RequireMaterial: slices.Contains(f.Layers, "secrets"), RequireFor: f.Cluster})
}

func (s *source) read(in schema.Input) (*schema.Topology, *diag.List, error) {
	in.FS, in.Files, in.Stdin, in.Material, in.Now = rememberingFS{guardedFS{s.root}, &s.seen}, s.files, s.stdin, s.store, time.Now()
	in.Rules = rules
	t, found, err := schema.Load(in)
	if err == nil && t != nil {
		t, err = s.checkPatches(t, found)
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		err = fmt.Errorf("%s: %w", s.name(path.Path), path.Err)
	}
	return t, found, err
}

// checkPatches reports what is wrong with the patches of a topology, through whichever door it came. It gives no
// topology then.
func (s *source) checkPatches(t *schema.Topology, found *diag.List) (*schema.Topology, error) {
	if err := render.NewPlan(t, s.store).CheckPatches(found); err != nil || found.HasErrors() {
		return nil, err
	}
	return t, nil
}

// name says how a file below the root is called from the working directory.
func (s *source) name(file string) string {
	if file == stdinArg || file == stdinName {
		return stdinName
	}
	return fromHere(filepath.Join(s.dir, filepath.FromSlash(file)))
}

// label names the topology in messages: the first file or package on the command line.
func (s *source) label() string { return s.name(s.files[0]) }

// close closes what has been opened.
func (s *source) close() {
	if s.root != nil {
		s.root.close()
	}
	if s.pipe != nil {
		s.pipe.Close()
	}
}

// fromHere gives a real path from the working directory, with slashes; the absolute path where that is shorter.
func fromHere(real string) string {
	if rel, err := filepath.Rel(here(), real); err == nil && (filepath.IsLocal(rel) || len(rel) < len(real)) {
		real = rel
	}
	return filepath.ToSlash(real)
}

// realDir gives the absolute path of a directory without symlinks in it. filepath.Abs would be wrong in a working
// directory that was entered through a symlink: the system does not take ".." from the path that leads there.
func realDir(dir string) string {
	if resolved, err := filepath.EvalSymlinks(dir); err == nil {
		dir = resolved
	}
	if filepath.IsAbs(dir) {
		return filepath.Clean(dir)
	}
	return filepath.Join(here(), dir)
}

// realPath is realDir for a directory that may not be there yet: what there is of it has no symlinks.
func realPath(dir string) string {
	if parent := filepath.Dir(dir); parent != dir {
		if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
			return filepath.Join(realPath(parent), filepath.Base(dir))
		}
	}
	return realDir(dir)
}

// realFile gives the absolute path of a file whose directory has no symlinks in it. The file itself may be one:
// the root of the topology decides whether it can be followed.
func realFile(file string) string {
	return filepath.Join(realDir(filepath.Dir(file)), filepath.Base(file))
}

// here is the working directory, without symlinks. Where it is gone, nothing that is relative can be read anyway.
func here() string {
	dir, err := os.Getwd()
	if err != nil {
		return "."
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		return real
	}
	return dir
}

// reason is why a file could not be read, without the name of the system call and the path.
func reason(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
