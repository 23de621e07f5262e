//go:build unix

package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestPipesAndHugeFiles puts pipes and files of 20 GB in the place of what meshtopo reads or writes beside the files
// that a command line names. Nothing waits for them, and nothing reads them whole.
func TestPipesAndHugeFiles(t *testing.T) {
	pipe := func(name string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			name := filepath.Join(dir, name)
			must(t, os.RemoveAll(name))
			must(t, os.MkdirAll(filepath.Dir(name), 0o777))
			must(t, syscall.Mkfifo(name, 0o666))
		}
	}
	huge := func(name string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			name := filepath.Join(dir, name)
			must(t, os.MkdirAll(filepath.Dir(name), 0o777))
			f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY, 0o666)
			must(t, err)
			must(t, f.Truncate(20<<30))
			must(t, f.Close())
		}
	}
	repository := func(name string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			c := exec.Command("git", "init", "-q")
			c.Dir = dir
			must(t, c.Run())
			pipe(name)(t, dir)
		}
	}
	tests := map[string]struct {
		prepare func(t *testing.T, dir string)
		args    string
		code    int
		says    string
	}{
		"the output":                  {pipe("out"), "render -o out", exitBroke, "not a directory"},
		"the output, compared":        {pipe("out"), "diff -o out", exitBroke, "not a directory"},
		"the tree":                    {pipe("clusters"), "render", exitFound, "neither a file nor a directory"},
		"a cluster's directory":       {pipe("clusters/cluster-a"), "diff", exitFound, "neither a file nor a directory"},
		"the state":                   {pipe(".meshtopo"), "render", exitFound, "neither a file nor a directory"},
		"the journal":                 {pipe(".meshtopo/journal"), "render", exitFound, "neither a file nor a directory"},
		"the journal, compared":       {pipe(".meshtopo/journal"), "diff", exitFound, "neither a file nor a directory"},
		"the lock":                    {pipe(".meshtopo/lock"), "render", exitFound, "neither a file nor a directory"},
		"the holder":                  {pipe(".meshtopo/holder"), "render", exitOK, "written"},
		"the stage":                   {pipe(".meshtopo/stage"), "render", exitOK, "written"},
		"a huge journal":              {huge(".meshtopo/journal"), "render", exitFound, "too large"},
		"a huge file of the tree":     {rendered(huge("clusters/README.md")), "diff", exitFound, "changed"},
		"a huge sum":                  {rendered(huge("clusters/cluster-a/meshtopo.sum")), "diff", exitFound, "changed"},
		"a huge file, replaced":       {rendered(huge("clusters/README.md")), "render", exitOK, "1 file written"},
		"the head of the repository":  {repository(".git/HEAD"), "validate --tracked", exitBroke, "HEAD is not a regular file"},
		"the index of the repository": {repository(".git/index"), "validate --tracked", exitBroke, "index is not a regular file"},
		"the repository":              {pipe(".git"), "validate --tracked", exitBroke, ".git is not a regular file"},
		"the head, rendered":          {repository(".git/HEAD"), "render", exitOK, "written"},
		"certificates":                {pipe("certs"), "validate", exitFound, "cannot be read"},
		"a token":                     {pipe("tokens/cluster-a"), "validate", exitFound, "not a regular file"},
		"a manifest":                  {pipe("deploy/a.yaml"), "lint deploy", exitFound, "not a regular file"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := copyExample(t, "two-clusters")
			tt.prepare(t, dir)
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			defer cancel()
			c := exec.CommandContext(ctx, "meshtopo", strings.Fields(tt.args)...)
			c.Dir = dir
			said, _ := c.CombinedOutput()
			if got := c.ProcessState.ExitCode(); got != tt.code || !strings.Contains(string(said), tt.says) {
				t.Errorf("exit code %d, want %d; it does not say %q: %.2000s", got, tt.code, tt.says, said)
			}
		})
	}
}

// rendered changes an example that has been rendered.
func rendered(change func(t *testing.T, dir string)) func(t *testing.T, dir string) {
	return func(t *testing.T, dir string) {
		if got := meshtopo(t, dir, "", "render"); got.code != exitOK {
			t.Fatal(got.err)
		}
		change(t, dir)
	}
}

// TestGitRunsNothing proves that asking git runs no program that a repository names.
func TestGitRunsNothing(t *testing.T) {
	dir := copyExample(t, "two-clusters")
	ran := filepath.Join(dir, "ran")
	program := filepath.Join(dir, "program")
	write(t, program, "#!/bin/sh\n: > "+ran+"\n")
	must(t, os.Chmod(program, 0o755))
	git := func(args ...string) {
		c := exec.Command("git", args...)
		c.Dir = dir
		if said, err := c.CombinedOutput(); err != nil {
			t.Fatalf("git %q: %s", args, said)
		}
	}
	git("init", "-q")
	git("add", "-A")
	git("config", "filter.x.clean", program)
	for _, setting := range []string{"core.fsmonitor", "core.pager", "pager.ls-files", "diff.external", "core.sshCommand", "core.askPass", "credential.helper"} {
		git("config", setting, program)
	}
	write(t, filepath.Join(dir, ".gitattributes"), "* filter=x diff=x\n")
	for _, hook := range []string{"fsmonitor-watchman", "post-index-change", "pre-commit"} {
		must(t, os.MkdirAll(filepath.Join(dir, ".git/hooks"), 0o755))
		must(t, os.Symlink(program, filepath.Join(dir, ".git/hooks", hook)))
	}
	git("--no-pager", "ls-files")
	if _, err := os.Stat(ran); err != nil {
		t.Skip("this git runs no monitor of its own either")
	}
	must(t, os.Remove(ran))
	for _, args := range [][]string{{"validate", "--tracked"}, {"diff", "--tracked"}, {"render"}} {
		meshtopo(t, dir, "", args...)
		if _, err := os.Stat(ran); err == nil {
			t.Errorf("meshtopo %q runs a program of the repository", args)
		}
	}
}
