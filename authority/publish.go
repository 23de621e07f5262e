package authority

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
)

// File is a file to be written.
type File struct {
	Root string // the directory that it may not leave
	Path string // below that, with slashes
	Name string // how the user calls it
	Text []byte
	Mode fs.FileMode // secret or public
}

// The modes of what is written.
const (
	Secret fs.FileMode = 0o600
	Public fs.FileMode = 0o644
)

// ExistsError is about a file that is there already. Nothing is ever written over.
type ExistsError struct{ Name, What string }

func (e *ExistsError) Error() string {
	return fmt.Sprintf("%s is there already%s: nothing is written over; move it away, or name another file", e.Name, e.What)
}

// Check finds the first of some files that is there already.
func Check(files []File) error {
	for _, f := range files {
		root, err := os.OpenRoot(f.Root)
		if err != nil {
			return f.fails(err)
		}
		err = f.absent(root, f.Path)
		root.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// Unfinished reports whether a run that wrote those files was interrupted: Publish puts in order what it has left.
func Unfinished(files []File) bool {
	p := &publisher{step: func() {}}
	defer p.close()
	for _, f := range files {
		dir, err := f.directory()
		if err != nil {
			return false
		}
		p.targets = append(p.targets, target{f, dir, path.Base(f.Path)})
	}
	return p.unfinished() && !slices.ContainsFunc(p.targets, func(t target) bool {
		_, err := t.dir.Lstat(t.name)
		return !errors.Is(err, fs.ErrNotExist) && !t.ours()
	})
}

// directory opens the directory of a file.
func (f File) directory() (*os.Root, error) {
	root, err := os.OpenRoot(f.Root)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return root.OpenRoot(filepath.FromSlash(path.Dir(f.Path)))
}

// absent says that a file is there, or why that is not known.
func (f File) absent(root *os.Root, name string) error {
	info, err := root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return f.fails(err)
	case info.Mode()&fs.ModeSymlink != 0:
		return &ExistsError{f.Name, ", as a link"}
	}
	return &ExistsError{f.Name, ""}
}

// fails says of a file why it cannot be written, in the words of the system.
func (f File) fails(err error) error {
	var link *os.LinkError
	var at *fs.PathError
	switch {
	case errors.As(err, &at):
		err = at.Err
	case errors.As(err, &link):
		err = link.Err
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = errors.New("its directory is not there")
	}
	return fmt.Errorf("%s cannot be written: %w", f.Name, err)
}

// Publish writes files of which the last one is the key: all of them or none, whenever it is killed. Each is written
// whole beside its place first, and then linked there; once the key is, all are. What an interrupted run has left is
// put in order by the next one that writes the same files.
func Publish(files []File) error { return publish(files, func() {}) }

// publish calls step after each change of the directories.
func publish(files []File, step func()) error {
	p := &publisher{step: step}
	defer p.close()
	for _, f := range files {
		if err := p.open(f); err != nil {
			return f.fails(err)
		}
	}
	if err := p.recover(); err != nil {
		return err
	}
	for _, t := range p.targets {
		if err := t.absent(t.dir, t.name); err != nil {
			return p.explain(err)
		}
	}
	err := p.write()
	if err == nil {
		err = p.link()
	}
	if err != nil {
		_ = p.recover() // what is left then is for the next run
		return err
	}
	return p.clean()
}

// publisher writes files together.
type publisher struct {
	targets []target
	locked  []*os.File // the directories
	step    func()
}

// target is a file in its directory.
type target struct {
	File
	dir  *os.Root
	name string
}

// stage is where a file is written first. The name is always the same, so that the next run finds it.
func (t target) stage() string { return "." + t.name + ".meshtopo" }

// open makes the directory of a file and keeps other runs out of it.
func (p *publisher) open(f File) error {
	root, err := os.OpenRoot(f.Root)
	if err != nil {
		return err
	}
	defer root.Close()
	below := path.Dir(f.Path)
	mode := fs.FileMode(0o755)
	if f.Mode == Secret {
		mode = 0o700
	}
	if err := root.MkdirAll(filepath.FromSlash(below), mode); err != nil {
		return err
	}
	dir, err := f.directory()
	if err != nil {
		return err
	}
	p.targets = append(p.targets, target{f, dir, path.Base(f.Path)})
	return p.lock(dir)
}

// lock keeps other runs out of a directory, as long as this process lives.
func (p *publisher) lock(dir *os.Root) error {
	here, err := dir.Open(".")
	if err != nil {
		return err
	}
	info, err := here.Stat()
	if err != nil {
		here.Close()
		return err
	}
	for _, other := range p.locked {
		if same, err := other.Stat(); err == nil && os.SameFile(info, same) {
			return here.Close()
		}
	}
	p.locked = append(p.locked, here)
	return lock(here)
}

// errBusy is that of a directory in which another run is writing.
var errBusy = errors.New("another meshtopo ca is writing there")

func (p *publisher) key() target { return p.targets[len(p.targets)-1] }

// unfinished reports whether a run was interrupted before all of its files were in place: the key, which comes last, is
// not.
func (p *publisher) unfinished() bool {
	key := p.key()
	_, staged := key.dir.Lstat(key.stage())
	_, there := key.dir.Lstat(key.name)
	return staged == nil && errors.Is(there, fs.ErrNotExist)
}

// recover removes what an interrupted run has left: what it had written, and what of that was in place without its key.
func (p *publisher) recover() error {
	if p.unfinished() {
		for _, t := range p.targets {
			if t.ours() {
				if err := t.remove(t.name); err != nil {
					return err
				}
				p.step()
			}
		}
	}
	return p.clean()
}

// ours reports whether a file in place is the one that was written beside it, or its place that was kept free.
func (t target) ours() bool {
	stage, staged := t.dir.Lstat(t.stage())
	there, err := t.dir.Lstat(t.name)
	return staged == nil && err == nil && there.Mode().IsRegular() && (os.SameFile(stage, there) || there.Size() == 0)
}

func (t target) remove(name string) error {
	if err := t.dir.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return t.fails(err)
	}
	return nil
}

