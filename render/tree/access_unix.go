//go:build unix

package tree

import (
	"path/filepath"
	"syscall"
)

// access tells whether entries of a directory can be made and removed: a missing permission, a read-only mount and an
// immutable directory all show here.
func (d *Dir) access(dir string) error {
	const writeAndSearch = 2 | 1
	return syscall.Access(filepath.Join(d.path, filepath.FromSlash(dir)), writeAndSearch)
}
