package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"meshtopo.dev/meshtopo/schema/diag"
)

func addTrackedFlag(f *pflag.FlagSet, p *bool) {
	f.BoolVar(p, "tracked", false, "what a commit would lack, because git does not track it, is an error")
}

// trackedHelp says in the help of a verb what --tracked is for.
const trackedHelp = `With --tracked, which is for hooks, git is asked about the files: each has to be in its index, or what is judged here
is not what a commit holds. Keys and tokens, and the files that they go into, may be ignored instead.`

// untrackedRule is about what git knows of the files that everything else is about.
func untrackedRule() *diag.Rule {
	return &diag.Rule{
		Code:     "untracked-file",
		Severity: diag.Error,
		Fixed:    true,
		Title:    "git does not track a file of the topology or of the tree, where --tracked asks for that",
		Why:      "a commit lacks it: whoever has a clone does not have what was judged here",
		Fix:      "git add the file; where it holds a key or token that the repository is not to have, name it in .gitignore",
		Source:   "https://git-scm.com/docs/git-ls-files",
	}
}

// needed is a file that a clone has to have for the command to find there what it finds here.
type needed struct {
	path    string // absolute, without symlinks but the last element
	why     string
	private bool // the repository may do without it
}

// needed lists what was read for the topology: its own files, and what they name.
func (s *source) needed() []needed {
	const why = "a commit lacks it: the topology cannot be read from a clone, or means something else there"
	var all []needed
	add := func(files []string, private bool) {
		for _, file := range files {
			for _, step := range s.wayTo(file) {
				all = append(all, needed{step, why, private})
			}
		}
	}
	add(s.seen.names(), false)
	add(s.store.PublicFiles(), false)
	add(s.store.PrivateFiles(), true)
	return all
}

// wayTo gives the file that a path below the root means, and the links that lead there; nothing where there is no file,
// or where it is not below the root.
func (s *source) wayTo(file string) []string {
	whole := filepath.Join(s.dir, filepath.FromSlash(file))
	real, err := filepath.EvalSymlinks(whole)
	if err != nil || !below(s.dir, whole) || !below(s.dir, real) {
		return nil
	}
	if info, err := os.Stat(real); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	way := []string{real}
	for step := whole; step != s.dir; step = filepath.Dir(step) {
		if info, err := os.Lstat(step); err == nil && info.Mode()&os.ModeSymlink != 0 {
			way = append(way, realFile(step))
		}
	}
	return way
}

func below(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(rel)
}

// needed lists the files of the tree that are there. What is not there, or should not be, is drift.
func (p *compiled) needed() []needed {
	const why = "a commit lacks it: the tree in a clone is not what the topology says"
	var all []needed
	out := realDir(p.out)
	for i := range p.tree.Files {
		f := &p.tree.Files[i]
		name := filepath.Join(out, filepath.FromSlash(f.Path))
		if _, err := os.Lstat(name); err == nil && p.scope.Contains(f.Path) {
			all = append(all, needed{name, why, f.Private})
		}
	}
	return all
}

// checkTracked reports the files that git does not track. It may ignore those that hold keys and tokens.
func (s *source) checkTracked(files []needed, found *diag.List) error {
	if len(files) == 0 {
		return nil
	}
	index, err := askGit(s.tops(files))
	if err != nil {
		return fmt.Errorf("--tracked: git cannot be asked which files it tracks: %w", err)
	}
	reported := map[string]bool{} // a link that leads to several files is one
	for _, f := range files {
		loose := index.loose[f.path]
		if reported[f.path] || index.tracked[f.path] || f.private && !loose {
			continue
		}
		reported[f.path] = true
		s.addUntracked(f, loose, found)
	}
	return nil
}

// tops gives few paths that have all files at or below them: a command line has no room for those of a large fleet.
func (s *source) tops(files []needed) []string {
	var tops []string
	for _, f := range files {
		top := filepath.Dir(f.path)
		if rest, ok := strings.CutPrefix(f.path, s.dir+string(filepath.Separator)); ok {
			first, _, _ := strings.Cut(rest, string(filepath.Separator))
			top = filepath.Join(s.dir, first)
		}
		tops = append(tops, top)
	}
	slices.Sort(tops)
	return slices.Compact(tops)
}

func (s *source) addUntracked(f needed, loose bool, found *diag.List) {
	file := f.path
	if rel, err := filepath.Rel(s.dir, f.path); err == nil {
		file = rel
	}
	name := word(fromHere(f.path))
	noun := "file"
	if info, err := os.Lstat(f.path); err == nil && info.Mode()&os.ModeSymlink != 0 {
		noun = "link"
	}
	d := found.Add(diag.Pos{File: filepath.ToSlash(file)}, untrackedRule(), "git does not track this %s", noun)
	d.Why, d.Fix = f.why, "git add "+name
	switch {
	case f.private:
		d.Message = "git neither tracks nor ignores this file, which holds a key or token"
		d.Why = "whoever adds all files commits it in plain text, and until then a commit lacks it"
		d.Fix = "name it in .gitignore; or, where the repository is to hold it, git add " + name
	case !loose:
		d.Message = fmt.Sprintf("git ignores this %s, and does not track it", noun)
		d.Fix = "git add --force " + name + ", or take it out of what .gitignore names"
	}
}

// word is a name as a shell takes it.
func word(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool { return !strings.ContainsRune(shellSafe, r) }) {
		return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
	}
	return name
}

const shellSafe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+.,:@%/"
