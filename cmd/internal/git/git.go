// Package git tells which files a commit would lack. It asks the git command, which it alone runs.
package git

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"meshtopo.dev/meshtopo/cmd/internal/files"
)

// index is what git says of the files in a work tree, by their absolute paths.
type index struct {
	tracked map[string]bool // in the index: what a commit takes
	loose   map[string]bool // neither there nor ignored
}

// ask asks for the files at or below paths. It asks in the working directory: there a hook is started, and the
// variables that git gives it are about the repository of that directory. One of them names the index that is about to
// be committed, which is not the usual one in git commit --all.
func ask(paths []string) (*index, error) {
	var specs []string
	for _, path := range paths {
		rel, err := filepath.Rel(files.Here(), path)
		if err != nil {
			rel = path // on another drive
		}
		specs = append(specs, filepath.ToSlash(rel))
	}
	tracked, err := listFiles(specs, "--cached", "--recurse-submodules")
	if err != nil {
		return nil, err
	}
	loose, err := listFiles(specs, "--others", "--exclude-standard")
	return &index{tracked, loose}, err
}

// listFiles runs git ls-files (https://git-scm.com/docs/git-ls-files).
func listFiles(paths []string, which ...string) (map[string]bool, error) {
	args := append([]string{"--literal-pathspecs", "ls-files", "-z"}, which...)
	git := exec.Command("git", append(append(args, "--"), paths...)...)
	git.Env = append(os.Environ(), "LC_ALL=C")
	out, err := git.Output()
	if err != nil {
		return nil, gitReason(err)
	}
	all := map[string]bool{}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		all[filepath.Join(files.Here(), filepath.FromSlash(name))] = true
	}
	return all, nil
}

// gitReason is why git gave no answer: the first line of what it says.
func gitReason(err error) error {
	var exit *exec.ExitError
	if !errors.As(err, &exit) || len(exit.Stderr) == 0 {
		return err
	}
	line, _, _ := strings.Cut(strings.TrimSpace(string(exit.Stderr)), "\n")
	return fmt.Errorf("%s", strings.TrimPrefix(line, "fatal: "))
}
