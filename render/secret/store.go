package secret

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"sync"

	"meshtopo.dev/meshtopo/schema/trust"
)

// maxSize is the most that is read of one file. Kubernetes allows a Secret no more either.
const maxSize = 1 << 20

// Store reads certificates, keys and tokens, each once, however many clusters share it. Its errors name places, never
// content. It is the material.Reader of the command.
type Store struct {
	// Behind functions, so that a Store prints nothing: an fs.FS may hold its files in memory.
	open func(name string) (fs.File, error)
	stat func(name string) (fs.FileInfo, error)
	env  func(name string) (string, bool)

	public  map[string]func() ([]byte, error)
	private map[trust.Place]func() (Material, error)
}

// NewStore gives a store that reads files below a topology's root and environment variables as os.LookupEnv does.
func NewStore(fsys fs.FS, env func(string) (string, bool)) *Store {
	return &Store{
		open:    fsys.Open,
		stat:    func(name string) (fs.FileInfo, error) { return fs.Stat(fsys, name) },
		env:     env,
		public:  map[string]func() ([]byte, error){},
		private: map[trust.Place]func() (Material, error){},
	}
}

// Public gives the content of a public file, which the caller must not change.
func (s *Store) Public(name string) ([]byte, error) {
	read, ok := s.public[name]
	if !ok {
		read = sync.OnceValues(func() ([]byte, error) { return s.read(name) })
		s.public[name] = read
	}
	return read()
}

// Get gives the material at a place.
func (s *Store) Get(place trust.Place) (Material, error) {
	get, ok := s.private[place]
	if !ok {
		get = sync.OnceValues(func() (Material, error) { return s.get(place) })
		s.private[place] = get
	}
	return get()
}

// Private gives the bytes at a place, to be checked.
func (s *Store) Private(place trust.Place) ([]byte, error) {
	m, err := s.Get(place)
	return m.Reveal(), err
}

// Files lists the files that were asked for, whether they are there or not, below the root.
func (s *Store) Files() []string {
	files := append(s.PublicFiles(), s.PrivateFiles()...)
	slices.Sort(files)
	return files
}

// PublicFiles lists those that hold certificates or patches.
func (s *Store) PublicFiles() []string {
	return slices.Sorted(maps.Keys(s.public))
}

// PrivateFiles lists those that hold keys and tokens.
func (s *Store) PrivateFiles() []string {
	var files []string
	for place := range s.private {
		if place.File != "" {
			files = append(files, place.File)
		}
	}
	slices.Sort(files)
	return files
}

func (s *Store) get(place trust.Place) (Material, error) {
	if place.Env != "" {
		return s.lookup(place.Env)
	}
	text, err := s.read(place.File)
	if err != nil {
		return Material{}, err
	}
	return New(text), nil
}

// lookup reads a variable. An empty one counts as absent: that is how CI systems give a secret that they withhold.
func (s *Store) lookup(name string) (Material, error) {
	value, ok := s.env(name)
	switch {
	case !ok:
		return Material{}, &fs.PathError{Op: "read", Path: "$" + name, Err: absent("the environment variable is not set")}
	case value == "":
		return Material{}, &fs.PathError{Op: "read", Path: "$" + name, Err: absent("the environment variable is empty")}
	case len(value) > maxSize:
		return Material{}, &fs.PathError{Op: "read", Path: "$" + name, Err: errTooLarge}
	}
	return New(unixLines([]byte(value))), nil
}

// absent is an error for what is not there, with its own words.
type absent string

func (a absent) Error() string        { return string(a) }
func (a absent) Is(target error) bool { return target == fs.ErrNotExist }

var (
	errTooLarge   = fmt.Errorf("it is larger than %d MiB", maxSize>>20)
	errDirectory  = errors.New("it is a directory")
	errNotRegular = errors.New("it is not a regular file")
)

// read gives the content of a regular file. It looks before it opens: opening a pipe waits for a writer.
func (s *Store) read(name string) ([]byte, error) {
	clean := path.Clean(name)
	info, err := s.stat(clean)
	if err != nil {
		return nil, named(name, err)
	}
	switch {
	case info.IsDir():
		return nil, named(name, errDirectory)
	case !info.Mode().IsRegular():
		return nil, named(name, errNotRegular)
	}
	f, err := s.open(clean)
	if err != nil {
		return nil, named(name, err)
	}
	defer f.Close()
	var text bytes.Buffer
	text.Grow(int(min(info.Size(), maxSize)) + bytes.MinRead)
	_, err = text.ReadFrom(io.LimitReader(f, maxSize+1))
	switch {
	case err != nil:
		return nil, named(name, err)
	case text.Len() > maxSize:
		return nil, named(name, errTooLarge)
	}
	return unixLines(text.Bytes()), nil
}

// unixLines gives text as git has committed it. A checkout with CRLF, which is git's default on Windows, must not give
// other Secrets than one with LF, nor other certificates to compare.
func unixLines(text []byte) []byte {
	if !bytes.Contains(text, []byte("\r\n")) {
		return text
	}
	return bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
}

// named gives the error its place, as the topology writes it, once.
func named(name string, err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		err = pathErr.Err
	}
	return &fs.PathError{Op: "read", Path: name, Err: err}
}
