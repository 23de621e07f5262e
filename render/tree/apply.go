package tree

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// Apply makes the directory what want says, within scope, and returns the changes that this took. An unchanged
// directory is not written to at all. It works in three steps:
//
//   - Everything that changes is written beside the tree. If that fails, or ctx is cancelled, the tree is as it was.
//   - The journal, which lists what changes, is put in place. From here on the render is not cancelled.
//   - Each file moves to its place by a rename, and what is pruned goes. A kill leaves every file either old or new,
//     Diff calls what is left to do interrupted, and the next Apply finishes.
//
// One Apply at a time: another waits, after calling waiting, if given, with the name of the process that it waits
// for, until ctx is cancelled.
func Apply(ctx context.Context, have *Dir, want *Tree, scope Scope, waiting func(holder string)) ([]Change, error) {
	lockable, err := have.hasLock()
	if err != nil {
		return nil, err
	}
	if !lockable { // nobody has rendered here yet, and unless something changes nothing may be written, not even a lock
		if changes, err := writable(have, want, scope); err != nil || len(changes) == 0 {
			return nil, err
		}
	}
	unlock, err := have.lock(ctx, waiting)
	if err != nil {
		return nil, err
	}
	defer unlock()
	changes, err := writable(have, want, scope)
	if err != nil {
		return nil, err
	}
	journal, err := have.readJournal()
	if err != nil {
		return nil, err
	}
	rest := journal.outside(scope)
	switch {
	case len(changes) > 0:
		err = have.write(ctx, changes, rest, journal != nil)
	case len(rest) == 0:
		err = have.sweep()
	}
	if err != nil {
		return nil, err
	}
	have.tidy(journal, scope)
	return changes, nil
}

// tidy removes the directories that an interrupted render has emptied and not removed.
func (d *Dir) tidy(journal paths, scope Scope) {
	for path := range journal {
		if scope.Contains(path) {
			d.removeEmpty(parent(path))
		}
	}
}

// writable is Diff for one who writes: files that cannot be written are an error.
func writable(have *Dir, want *Tree, scope Scope) ([]Change, error) {
	changes, err := Diff(have, want, scope)
	for _, c := range changes {
		if c.Unknown {
			err = errors.Join(err, fmt.Errorf("%s: cannot be written, because the key or token in it was not read", c.Path))
		}
	}
	return changes, err
}

// write carries out the changes, under the lock. rest is what an interrupted render, if there was one, has left to do
// beyond them.
func (d *Dir) write(ctx context.Context, changes []Change, rest []string, interrupted bool) error {
	steps := 0
	plan, err := d.prepare(ctx, changes, rest)
	if err == nil {
		steps, err = plan.run(d)
	}
	switch {
	case err == nil:
		return d.finish(rest)
	case steps > 0:
		return fmt.Errorf("some files are still old, and the next render finishes: %w", err)
	}
	d.abandon(interrupted)
	return fmt.Errorf("nothing was changed: %w", err)
}

// prepare does everything that is likely to fail, before the tree is changed.
func (d *Dir) prepare(ctx context.Context, changes []Change, rest []string) (*plan, error) {
	if err := d.sign(os.Getpid()); err != nil {
		return nil, err
	}
	if err := d.stage(ctx, changes); err != nil {
		return nil, err
	}
	plan, err := newPlan(d, changes)
	if err != nil {
		return nil, err
	}
	return plan, d.writeJournal(changes, rest)
}

// finish withdraws the journal, or what of it is done.
func (d *Dir) finish(rest []string) error {
	if len(rest) > 0 {
		if err := d.writeJournal(nil, rest); err != nil {
			return err
		}
		return errors.Join(d.remove(stageDir), d.remove(holderFile))
	}
	return d.sweep()
}

// abandon withdraws a render that changed nothing, as far as the file system lets it. The journal of an interrupted
// one stays.
func (d *Dir) abandon(interrupted bool) {
	if !interrupted {
		d.root.Remove(journalFile)
	}
	d.root.RemoveAll(stageDir)
	d.root.Remove(holderFile)
}

// sweep removes what an interrupted render left beside a tree that needs nothing any more.
func (d *Dir) sweep() error {
	for _, name := range []string{journalFile, stageDir, holderFile} {
		if err := d.remove(name); err != nil {
			return err
		}
	}
	return nil
}
