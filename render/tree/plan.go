package tree

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// plan is how what is staged gets into the tree.
type plan struct {
	moves   []string // files, and directories that are new as a whole
	removes []string // files
}

// newPlan finds the largest pieces that can move, and makes sure that their places can be written to: a read-only
// directory in the middle of a tree must not stop a render half-way. changes are sorted by path.
func newPlan(d *Dir, changes []Change) (*plan, error) {
	p := &plan{}
	known := map[string]bool{}  // directories that exist, or do not
	places := map[string]bool{} // directories that get or lose an entry
	var last string
	for i := range changes {
		path := changes[i].Path
		if changes[i].want == nil {
			p.removes = append(p.removes, path)
			places[parent(path)] = true
			continue
		}
		if last != "" && strings.HasPrefix(path, last+"/") {
			continue // comes with its directory
		}
		piece, err := d.piece(path, known)
		if err != nil {
			return nil, err
		}
		p.moves, last = append(p.moves, piece), piece
		places[parent(piece)] = true
	}
	for _, place := range slices.Sorted(maps.Keys(places)) {
		if err := d.access(place); err != nil {
			return nil, d.failure("write to", place, err)
		}
	}
	return p, nil
}

// piece returns the outermost directory of path that does not exist yet, or path if they all do.
func (d *Dir) piece(path string, known map[string]bool) (string, error) {
	for i, r := range path {
		if r != '/' {
			continue
		}
		exists, ok := known[path[:i]]
		if !ok {
			found, err := d.lstat(path[:i])
			if err != nil {
				return "", err
			}
			exists = found != nil
			known[path[:i]] = exists
		}
		if !exists {
			return path[:i], nil
		}
	}
	return path, nil
}

// run switches the tree over and returns how many steps it got through.
func (p *plan) run(d *Dir) (steps int, err error) {
	for _, path := range p.moves {
		if err := d.root.Rename(stageDir+"/"+path, path); err != nil {
			return steps, d.failure("replace", path, err)
		}
		steps++
	}
	for _, path := range p.removes {
		if err := d.root.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return steps, d.failure("remove", path, err)
		}
		steps++
	}
	for _, path := range p.removes {
		d.removeEmpty(parent(path))
	}
	return steps, nil
}

// removeEmpty removes a directory and those around it, as long as they are empty. One that is not stays.
func (d *Dir) removeEmpty(path string) {
	for path != "." && d.root.Remove(path) == nil {
		path = parent(path)
	}
}
