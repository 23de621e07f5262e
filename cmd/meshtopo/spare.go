package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/cmd/internal/report"
	"meshtopo.dev/meshtopo/render/layout"
)

// spareOthers refuses a file that a report would replace without being one: a topology, a key, a rendered file, notes.
// What was written by no run can be brought back by none, and which files those are need not be known here. An empty
// file holds nothing; what is no regular file, and what the shell has opened, is written to and not replaced.
func (t target) spareOthers() error {
	info, err := os.Stat(t.path)
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 || isOpenFile(t.path) {
		return nil
	}
	head, err := readHead(t.path)
	switch {
	case err != nil:
		return fmt.Errorf("%s is there, and whether it is a report cannot be read: %w", t.path, reason(err))
	case !report.Recognizes(head):
		return fmt.Errorf("%s is there and is no report: name another file", t.path)
	}
	return nil
}

func readHead(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, report.HeadSize))
}

// spare refuses a report in a place that the command, or its next run, reads for something else: that of a file of the
// topology, and what is rendered below out.
func (f *formatFlag) spare(src *source, out string) error {
	return f.refuse(func(t target) string {
		switch {
		case slices.ContainsFunc(src.files, func(file string) bool { return t.takes(src, file) }):
			return "write the report over the topology"
		case t.below(out, layout.Top) || t.below(out, ".meshtopo"):
			return "write the report among the rendered files"
		}
		return ""
	})
}

// spareNamed refuses a report in the place of a file that the topology names, which is known once that has been read.
func (f *formatFlag) spareNamed(src *source) error {
	named := src.store.Files()
	return f.refuse(func(t target) string {
		if slices.ContainsFunc(named, func(file string) bool { return t.takes(src, file) }) {
			return "write the report over a file that the topology names"
		}
		return ""
	})
}

// spareLinted refuses a report that the next run would take for a manifest.
func (f *formatFlag) spareLinted(checked []string) error {
	return f.refuse(func(t target) string {
		manifest := slices.Contains(manifestTypes, strings.TrimPrefix(filepath.Ext(t.path), "."))
		if manifest && slices.ContainsFunc(checked, func(dir string) bool { return isDir(dir) && t.below(dir, "") }) {
			return "write the report among the manifests that are linted"
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

// takes reports whether the report would be in the place of a file below the root, there or not, or a part of a CUE
// package.
func (t target) takes(src *source, file string) bool {
	if info, err := src.root.Stat(file); err == nil && info.IsDir() {
		return filepath.Ext(t.path) == ".cue" && t.below(src.dir, "")
	}
	return file != stdinArg && t.real() == filepath.Join(src.dir, filepath.FromSlash(file))
}

// below reports whether the report would be in a directory.
func (t target) below(dir, name string) bool {
	rel, err := filepath.Rel(realDir(filepath.Join(realDir(dir), name)), t.real())
	return err == nil && filepath.IsLocal(rel)
}

// is reports whether two reports would go to the same file.
func (t target) is(other target) bool {
	if t.path == "" || other.path == "" {
		return t.path == other.path
	}
	own, err := os.Stat(t.path)
	its, errOther := os.Stat(other.path)
	return t.real() == other.real() || errors.Join(err, errOther) == nil && os.SameFile(own, its)
}

// real is where the report goes, without links, not even one to what is not there.
func (t target) real() string {
	at := t.path
	for range 40 {
		if resolved, err := filepath.EvalSymlinks(at); err == nil {
			return realFile(resolved)
		}
		to, err := os.Readlink(at)
		if err != nil {
			break
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(realDir(filepath.Dir(at)), to)
		}
		at = to
	}
	return realFile(at)
}

// isOpenFile reports whether a path names an open file of the shell. What such a file holds already stays.
func isOpenFile(name string) bool {
	name = path.Clean(filepath.ToSlash(name))
	return isDescriptor(name) || name == "/dev/stdout" || name == "/dev/stderr"
}
