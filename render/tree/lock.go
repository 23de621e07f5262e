package tree

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// lock takes the directory for one writer. The kernel drops the lock when its process ends, in whatever way, so a lock
// file that is left means nothing. Who holds the lock is in a file of its own, because Windows does not let others read
// a file that is locked.
func (d *Dir) lock(ctx context.Context, waiting func(holder string)) (unlock func(), err error) {
	if err := d.createState(); err != nil {
		return nil, err
	}
	found, err := d.lstat(lockFile)
	if err != nil {
		return nil, err
	}
	if found != nil && !found.Mode().IsRegular() {
		return nil, inTheWay(lockFile, "file", found.Mode())
	}
	l := flock.New(filepath.Join(d.path, filepath.FromSlash(lockFile)))
	ok, err := l.TryLock()
	if err == nil && !ok {
		if waiting != nil {
			waiting(d.holder())
		}
		_, err = l.TryLockContext(ctx, 20*time.Millisecond)
	}
	if err != nil && ctx.Err() != nil {
		return nil, fmt.Errorf("%s is rendering into %s: %w", d.holder(), d.path, context.Cause(ctx))
	}
	if err != nil {
		return nil, d.failure("lock", lockFile, err)
	}
	return func() { l.Close() }, nil
}

// hasLock tells whether somebody has written here before.
func (d *Dir) hasLock() (bool, error) {
	if err := d.checkState(); err != nil {
		return false, err
	}
	found, err := d.lstat(lockFile)
	return found != nil, err
}

// sign leaves the holder's process ID for those who wait.
func (d *Dir) sign(pid int) error {
	if err := d.remove(holderFile); err != nil {
		return err
	}
	return d.createFile(holderFile, strconv.Itoa(pid)+"\n")
}

// holder names the process that has the lock, as far as it has signed.
func (d *Dir) holder() string {
	data, err := d.readState(holderFile)
	pid, convErr := strconv.Atoi(strings.TrimSpace(string(data)))
	if err != nil || convErr != nil {
		return "another process"
	}
	return fmt.Sprintf("process %d", pid)
}
