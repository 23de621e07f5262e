package tree

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"meshtopo.dev/meshtopo/render/layout"
)

// bare is the context of children, which have no test to live in.
var bare = context.Background()

// churned are two trees with everything between them: changed, added and removed files and clusters.
func churned() []*Tree {
	return []*Tree{mesh(5, "one"), without(mesh(6, "two"), "clusters/cluster-2/")}
}

// churn renders them in turn, until it is killed.
func churn(dir *Dir) error {
	trees := churned()
	fmt.Println("ready")
	for i := 0; ; i++ {
		if _, err := Apply(bare, dir, trees[i%2], nil, nil); err != nil {
			return err
		}
	}
}

// TestKill kills a render at random moments: 30 of them, or as many as the environment variable KILLS says. Whatever
// the moment, each file is one of the two editions, neighbours are as they were, and the next render finishes.
func TestKill(t *testing.T) {
	kills := 30
	if n, err := strconv.Atoi(os.Getenv("KILLS")); err == nil {
		kills = n
	}
	g := ground{t, t.TempDir()}
	neighbours := map[string]string{
		"clusters/cluster-0/1-prepare/mine.yaml": "by hand\n",
		"clusters/cluster-2/mine.yaml":           "in a cluster that comes and goes\n",
		"clusters/mine.txt":                      "",
	}
	for path, content := range neighbours {
		g.write(path, content)
	}
	trees := churned()
	moment := rand.New(rand.NewPCG(1, 2))
	interrupted := 0
	for i := range kills {
		g.kill(func() {
			if i%2 == 0 {
				time.Sleep(time.Duration(moment.IntN(40_000)) * time.Microsecond)
				return
			}
			g.awaitJournal() // the switch is short, and what matters most
			time.Sleep(time.Duration(moment.IntN(2_000)) * time.Microsecond)
		})
		g.checkWhole(trees, neighbours)
		if _, err := os.Lstat(g.at(journalFile)); err == nil {
			interrupted++
		}
		next := trees[moment.IntN(2)]
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		if _, err := Apply(ctx, open(t, g.path), next, nil, nil); err != nil {
			t.Fatalf("Apply after a kill: %v", err)
		}
		cancel()
		g.settled(next)
	}
	t.Logf("%d of %d kills came after the journal was written", interrupted, kills)
}

// kill starts renders and kills them after a while.
func (g ground) kill(wait func()) {
	g.t.Helper()
	cmd := child(g.t, "churn", g.path)
	ready(g.t, cmd)
	wait()
	g.must(cmd.Process.Kill())
	cmd.Wait()
}

// awaitJournal waits until a render begins to move files into the tree.
func (g ground) awaitJournal() {
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		if _, err := os.Lstat(g.at(journalFile)); err == nil {
			return
		}
	}
	g.t.Fatal("no render came to its journal")
}

// checkWhole checks that every file has the content that one of the trees, or a neighbour, has.
func (g ground) checkWhole(trees []*Tree, neighbours map[string]string) {
	g.t.Helper()
	allowed := map[string][][]byte{}
	for path, content := range neighbours {
		allowed[path] = [][]byte{[]byte(content)}
	}
	for _, tree := range trees {
		for _, f := range tree.Files {
			allowed[f.Path] = append(allowed[f.Path], bytes.Join(f.Body, nil))
		}
	}
	g.must(fs.WalkDir(os.DirFS(g.path), layout.Top, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(g.path, path))
		whole := false
		for _, content := range allowed[path] {
			whole = whole || bytes.Equal(content, data)
		}
		if !whole {
			g.t.Errorf("%s is torn or foreign: %d bytes", path, len(data))
		}
		return err
	}))
	for path, content := range neighbours {
		if got := g.read(path); got != content {
			g.t.Errorf("%s holds %q, want %q", path, got, content)
		}
	}
}
