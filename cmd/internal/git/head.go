package git

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Committed gives files below a directory as the last commit has them, by their paths. Of one that it does not have
// there is nothing, and neither is there outside of a repository.
func Committed(dir string, paths []string) (map[string][]byte, error) {
	top, below := existing(dir)
	if !inRepository(top) {
		return nil, nil
	}
	if err := checkRepository(top); err != nil {
		return nil, err
	}
	var ask bytes.Buffer
	for _, path := range paths {
		fmt.Fprintf(&ask, "HEAD:./%s\n", filepath.ToSlash(filepath.Join(below, path)))
	}
	out, err := run(&exec.Cmd{Dir: top, Env: foreign(os.Environ()), Stdin: &ask}, "cat-file", "--batch")
	if err != nil {
		return nil, err
	}
	all := map[string][]byte{}
	for _, path := range paths {
		var text []byte
		if text, out, err = object(out); err != nil {
			return nil, err
		}
		if text != nil {
			all[path] = text
		}
	}
	return all, nil
}

// existing gives the first directory upwards that there is, and the way from there to the one that is meant.
func existing(dir string) (top, below string) {
	for top = dir; ; top, below = filepath.Dir(top), filepath.Join(filepath.Base(top), below) {
		if info, err := os.Stat(top); err == nil && info.IsDir() || top == filepath.Dir(top) {
			return top, below
		}
	}
}

// inRepository reports whether a directory is in a work tree of git, without asking git.
func inRepository(dir string) bool {
	dir, err := filepath.Abs(dir)
	for err == nil {
		at := filepath.Join(dir, ".git")
		if info, err := os.Stat(at); err == nil && !info.IsDir() { // it says where the repository is
			return true
		}
		if _, err := os.Lstat(filepath.Join(at, "HEAD")); err == nil {
			return true
		}
		if dir == filepath.Dir(dir) {
			break
		}
		dir = filepath.Dir(dir)
	}
	return false
}

// foreign leaves out what git tells a hook about the repository that it runs for, which may be another one than that of
// the directory (git rev-parse --local-env-vars).
func foreign(env []string) []string {
	local := []string{
		"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_OBJECT_DIRECTORY",
		"GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_GRAFT_FILE", "GIT_SHALLOW_FILE", "GIT_REPLACE_REF_BASE",
	}
	return slices.DeleteFunc(env, func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return slices.Contains(local, name)
	})
}

var errCutShort = errors.New("git cat-file ends before it has answered")

// object takes the first answer of git cat-file --batch (https://git-scm.com/docs/git-cat-file): the text of a file, or
// nothing where there is none.
func object(out []byte) (text, rest []byte, err error) {
	line, rest, ok := bytes.Cut(out, []byte("\n"))
	fields := strings.Fields(string(line))
	if !ok || len(fields) < 2 {
		return nil, nil, errCutShort
	}
	size, err := strconv.Atoi(fields[len(fields)-1])
	if err != nil { // missing
		return nil, rest, nil
	}
	if size < 0 || size >= len(rest) {
		return nil, nil, errCutShort
	}
	text, rest = rest[:size], rest[size+1:]
	if fields[1] != "blob" {
		return nil, rest, nil
	}
	return text, rest, nil
}
