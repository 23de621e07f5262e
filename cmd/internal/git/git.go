// Package git tells which files a commit would lack, and what the last one has. It asks the git command, which it alone
// runs.
package git

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

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
	if err := checkRepository(files.Here()); err != nil {
		return nil, err
	}
	tracked, err := listFiles(specs, "--cached", "--recurse-submodules")
	if err != nil {
		return nil, err
	}
	loose, err := listFiles(specs, "--others", "--exclude-standard")
	return &index{tracked, loose}, err
}

// quiet are settings that win over those of the repository, which may be anybody's: git runs no program for it, and
// writes nothing.
var quiet = []string{
	"--no-pager", "--no-optional-locks", "--no-replace-objects", "--literal-pathspecs",
	"-c", "core.fsmonitor=false", "-c", "core.hooksPath=" + os.DevNull, "-c", "core.untrackedCache=false", "-c", "core.sshCommand=false",
	"-c", "core.pager=cat", "-c", "core.askPass=false", "-c", "credential.helper=", "-c", "diff.external=", "-c", "protocol.allow=never",
}

// run gives what git prints. It is given up where it waits for ever, as for a pipe in the place of a file of the
// repository. The directory, the environment and the input are those of how.
func run(how *exec.Cmd, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeoutCause(context.Background(), patience, errSlow)
	defer cancel()
	git := exec.CommandContext(ctx, "git", slices.Concat(quiet, args)...)
	git.Dir, git.Stdin = how.Dir, how.Stdin
	git.Env = append(how.Env, "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "GIT_NO_LAZY_FETCH=1", "GIT_TRACE2=0")
	git.WaitDelay = time.Second
	out, err := git.Output()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, gitReason(err)
	}
	return out, nil
}

// listFiles runs git ls-files (https://git-scm.com/docs/git-ls-files).
func listFiles(paths []string, which ...string) (map[string]bool, error) {
	out, err := run(&exec.Cmd{Env: os.Environ()}, slices.Concat([]string{"ls-files", "-z"}, which, []string{"--"}, paths)...)
	if err != nil {
		return nil, err
	}
	all := map[string]bool{}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		all[filepath.Join(files.Here(), filepath.FromSlash(name))] = true
	}
	return all, nil
}

// checkRepository refuses a repository with a pipe or device in the place of one of its own files, for which git would
// wait.
func checkRepository(dir string) error {
	at := filepath.Join(dir, ".git")
	if _, err := os.Lstat(at); err != nil {
		if parent := filepath.Dir(dir); parent != dir {
			return checkRepository(parent)
		}
		return nil
	}
	for _, name := range []string{"", "HEAD", "config", "index", "packed-refs", "commondir", "info/exclude"} {
		info, err := os.Stat(filepath.Join(at, name))
		if err == nil && !info.IsDir() && !info.Mode().IsRegular() {
			return fmt.Errorf("%s is not a regular file", files.FromHere(filepath.Join(at, name)))
		}
	}
	return nil
}

// patience is how long git may take. It lists a million files in a second.
const patience = 20 * time.Second

var errSlow = fmt.Errorf("it gives no answer within %s", patience)

// gitReason is why git gave no answer: the first line of what it says.
func gitReason(err error) error {
	var exit *exec.ExitError
	if !errors.As(err, &exit) || len(exit.Stderr) == 0 {
		return err
	}
	line, _, _ := strings.Cut(strings.TrimSpace(string(exit.Stderr)), "\n")
	return fmt.Errorf("%s", strings.TrimPrefix(line, "fatal: "))
}
