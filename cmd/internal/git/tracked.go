package git

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/cmd/internal/files"
	"meshtopo.dev/meshtopo/schema/diag"
)

// UntrackedFile is about what git knows of the files that everything else is about.
var UntrackedFile = &diag.Rule{
	Code:     "untracked-file",
	Severity: diag.Error,
	Fixed:    true,
	Title:    "git does not track a file of the topology or of the tree, where --tracked asks for that",
	Why:      "a commit lacks it: whoever has a clone does not have what was checked here",
	Fix:      "git add the file; where it holds a key or token that the repository is not to have, name it in .gitignore",
	Source:   "https://git-scm.com/docs/git-ls-files",
}

// TrackedPrivateFile is about keys and tokens that a commit holds.
var TrackedPrivateFile = &diag.Rule{
	Code:     "tracked-private-file",
	Severity: diag.Warning,
	Title:    "git tracks a file with a key or token, where --tracked asks for that",
	Why:      "whoever can read the repository, now or in its history, can read the mesh's Secrets or sign for its workloads",
	Fix:      "take it out of the index with git rm --cached, name it in .gitignore, and replace the key or token if it has been pushed; or lower the rule where the repository is as safe as the key",
	Source:   "https://git-scm.com/docs/gitignore",
}

// Rules are all of them.
var Rules = []*diag.Rule{UntrackedFile, TrackedPrivateFile}

// Needed is a file that a clone has to have for a command to find there what it finds here.
type Needed struct {
	Path    string // absolute, without symlinks but the last element
	Why     string
	Private bool // the repository may do without it
}

// Way gives the file that a path below a directory means, and the links that lead there; nothing where there is no
// file, or where it is not below the directory.
func Way(dir, path string) []string {
	whole := filepath.Join(dir, filepath.FromSlash(path))
	real, err := filepath.EvalSymlinks(whole)
	if err != nil || !files.Below(dir, whole) || !files.Below(dir, real) {
		return nil
	}
	if info, err := os.Stat(real); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	way := []string{real}
	for step := whole; step != dir; step = filepath.Dir(step) {
		if info, err := os.Lstat(step); err == nil && info.Mode()&os.ModeSymlink != 0 {
			way = append(way, files.RealFile(step))
		}
	}
	return way
}

// Check reports the files that git does not track. It may ignore those that hold keys and tokens.
func Check(t *files.Topology, all []Needed, found *diag.List) error {
	if len(all) == 0 {
		return nil
	}
	index, err := ask(tops(t.Dir, all))
	if err != nil {
		return fmt.Errorf("--tracked: git cannot be asked which files it tracks: %w", err)
	}
	checkPrivate(t, all, index, found)
	reported := map[string]bool{} // a link that leads to several files is one
	for _, f := range all {
		loose := index.loose[f.Path]
		if reported[f.Path] || index.tracked[f.Path] || f.Private && !loose {
			continue
		}
		reported[f.Path] = true
		add(t, f, loose, found)
	}
	return nil
}

// checkPrivate reports the tracked files with keys and tokens, all in one. Those below a directory called testdata are
// material of tests, such as that of the examples, and protect nothing.
func checkPrivate(t *files.Topology, all []Needed, index *index, found *diag.List) {
	var tracked []string
	for _, f := range all {
		test := strings.Contains(filepath.ToSlash(f.Path), "/testdata/")
		if f.Private && index.tracked[f.Path] && !test {
			tracked = append(tracked, t.Rel(f.Path))
		}
	}
	slices.Sort(tracked)
	tracked = slices.Compact(tracked)
	if len(tracked) == 0 {
		return
	}
	d := found.Add(diag.Pos{File: tracked[0]}, TrackedPrivateFile, "git tracks this file, which holds a key or token")
	if others := len(tracked) - 1; others > 0 {
		d.Message += fmt.Sprintf("; so it is with %d more", others)
	}
}

// tops gives few paths that have all files at or below them: a command line has no room for those of a large fleet.
func tops(dir string, all []Needed) []string {
	var tops []string
	for _, f := range all {
		top := filepath.Dir(f.Path)
		if rest, ok := strings.CutPrefix(f.Path, dir+string(filepath.Separator)); ok {
			first, _, _ := strings.Cut(rest, string(filepath.Separator))
			top = filepath.Join(dir, first)
		}
		tops = append(tops, top)
	}
	slices.Sort(tops)
	return slices.Compact(tops)
}

func add(t *files.Topology, f Needed, loose bool, found *diag.List) {
	name := word(files.FromHere(f.Path))
	noun := "file"
	if info, err := os.Lstat(f.Path); err == nil && info.Mode()&os.ModeSymlink != 0 {
		noun = "link"
	}
	d := found.Add(diag.Pos{File: t.Rel(f.Path)}, UntrackedFile, "git does not track this %s", noun)
	d.Why, d.Fix = f.Why, "git add "+name
	switch {
	case f.Private:
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
