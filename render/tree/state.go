package tree

import (
	"errors"
	"io/fs"
	"os"
)

// The state directory is beside the tree, on the same file system, so that a finished file moves into the tree by one
// rename. It ignores itself for git.
const (
	stateDir    = ".meshtopo"
	ignoreFile  = stateDir + "/.gitignore"
	lockFile    = stateDir + "/lock"
	holderFile  = stateDir + "/holder"
	stageDir    = stateDir + "/stage"
	journalFile = stateDir + "/journal"
)

// checkState refuses a state directory that is not ours to write in, before anything is read from it.
func (d *Dir) checkState() error {
	found, err := d.lstat(stateDir)
	if err != nil || found == nil || found.IsDir() {
		return err
	}
	return inTheWay(stateDir, "directory", found.Mode())
}

// createState makes the state directory and the files that stay in it.
func (d *Dir) createState() error {
	if err := d.create(); err != nil {
		return err
	}
	if err := d.checkState(); err != nil {
		return err
	}
	if err := d.root.Mkdir(stateDir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return d.failure("create", stateDir, err)
	}
	if err := d.createFile(ignoreFile, "*\n"); err != nil {
		return err
	}
	return d.createFile(lockFile, "")
}

// createFile writes a file unless there is something of that name, which it does not follow.
func (d *Dir) createFile(name, content string) error {
	f, err := d.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err == nil {
		_, err = f.WriteString(content)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return d.failure("write", name, err)
	}
	return nil
}

// remove deletes name and what is below it. It looks first, because a read-only file system refuses to delete even what
// is not there.
func (d *Dir) remove(name string) error {
	if found, err := d.lstat(name); err != nil || found == nil {
		return err
	}
	if err := d.root.RemoveAll(name); err != nil {
		return d.failure("remove", name, err)
	}
	return nil
}
