package tree

import (
	"bytes"
	"io"
	"os"
	"syscall"
)

// openFile opens a file to read it. It does not wait if the file has become a pipe meanwhile, and os does not try
// first whether it is one, which is a tenth of the time that an unchanged tree takes.
func openFile(dir *os.Root, name string) (*os.File, error) {
	return dir.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
}

// readFile reads no more than so much of a file of the tree: nothing that somebody made longer is worth reading whole.
// A CRLF checkout reads as what git has committed.
func (d *Dir) readFile(name string, most int64) ([]byte, error) {
	f, err := openFile(d.root, name)
	if err != nil {
		return nil, d.failure("read", name, err)
	}
	defer f.Close()
	var data bytes.Buffer
	if info, err := f.Stat(); err == nil {
		data.Grow(int(min(info.Size(), most)) + bytes.MinRead) // or it grows step by step
	}
	if _, err := data.ReadFrom(io.LimitReader(f, most)); err != nil {
		return nil, d.failure("read", name, err)
	}
	return unixLines(data.Bytes()), nil
}

// maxState bounds what is read of a file of the state directory, and of one whose digest is taken. A journal has a line
// for each file of the tree.
const maxState = 64 << 20

// readState reads a file of the state directory; nothing if there is none. What stands there may be of anybody: a pipe
// has no end, and a device may have none.
func (d *Dir) readState(name string) ([]byte, error) {
	found, err := d.lstat(name)
	switch {
	case err != nil || found == nil:
		return nil, err
	case !found.Mode().IsRegular():
		return nil, inTheWay(name, "file", found.Mode())
	case found.Size() > maxState:
		return nil, &ObstacleError{name, "is too large to be of meshtopo: move or delete it"}
	}
	f, err := d.root.Open(name)
	if err != nil {
		return nil, d.failure("read", name, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxState))
	if err != nil {
		return nil, d.failure("read", name, err)
	}
	return data, nil
}
