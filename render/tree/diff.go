package tree

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/render/layout"
)

// Diff compares a directory with a tree, within scope, and returns what differs, sorted by path. Only files of the
// tree and files with its owner's marker are of interest: neighbours written by hand, and symlinks in particular,
// are passed over. Something else where a generated file should go is an [ObstacleError]; all of them are reported
// in one joined error.
//
// File modes are not compared, because git does not keep them.
func Diff(have *Dir, want *Tree, scope Scope) ([]Change, error) {
	if err := want.check(); err != nil {
		return nil, err
	}
	d := &differ{have: have, owner: want.Owner, scope: scope, sums: map[string]digests{}, buf: make([]byte, 64<<10)}
	if err := d.compare(scope.files(want)); err != nil {
		return nil, err
	}
	if len(d.obstacles) > 0 {
		return nil, joined(d.obstacles)
	}
	slices.SortFunc(d.changes, func(a, b Change) int { return cmp.Compare(a.Path, b.Path) })
	return d.changes, nil
}

// differ is one run of Diff.
type differ struct {
	have  *Dir
	owner string
	scope Scope

	journal paths              // what an interrupted render had set out to change
	sums    map[string]digests // by cluster, read when something of it differs
	buf     []byte

	changes   []Change
	obstacles []*ObstacleError
}

func (d *differ) compare(want []File) error {
	if err := d.have.checkState(); err != nil {
		return err
	}
	var err error
	if d.journal, err = d.have.readJournal(); err != nil {
		return err
	}
	found, err := d.have.lstat(layout.Top)
	if err != nil {
		return err
	}
	if found == nil {
		d.added(want)
		return nil
	}
	return d.entry(d.have.root, layout.Top, found, want)
}

// entry compares what is found at path with the wanted files at or below it: one, at most, if it is to be a file.
// dir is the directory that holds it.
func (d *differ) entry(dir *os.Root, path string, found fs.FileInfo, want []File) error {
	wantFile := len(want) == 1 && want[0].Path == path
	mode := found.Mode()
	switch {
	case wantFile && mode.IsRegular() && want[0].seen(found):
		return nil
	case wantFile && mode.IsRegular():
		return d.file(dir, found.Size(), &want[0])
	case wantFile:
		d.obstacles = append(d.obstacles, inTheWay(path, "file", mode))
	case mode.IsDir():
		return d.directory(dir, path, want)
	case len(want) > 0:
		d.obstacles = append(d.obstacles, inTheWay(path, "directory", mode))
	case mode.IsRegular():
		return d.leftover(dir, path)
	}
	return nil
}

// directory compares the entries of the directory at path. It is opened once and its files relative to it: names
// would be resolved element by element for each of them otherwise.
func (d *differ) directory(outer *os.Root, path string, want []File) error {
	wanted := byEntry(path, want)
	read := map[string]bool{} // the files that need no second look
	for name, files := range wanted {
		if files[0].isRead(path, name) {
			read[name] = true
		}
	}
	dir, entries, err := openDir(outer, base(path), read)
	if err != nil {
		return d.have.failure("read", path, err)
	}
	defer dir.Close()
	for _, e := range entries {
		if path == layout.Top && !d.scope.includes(e.name) {
			continue
		}
		if e.info != nil {
			if err := d.entry(dir, path+"/"+e.name, e.info, wanted[e.name]); err != nil {
				return err
			}
		}
		delete(wanted, e.name)
	}
	for _, files := range wanted {
		d.added(files)
	}
	return nil
}

// isRead reports whether a file is the entry of a directory, and is what this run has read there.
func (f *File) isRead(dir, name string) bool {
	return f.Read && f.Stale == nil && len(f.Path) == len(dir)+1+len(name)
}

// seen reports whether what is on disk is the very file that the content was read from.
func (f *File) seen(found fs.FileInfo) bool {
	return f.Seen != nil && f.Stale == nil && f.Seen.Size() == found.Size() && f.Seen.ModTime().Equal(found.ModTime()) && os.SameFile(f.Seen, found)
}

// dirEntry is an entry of a directory. There is no information on what need not be looked at.
type dirEntry struct {
	name string
	info fs.FileInfo
}

// openDir opens a directory and lists it. It does not look at those that were read.
func openDir(outer *os.Root, name string, read map[string]bool) (*os.Root, []dirEntry, error) {
	dir, err := outer.OpenRoot(name)
	if err != nil {
		return nil, nil, err
	}
	entries, err := list(dir, read)
	if err != nil {
		dir.Close()
		return nil, nil, err
	}
	return dir, entries, nil
}

func list(dir *os.Root, read map[string]bool) ([]dirEntry, error) {
	f, err := dir.Open(".")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if len(read) > 0 {
		return listUnread(dir, f, read)
	}
	infos, err := f.Readdir(-1)
	entries := make([]dirEntry, len(infos))
	for i, info := range infos {
		entries[i] = dirEntry{info.Name(), info}
	}
	return entries, err
}

