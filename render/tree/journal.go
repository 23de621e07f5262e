package tree

import (
	"bufio"
	"bytes"
	"errors"
	"maps"
	"os"
	"slices"
)

const journalHead = "# What a render set out to change. If this file stays, the render was interrupted: render again.\n"

// paths is a set of paths of the tree.
type paths map[string]bool

// outside returns the paths beyond scope, sorted. What an interrupted render has left to do there is still to be done
// after a render that is limited to the scope.
func (p paths) outside(scope Scope) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(p)), scope.Contains)
}

// readJournal returns what an interrupted render had set out to change; nothing if none was interrupted.
func (d *Dir) readJournal() (paths, error) {
	data, err := d.readState(journalFile)
	if err != nil || data == nil {
		return nil, err
	}
	return parseJournal(data), nil
}

// parseJournal reads a journal and skips what is no path of a tree.
func parseJournal(data []byte) paths {
	set := paths{}
	for line := range bytes.Lines(data) {
		if path := string(bytes.TrimSuffix(line, []byte("\n"))); validPath(path) {
			set[path] = true
		}
	}
	return set
}

// writeJournal replaces the journal at once, by a rename out of the stage.
func (d *Dir) writeJournal(changes []Change, rest []string) error {
	const fresh = stageDir + "/journal"
	f, err := d.root.OpenFile(fresh, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return d.failure("write", journalFile, err)
	}
	w := bufio.NewWriter(f)
	w.WriteString(journalHead)
	for i := range changes {
		w.WriteString(changes[i].Path)
		w.WriteByte('\n')
	}
	for _, path := range rest {
		w.WriteString(path)
		w.WriteByte('\n')
	}
	if err := errors.Join(w.Flush(), f.Close()); err != nil {
		return d.failure("write", journalFile, err)
	}
	if err := d.root.Rename(fresh, journalFile); err != nil {
		return d.failure("write", journalFile, err)
	}
	return nil
}
