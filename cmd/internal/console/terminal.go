package console

import (
	"io"
	"os"
)

// Colours reports whether w is a terminal whose user has not declined colours (https://no-color.org). CI logs
// are read as plain text, even by runners that offer a terminal.
func Colours(w any) bool {
	if c, ok := w.(*Checked); ok {
		w = c.W
	}
	file, ok := w.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" || os.Getenv("CI") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	return isTerminal(file)
}

// Checked keeps the first error, so that results which did not reach a full disk are noticed even where
// a library prints them.
type Checked struct {
	W      io.Writer
	Before func() // is called before anything is printed
	Err    error
}

// Write prints p.
func (c *Checked) Write(p []byte) (int, error) {
	c.Before()
	n, err := c.W.Write(p)
	if c.Err == nil {
		c.Err = err
	}
	return n, err
}