func listUnread(dir *os.Root, f *os.File, read map[string]bool) ([]dirEntry, error) {
	names, err := f.Readdirnames(-1)
	if err != nil {
		return nil, err
	}
	entries := make([]dirEntry, 0, len(names))
	for _, name := range names {
		e := dirEntry{name: name}
		if !read[name] {
			if e.info, err = dir.Lstat(name); errors.Is(err, fs.ErrNotExist) { // it has gone meanwhile
				continue
			} else if err != nil {
				return nil, err
			}
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// byEntry groups the files below the directory at path by its entries. They are sorted, so each group is one run.
func byEntry(path string, files []File) map[string][]File {
	groups := map[string][]File{}
	for start := 0; start < len(files); {
		name := entryOf(path, files[start].Path)
		end := start + 1
		for end < len(files) && entryOf(path, files[end].Path) == name {
			end++
		}
		groups[name] = files[start:end]
		start = end
	}
	return groups
}

// entryOf returns the entry of the directory dir that path is, or is below.
func entryOf(dir, path string) string {
	name, _, _ := strings.Cut(path[len(dir)+1:], "/")
	return name
}

// file compares one file, which has size bytes on disk, with what the tree has for it.
func (d *differ) file(dir *os.Root, size int64, want *File) error {
	f, err := openFile(dir, base(want.Path))
	if err != nil {
		return d.have.failure("open", want.Path, err)
	}
	defer f.Close()
	if !want.Unknown && want.Stale == nil {
		equal, err := same(f, size, want, d.buf)
		if err != nil {
			return d.have.failure("read", want.Path, err)
		}
		if equal {
			return nil
		}
	}
	owner, err := d.ownerOf(f)
	if err != nil {
		return d.have.failure("read", want.Path, err)
	}
	switch {
	case owner != d.owner:
		d.obstacles = append(d.obstacles, notGenerated(want.Path, owner, d.owner))
	case want.Stale != nil:
		d.report(Change{Path: want.Path, Kind: want.Stale.Kind, Private: true, Encrypted: true, Stale: want.Stale, have: d.have, want: want})
	case !want.Unknown:
		return d.changed(want)
	}
	return nil
}

// leftover reports a file that the tree does not have, if it is ours.
func (d *differ) leftover(dir *os.Root, path string) error {
	f, err := openFile(dir, base(path))
	if err != nil {
		return d.have.failure("open", path, err)
	}
	defer f.Close()
	owner, err := d.ownerOf(f)
	if err != nil {
		return d.have.failure("read", path, err)
	}
	if owner == d.owner {
		d.report(Change{Path: path, Kind: Removed, Private: layout.Private(path), have: d.have})
	}
	return nil
}

// ownerOf returns the topology that the marker of a file names; none if it has no marker.
func (d *differ) ownerOf(f *os.File) (string, error) {
	n, err := f.ReadAt(d.buf[:headSize], 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return string(markedBy(d.buf[:n])), nil
}

func (d *differ) added(files []File) {
	d.changes = slices.Grow(d.changes, len(files))
	for i := range files {
		f := &files[i]
		d.report(Change{Path: f.Path, Kind: Added, Private: f.Private || f.Encrypted, Encrypted: f.Encrypted, Unknown: f.Unknown, want: f})
	}
}

// changed finds out why a file differs: the topology has changed, or somebody edited the file.
func (d *differ) changed(want *File) error {
	recorded, asWritten, err := d.compareRecord(want.Path)
	if err != nil {
		return err
	}
	c := Change{Path: want.Path, Kind: Changed, Private: want.Private || want.Encrypted, Encrypted: want.Encrypted, AsWritten: asWritten, have: d.have, want: want}
	if recorded && !asWritten {
		c.Kind = HandEdited
	}
	d.report(c)
	return nil
}

func (d *differ) report(c Change) {
	if d.journal[c.Path] {
		c.Kind = Interrupted
	}
	d.changes = append(d.changes, c)
}

// compareRecord compares the digest of a file with the one that its cluster's sum file recorded. Both are committed
// together, so this works on any machine. Without a record, the topology is taken for the reason of a change.
func (d *differ) compareRecord(path string) (recorded, same bool, err error) {
	cluster, name, ok := layout.Split(path)
	if !ok {
		return false, false, nil
	}
	sums, ok := d.sums[cluster]
	if !ok {
		sums = d.have.readSums(cluster)
		d.sums[cluster] = sums
	}
	record, ok := sums[name]
	if !ok {
		return false, false, nil
	}
	data, err := d.have.readFile(path, maxState)
	if err != nil {
		return false, false, err
	}
	return true, digest([][]byte{data}) == record, nil
}
