package tree

import (
	"context"
	"errors"
	"os"
)

// stage writes everything that changes below the stage, where it has the path that it will have in the tree.
func (d *Dir) stage(ctx context.Context, changes []Change) error {
	if err := d.remove(stageDir); err != nil {
		return err
	}
	if err := d.root.Mkdir(stageDir, 0o755); err != nil {
		return d.failure("create", stageDir, err)
	}
	root, err := d.root.OpenRoot(stageDir)
	if err != nil {
		return d.failure("open", stageDir, err)
	}
	s := stager{root: root}
	defer s.close()
	for i := range changes {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if want := changes[i].want; want != nil {
			if err := s.write(want); err != nil {
				return d.failure("write", want.Path, err)
			}
		}
	}
	return nil
}

// stager keeps the directory of the last file open. The next file is mostly in the same one, and its name need not be
// resolved from the top.
type stager struct {
	root *os.Root
	dir  *os.Root
	path string // of dir
}

func (s *stager) close() {
	s.root.Close()
	if s.dir != nil {
		s.dir.Close()
	}
}

func (s *stager) write(file *File) error {
	if err := s.enter(parent(file.Path)); err != nil {
		return err
	}
	mode := public
	if file.Private {
		mode = private
	}
	f, err := s.dir.OpenFile(base(file.Path), os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = file.WriteTo(f)
	return errors.Join(err, f.Close())
}

func (s *stager) enter(path string) error {
	if s.dir != nil && s.path == path {
		return nil
	}
	if err := s.root.MkdirAll(path, 0o755); err != nil {
		return err
	}
	dir, err := s.root.OpenRoot(path)
	if err != nil {
		return err
	}
	if s.dir != nil {
		s.dir.Close()
	}
	s.dir, s.path = dir, path
	return nil
}
