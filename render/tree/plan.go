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
// directory or a mount in the middle of a tree must not stop a render half-way. changes are sorted by path.
func newPlan(d *Dir, changes []Change) (*plan, error) {
	p := &plan{}
	known := map[string]bool{}  // directories that exist, or do not
	places := map[string]bool{} // directories that get an entry (true) or only lose one
	var last string
	for i := range changes {
		path := changes[i].Path
		if changes[i].want == nil {
			p.removes = append(p.removes, path)
			if place := parent(path); !places[place] {
				places[place] = false
			}
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
	return p, d.checkPlaces(places)
}

// errMount is why a finished file cannot move from the stage to its place.
var errMount = errors.New("it is on a mount of its own, and finished files get there by a rename, which cannot cross " +
	"mounts: mount the output directory as a whole, or render elsewhere and copy")

func (d *Dir) checkPlaces(places map[string]bool) error {
	stage, err := d.mount(stageDir)
	if err != nil {
		return d.failure("look at", stageDir, err)
	}
	for _, place := range slices.Sorted(maps.Keys(places)) {
		err := d.access(place)
		if err == nil && places[place] {
			var own mount
			if own, err = d.mount(place); err == nil && own != stage {
				err = errMount
			}
		}
		if err != nil {
			return d.failure("write to", place, err)
		}
	}
	return nil
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

// removeEmpty removes a directory and those around it, as long as they are empty. One that is not stays, and so does
// what is no directory.
func (d *Dir) removeEmpty(path string) {
	for ; path != "."; path = parent(path) {
		found, err := d.lstat(path)
		if err != nil || found != nil && (!found.IsDir() || d.root.Remove(path) != nil) {
			return
		}
	}
}
