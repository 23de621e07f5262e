package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// spare refuses to write a report over what no run can bring back: a file of the topology, by whatever name or link it
// is called, what is rendered below out, or a file that holds a key, token or certificate. The last is what is known of
// material before the topology has been read, which may fail.
func (f *formatFlag) spare(src *source, out string) error {
	return f.refuse(func(t target) string {
		switch {
		case slices.ContainsFunc(src.files, func(file string) bool { return t.spoils(src, file) }):
			return "write the report over the topology"
		case t.below(out, "clusters") || t.below(out, ".meshtopo"):
			return "write the report among the rendered files"
		case t.holdsMaterial():
			return "write the report over a key, token or certificate"
		}
		return ""
	})
}

// spareNamed refuses to write a report over a file that the topology names, which is known once that has been read.
func (f *formatFlag) spareNamed(src *source) error {
	named := src.store.Files()
	return f.refuse(func(t target) string {
		if slices.ContainsFunc(named, func(file string) bool { return t.spoils(src, file) }) {
			return "write the report over a file that the topology names"
		}
		return ""
	})
}

// spareLinted refuses to write a report over a file that is linted, or over a key, token or certificate.
func (f *formatFlag) spareLinted(files []string) error {
	return f.refuse(func(t target) string {
		own, err := os.Stat(t.path)
		linted := func(file string) bool {
			info, err := os.Stat(filepath.FromSlash(file))
			return err == nil && os.SameFile(own, info)
		}
		switch {
		case err == nil && own.Mode().IsRegular() && slices.ContainsFunc(files, linted):
			return "write the report over a file that is linted"
		case t.holdsMaterial():
			return "write the report over a key, token or certificate"
		}
		return ""
	})
}

func (f *formatFlag) refuse(what func(target) string) error {
	for _, t := range f.targets {
		if t.path == "" {
			continue
		}
		if would := what(t); would != "" {
			return usagef("--format %s would %s: name another file", t, would)
		}
	}
	return nil
}

// spoils reports whether the report would replace a file below the root, be in the place of one that is not there, or
// become a part of a CUE package.
func (t target) spoils(src *source, file string) bool {
	info, err := src.root.Stat(file)
	if err == nil && info.IsDir() {
		return filepath.Ext(t.path) == ".cue" && t.below(src.dir, "")
	}
	if err == nil {
		own, err := os.Stat(t.path)
		return err == nil && os.SameFile(own, info)
	}
	return file != stdinArg && t.real() == filepath.Join(src.dir, filepath.FromSlash(file))
}

// below reports whether the report would be in a directory.
func (t target) below(dir, name string) bool {
	rel, err := filepath.Rel(realDir(filepath.Join(realDir(dir), name)), t.real())
	return err == nil && filepath.IsLocal(rel)
}

// real is where the report goes, without links.
func (t target) real() string {
	if path, err := filepath.EvalSymlinks(t.path); err == nil {
		return realFile(path)
	}
	return realFile(t.path)
}

// holdsMaterial reports whether the file that is there is PEM or a token. No line of a report begins like that.
func (t target) holdsMaterial() bool {
	path, mode, ok := t.place()
	if !ok || mode == 0 {
		return false
	}
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, 1<<20))
	return err == nil && (bytes.HasPrefix(text, []byte("-----BEGIN")) || bytes.Contains(text, []byte("\n-----BEGIN")) ||
		bytes.HasPrefix(text, []byte("eyJ")) && strings.Count(string(text), ".") >= 2)
}
