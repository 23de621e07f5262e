package main

import (
	"os"
	"path/filepath"

	"github.com/spf13/pflag"

	"meshtopo.dev/meshtopo/cmd/internal/files"
	"meshtopo.dev/meshtopo/cmd/internal/git"
)

func addTrackedFlag(f *pflag.FlagSet, p *bool) {
	f.BoolVar(p, "tracked", false, "what a commit would lack, because git does not track it, is an error")
}

// trackedHelp says in the help of a verb what --tracked is for.
const trackedHelp = `With --tracked, which is for hooks, git is asked about the files: each has to be in its index, or what is checked here
is not what a commit holds. Keys and tokens, and the files that they go into, may be ignored instead.`

// neededBy lists what was read for the topology: its own files, and what they name.
func neededBy(src *files.Topology) []git.Needed {
	const why = "a commit lacks it: the topology cannot be read from a clone, or means something else there"
	var all []git.Needed
	add := func(names []string, private bool) {
		for _, name := range names {
			for _, step := range git.Way(src.Dir, name) {
				all = append(all, git.Needed{Path: step, Why: why, Private: private})
			}
		}
	}
	add(src.Read(), false)
	add(src.Store.PublicFiles(), false)
	add(src.Store.PrivateFiles(), true)
	return all
}

// needed lists the files of the tree that are there. What is not there, or should not be, is drift.
func (p *compiled) needed() []git.Needed {
	const why = "a commit lacks it: the tree in a clone is not what the topology says"
	var all []git.Needed
	out := files.RealDir(p.out)
	for i := range p.tree.Files {
		f := &p.tree.Files[i]
		name := filepath.Join(out, filepath.FromSlash(f.Path))
		if _, err := os.Lstat(name); err == nil && p.scope.Contains(f.Path) {
			all = append(all, git.Needed{Path: name, Why: why, Private: f.Private})
		}
	}
	return all
}
