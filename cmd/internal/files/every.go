package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"meshtopo.dev/meshtopo/cmd/internal/usage"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/plaintext"
)

// Every is all files that the command line names, and those below its directories, whatever their names are.
type Every struct {
	Files   []plaintext.File
	Checked []string // what the command line names, from the working directory
	Links   []string // which are not followed: what they lead to is a file by itself, or elsewhere
	Broken  []error  // about what is named, or below a directory, and cannot be read

	seen map[string]bool
}

// OpenEvery finds the files. Each is looked at once, however often it is named: a hook names files and directories.
func OpenEvery(args []string, stdin io.Reader) (*Every, error) {
	e := &Every{seen: map[string]bool{}}
	for _, arg := range args {
		if arg == "" {
			return nil, usage.Errorf("an argument is empty")
		}
		if err := e.open(arg, stdin); err != nil {
			e.Broken = append(e.Broken, err)
		}
	}
	return e, nil
}

func (e *Every) open(arg string, stdin io.Reader) error {
	shown := path.Clean(filepath.ToSlash(arg))
	if arg == Stdin {
		return e.whole(StdinName, stdin)
	}
	info, err := os.Stat(arg)
	switch {
	case err != nil:
		return notThere(arg, err)
	case info.IsDir():
		e.Checked = append(e.Checked, shown)
		return e.below(arg)
	case info.Mode()&fs.ModeNamedPipe != 0 && isDescriptor(arg):
		f, err := os.Open(arg)
		if err != nil {
			return fmt.Errorf("%s: %w", shown, reason(err))
		}
		defer f.Close()
		return e.whole(arg, f)
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s: %w", shown, errNotRegular)
	}
	e.Checked = append(e.Checked, shown)
	e.add(RealFile(arg), func() (fs.File, error) { return os.Open(arg) }, shown)
	return nil
}

// whole adds what can be read only once.
func (e *Every) whole(name string, r io.Reader) error {
	text, err := readBounded(r)
	if err != nil {
		return fmt.Errorf("%s: %w", name, reason(err))
	}
	e.Checked = append(e.Checked, name)
	e.Files = append(e.Files, plaintext.File{Name: name, Read: func() ([]byte, error) { return bounded(text) }})
	return nil
}

// below adds the files below a directory, but for those of git itself.
func (e *Every) below(dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.ToSlash(dir), reason(err))
	}
	defer root.Close()
	real := RealDir(dir)
	return fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		shown := path.Join(filepath.ToSlash(dir), name)
		switch {
		case err != nil:
			e.Broken = append(e.Broken, fmt.Errorf("%s: %w", shown, reason(err)))
		case d.Name() == ".git" && d.IsDir():
			return fs.SkipDir
		case d.Type()&fs.ModeSymlink != 0:
			e.Links = append(e.Links, shown)
		case d.Type().IsRegular():
			e.add(filepath.Join(real, filepath.FromSlash(name)), func() (fs.File, error) { return os.OpenInRoot(dir, filepath.FromSlash(name)) }, shown)
		}
		return nil
	})
}

// add adds a file that is opened when it is read: there may be thousands.
func (e *Every) add(real string, open func() (fs.File, error), shown string) {
	if e.seen[real] {
		return
	}
	e.seen[real] = true
	e.Files = append(e.Files, plaintext.File{Name: shown, Read: func() ([]byte, error) {
		f, err := open()
		if err != nil {
			return nil, reason(err)
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil || !info.Mode().IsRegular() {
			return nil, errors.Join(err, errNotRegular)
		}
		if info.Size() > document.MaxFileSize {
			return nil, errLarge
		}
		text, err := readBounded(f)
		if err != nil {
			return nil, reason(err)
		}
		return bounded(text)
	}})
}

// errLarge is no failure: what is so large is no text that somebody wrote.
var errLarge = fmt.Errorf("it is larger than %d MiB, and nobody has looked at it", document.MaxFileSize>>20)

// IsLarge reports whether a file was not read because of its size.
func IsLarge(err error) bool { return errors.Is(err, errLarge) }

func bounded(text []byte) ([]byte, error) {
	if len(text) > document.MaxFileSize {
		return nil, errLarge
	}
	return text, nil
}
