package main

import (
	"io"
	"os"
)

// colours reports whether w is a terminal whose user has not declined colours (https://no-color.org). CI logs
// are read as plain text, even by runners that offer a terminal.
func colours(w any) bool {
	if c, ok := w.(*checkedWriter); ok {
		w = c.w
	}
	file, ok := w.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" || os.Getenv("CI") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	return isTerminal(file)
}

// checkedWriter keeps the first error, so that results which did not reach a full disk are noticed even where
// a library prints them.
type checkedWriter struct {
	w      io.Writer
	before func() // is called before anything is printed
	err    error
}

func (c *checkedWriter) Write(p []byte) (int, error) {
	c.before()
	n, err := c.w.Write(p)
	if c.err == nil {
		c.err = err
	}
	return n, err
}
