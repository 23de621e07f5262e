package tree

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestObstacles puts something in the way of a rendered tree. Neither Diff nor Apply may get past it, and Apply must
// not have written anything else either.
func TestObstacles(t *testing.T) {
	full := func(path string) func(ground) {
		return func(g ground) { g.remove(path); g.write(path+"/mine.txt", "by hand\n") }
	}
	file := func(path string) func(ground) {
		return func(g ground) { g.remove(path); g.write(path, "by hand\n") }
	}
	link := func(path string) func(ground) {
		return func(g ground) {
			g.must(os.Rename(g.at(path), g.at("moved")))
			g.symlink(g.at("moved"), path)
		}
	}
	tests := []struct {
		name string
		do   func(g ground)
		want []string // path and part of the sentence
	}{
		{"a file by hand", file(namespaceA), []string{namespaceA + " was not generated"}},
		{"an empty file", func(g ground) { g.must(os.Truncate(g.at(namespaceA), 0)) }, []string{namespaceA + " was not generated"}},
		{"a lost marker", func(g ground) { g.edit(namespaceA, "# Gen", "# gen") }, []string{namespaceA + " was not generated"}},
		{"another topology's file", func(g ground) { g.edit(namespaceA, "/shop", "/bank") },
			[]string{namespaceA + " was generated from Topology/bank, not from Topology/shop"}},
		{"a directory for a file", full(namespaceA), []string{namespaceA + " is a directory"}},
		{"a directory for a private file", full(cacertsA), []string{cacertsA + " is a directory"}},
		{"a file for clusters", file("clusters"), []string{"clusters is a file"}},
		{"a file for a cluster", file("clusters/a"), []string{"clusters/a is a file"}},
		{"a file for a layer", file("clusters/a/1-prepare"), []string{"clusters/a/1-prepare is a file"}},
		{"a file for a directory of a layer", file("clusters/a/2-secrets/remote-secrets"),
			[]string{"clusters/a/2-secrets/remote-secrets is a file"}},
		{"a symlink for clusters", link("clusters"), []string{"clusters is a symlink"}},
		{"a symlink for a cluster", link("clusters/a"), []string{"clusters/a is a symlink"}},
		{"a symlink for a layer", link("clusters/a/1-prepare"), []string{"clusters/a/1-prepare is a symlink"}},
		{"a symlink for a directory of a layer", link("clusters/a/2-secrets/remote-secrets"),
			[]string{"clusters/a/2-secrets/remote-secrets is a symlink"}},
		{"a symlink for a file", link(namespaceA), []string{namespaceA + " is a symlink"}},
		{"a symlink out of the output", func(g ground) { g.remove(namespaceA); g.symlink("/etc/passwd", namespaceA) },
			[]string{namespaceA + " is a symlink"}},
		{"a symlink to nowhere", func(g ground) { g.remove("clusters/a"); g.symlink("nowhere", "clusters/a") },
			[]string{"clusters/a is a symlink"}},
		{"a symlink for the state", link(stateDir), []string{stateDir + " is a symlink"}},
		{"a file for the state", file(stateDir), []string{stateDir + " is a file"}},
		{"several at once", func(g ground) { full(cacertsA)(g); file("clusters/b")(g); link(readmeA)(g) },
			[]string{cacertsA + " is a directory", readmeA + " is a symlink", "clusters/b is a file"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := rendered(t, small("net-1"))
			tt.do(g)
			before := g.everything()
			_, err := Diff(open(t, g.path), small("net-2"), nil)
			checkObstacles(t, err, tt.want)
			_, err = Apply(t.Context(), open(t, g.path), small("net-2"), nil, nil)
			checkObstacles(t, err, tt.want)
			g.untouched(before)
		})
	}
}

func checkObstacles(t *testing.T, err error, want []string) {
	t.Helper()
	var obstacle *ObstacleError
	if !errors.As(err, &obstacle) {
		t.Fatalf("got %v, want an ObstacleError", err)
	}
	lines := strings.Split(err.Error(), "\n")
	if !slices.EqualFunc(lines, want, strings.HasPrefix) {
		t.Errorf("got obstacles %q, want %q", lines, want)
	}
}

// TestObstacleForLock has the lock's place taken, which only Apply minds.
func TestObstacleForLock(t *testing.T) {
	g := rendered(t, small("net-1"))
	g.write("mine", "by hand\n")
	g.remove(lockFile)
	g.symlink("../mine", lockFile)
	_, err := Apply(t.Context(), open(t, g.path), small("net-2"), nil, nil)
	checkObstacles(t, err, []string{lockFile + " is a symlink"})
}

// TestObstacleOutOfScope is none.
func TestObstacleOutOfScope(t *testing.T) {
	g := rendered(t, small("net-1"))
	g.remove("clusters/b")
	g.write("clusters/b", "by hand\n")
	if _, err := Apply(t.Context(), open(t, g.path), small("net-2"), Clusters("a"), nil); err != nil {
		t.Errorf("Apply = %v", err)
	}
}
