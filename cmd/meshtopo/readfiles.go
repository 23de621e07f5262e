package main

import (
	"io/fs"
	"maps"
	"slices"
	"sync"
)

// rememberingFS remembers what was read.
type rememberingFS struct {
	guardedFS
	read *readFiles
}

// Open opens a directory or a file.
func (r rememberingFS) Open(name string) (fs.File, error) {
	file, err := r.guardedFS.Open(name)
	r.read.add(name, err)
	return file, err
}

// ReadFile reads a file.
func (r rememberingFS) ReadFile(name string) ([]byte, error) {
	text, err := r.guardedFS.ReadFile(name)
	r.read.add(name, err)
	return text, err
}

// readFiles are the names of files, and of directories.
type readFiles struct {
	mu  sync.Mutex
	all map[string]bool
}

func (r *readFiles) add(name string, err error) {
	if err != nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.all == nil {
		r.all = map[string]bool{}
	}
	r.all[name] = true
}

func (r *readFiles) names() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Sorted(maps.Keys(r.all))
}
