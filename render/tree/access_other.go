//go:build !unix

package tree

// access has no cheap question to ask here: whether a directory can be written to shows when it is.
func (d *Dir) access(string) error { return nil }