// clean removes what was written beside the places. That of the key comes last: as long as it is there, what is in
// place can be told from what is not.
func (p *publisher) clean() error {
	for _, t := range p.targets {
		if err := t.remove(t.stage()); err != nil {
			return err
		}
		p.step()
	}
	p.sync()
	return nil
}

// write writes the files beside their places, whole and on the disk.
func (p *publisher) write() error {
	for _, t := range p.targets {
		f, err := t.dir.OpenFile(t.stage(), os.O_WRONLY|os.O_CREATE|os.O_EXCL, t.Mode)
		if err != nil {
			return t.fails(err)
		}
		p.step()
		_, err = f.Write(t.Text)
		if err == nil {
			err = f.Sync()
		}
		if err = errors.Join(err, f.Close()); err != nil {
			return t.fails(err)
		}
		p.step()
	}
	p.sync()
	return nil
}

// link puts the files in place. A link fails where something is; where a file system has none, the place is taken
// with an empty file first.
func (p *publisher) link() error {
	for _, t := range p.targets {
		err := t.dir.Link(t.stage(), t.name)
		if err != nil && !errors.Is(err, fs.ErrExist) {
			err = t.replace()
		}
		switch {
		case errors.Is(err, fs.ErrExist):
			return p.explain(&ExistsError{t.Name, ""})
		case err != nil:
			return t.fails(err)
		}
		p.step()
	}
	p.sync()
	return nil
}

func (t target) replace() error {
	f, err := t.dir.OpenFile(t.name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, t.Mode)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return t.dir.Rename(t.stage(), t.name)
}

// explain says of a certificate in the way that its key is not there.
func (p *publisher) explain(err error) error {
	var exists *ExistsError
	key := p.key()
	if _, missing := key.dir.Lstat(key.name); errors.As(err, &exists) && exists.What == "" && errors.Is(missing, fs.ErrNotExist) {
		exists.What = fmt.Sprintf(", without its key (%s)", key.Name)
	}
	return err
}

// sync brings the names in the directories to the disk, where the system can.
func (p *publisher) sync() {
	for _, dir := range p.locked {
		syncDir(dir)
	}
}

func (p *publisher) close() {
	for _, t := range p.targets {
		t.dir.Close()
	}
	for _, dir := range p.locked {
		dir.Close() // which unlocks it
	}
}
