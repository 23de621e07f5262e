package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestGitignoreRecipe commits all of a mesh with the .gitignore that the page about keys gives: no private file is in
// the commit, and nothing else is missing.
func TestGitignoreRecipe(t *testing.T) {
	recipe := regexp.MustCompile("(?s)```gitignore\n(.*?)```").FindStringSubmatch(read(t, "../../render/README.md"))
	if recipe == nil {
		t.Fatal("the page has no recipe")
	}
	dir := copyExample(t, "two-clusters")
	must(t, os.Mkdir(filepath.Join(dir, "root"), 0o777))
	write(t, filepath.Join(dir, "root/key.pem"), "a key\n")
	write(t, filepath.Join(dir, ".gitignore"), recipe[1])
	if got := meshtopo(t, dir, "", "render"); got.code != exitOK {
		t.Fatal(got.err)
	}
	git := func(args ...string) string {
		c := exec.Command("git", args...)
		c.Dir = dir
		said, err := c.Output()
		must(t, err)
		return string(said)
	}
	git("init", "-q")
	git("add", "-A")
	for file := range strings.Lines(git("ls-files")) {
		private := strings.Contains(read(t, filepath.Join(dir, strings.TrimSuffix(file, "\n"))), "PRIVATE KEY") || strings.HasPrefix(file, "tokens/")
		if private || strings.HasPrefix(file, "root/") || strings.Contains(file, "remote-secrets/") || strings.Contains(file, "cacerts.yaml") {
			t.Errorf("with this .gitignore a commit has %s", file)
		}
	}
	if got := meshtopo(t, dir, "", "diff", "--tracked"); got.code != exitOK || got.out != "" {
		t.Errorf("meshtopo diff --tracked: %s%s", got.out, got.err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
