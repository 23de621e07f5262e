//go:build !windows

package authority

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// lock keeps other processes out of a directory until it is closed. A file system without locks has no protection from
// two runs at once, but none of them writes over anything either.
func lock(dir *os.File) error {
	if err := unix.Flock(int(dir.Fd()), unix.LOCK_EX|unix.LOCK_NB); errors.Is(err, unix.EWOULDBLOCK) {
		return errBusy
	}
	return nil
}

// syncDir brings the names in a directory to the disk; not every file system can.
func syncDir(dir *os.File) { _ = dir.Sync() }
