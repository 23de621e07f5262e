package files

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"meshtopo.dev/meshtopo/cmd/internal/usage"
	"meshtopo.dev/meshtopo/render/secret"
)

// Topology is the topology that a command line names, and the directory that it can see.
type Topology struct {
	Dir   string   // its root: absolute, without symlinks
	Files []string // below Dir, with slashes; or Stdin
	Stdin io.Reader
	Store *secret.Store // reads what the topology names

	root *os.Root
	pipe *os.File // is Stdin, where the command line names an open file of the shell
	read sync.Map // names of what has been read with RecordedFS
}

// OpenTopology finds the files that the arguments name, the one in the working directory by default, and opens the root
// of the topology.
func OpenTopology(args []string, stdin io.Reader) (*Topology, error) {
	if len(args) == 0 {
		args = []string{"."}
	}
	t := &Topology{Stdin: stdin}
	err := t.find(args)
	if err == nil {
		err = t.open(args)
	}
	if err != nil {
		t.Close()
		return nil, err
	}
	return t, nil
}

// OpenHere opens a topology whose root is the working directory: that of a file, or a text where no file has a name.
func OpenHere(file string, text []byte) (*Topology, error) {
	t := &Topology{Dir: Here(), Files: []string{file}}
	if file == "" {
		t.Files, t.Stdin = []string{Stdin}, bytes.NewReader(text)
	}
	return t, t.open(t.Files)
}

// find finds the files. The first one says where the root is.
func (t *Topology) find(args []string) error {
	for _, arg := range args {
		file, root, err := t.locate(arg)
		if err != nil {
			return err
		}
		if t.Dir == "" {
			t.Dir = root
		}
		if file, err = t.below(file, arg); err != nil {
			return err
		}
		if file == Stdin && slices.Contains(t.Files, file) {
			return usage.Errorf("standard input can be read only once")
		}
		t.Files = append(t.Files, file)
	}
	return nil
}

// below gives the path of a file from the root, and refuses one that lies elsewhere.
func (t *Topology) below(file, arg string) (string, error) {
	if file == Stdin {
		return file, nil
	}
	rel, err := filepath.Rel(t.Dir, file)
	if err != nil || !filepath.IsLocal(rel) {
		return "", usage.Errorf("%s is outside of %s, the root of the topology", arg, FromHere(t.Dir))
	}
	return filepath.ToSlash(rel), nil
}

// open opens the root. A link that leads out of it is refused here, where the name is known that the user gave it.
func (t *Topology) open(args []string) (err error) {
	if t.root, err = os.OpenRoot(t.Dir); err != nil {
		return err
	}
	for i, file := range t.Files {
		if file == Stdin {
			continue
		}
		if _, err := fs.Stat(t.root.FS(), file); err != nil {
			return fmt.Errorf("%s is a link out of %s, the root of the topology", args[i], FromHere(t.Dir))
		}
	}
	t.Store = secret.NewStore(t.root.FS(), os.LookupEnv) // it guards itself
	return nil
}

// FS is what can be read below the root.
func (t *Topology) FS() fs.FS { return guardedFS{FS: t.root.FS()} }

// RecordedFS is FS, and what is read with it is noted for Read.
func (t *Topology) RecordedFS() fs.FS {
	return guardedFS{t.root.FS(), func(name string) { t.read.Store(name, true) }}
}

// Read gives the names of the files and directories that have been read with RecordedFS.
func (t *Topology) Read() []string {
	var names []string
	t.read.Range(func(name, _ any) bool {
		names = append(names, name.(string))
		return true
	})
	slices.Sort(names)
	return names
}

// Name says how a file below the root is called from the working directory.
func (t *Topology) Name(file string) string {
	if file == Stdin || file == StdinName {
		return StdinName
	}
	return FromHere(filepath.Join(t.Dir, filepath.FromSlash(file)))
}

// Label names the topology in messages: the first file or package on the command line.
func (t *Topology) Label() string { return t.Name(t.Files[0]) }

// Rel gives the name that findings have for a file anywhere: its path from the root. It is absolute on another drive.
func (t *Topology) Rel(path string) string {
	if rel, err := filepath.Rel(t.Dir, path); err == nil {
		path = rel
	}
	return filepath.ToSlash(path)
}

// Close closes what has been opened.
func (t *Topology) Close() {
	if t.root != nil {
		t.root.Close()
	}
	if t.pipe != nil {
		t.pipe.Close()
	}
}
