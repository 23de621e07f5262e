package tree

import (
	"errors"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// mount tells which file system a directory is on, and through which mount: a rename cannot leave either, not even
// from one bind mount of a file system to another. A kernel that does not know (before 5.8) names no mount, and the
// rename has to tell.
func (d *Dir) mount(dir string) (mount, error) {
	var s unix.Statx_t
	path := filepath.Join(d.path, filepath.FromSlash(dir))
	err := unix.Statx(unix.AT_FDCWD, path, unix.AT_SYMLINK_NOFOLLOW, unix.STATX_MNT_ID, &s)
	if errors.Is(err, unix.ENOSYS) {
		return mount{}, nil
	}
	return mount{s.Dev_major, s.Dev_minor, s.Mnt_id}, err
}

type mount struct {
	major, minor uint32
	id           uint64
}
