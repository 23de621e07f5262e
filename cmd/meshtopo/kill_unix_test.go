//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"meshtopo.dev/meshtopo/cmd/internal/console"
)

// edition is a mesh of one primary and 19 remotes that need no material: some 120 files, nearly all of which change
// with the version and the network.
func edition(version, network string, clusters int) string {
	var b strings.Builder
	fmt.Fprintf(&b, `apiVersion: meshtopo.dev/v1alpha1
kind: Topology
metadata: {name: shop}
spec:
  istio: {version: %q, hub: registry.example.com/%s}
  secrets: {protection: plaintext}
  networks: {%s: {}}
  clusters:
    cluster-0: {network: %s, eastWestGateway: {addresses: [203.0.113.10]}}
`, version, network, network, network)
	for i := 1; i < clusters; i++ {
		fmt.Fprintf(&b, "    cluster-%d: {network: %s, primary: cluster-0, state: joining}\n", i, network)
	}
	return b.String()
}

// killed is an output directory that renders of two editions change in turn, with neighbours written by hand.
type killed struct {
	*testing.T
	dir    string
	moment *rand.Rand
	trees  []map[string]string // of the editions, by path
}

var neighbours = map[string]string{
	"clusters/mine.txt":                      "",
	"clusters/cluster-0/1-prepare/mine.yaml": "by hand\n",
	"clusters/cluster-19/mine.yaml":          "in a cluster that comes and goes\n",
}

func newKilled(t *testing.T) *killed {
	g := &killed{T: t, dir: t.TempDir(), moment: rand.New(rand.NewPCG(1, 2))}
	for i, text := range []string{edition("1.31.1", "one", 20), edition("1.31.0", "two", 19)} {
		g.must(os.WriteFile(g.topology(i), []byte(text), 0o644))
		dir := t.TempDir()
		if out, err := exec.CommandContext(t.Context(), "meshtopo", "render", "-o", dir, g.topology(i)).CombinedOutput(); err != nil {
			t.Fatalf("render: %v\n%s", err, out)
		}
		g.trees = append(g.trees, g.content(dir))
	}
	for name, text := range neighbours {
		g.must(os.MkdirAll(filepath.Dir(filepath.Join(g.dir, name)), 0o755))
		g.must(os.WriteFile(filepath.Join(g.dir, name), []byte(text), 0o644))
	}
	return g
}

func (g *killed) topology(i int) string { return filepath.Join(g.dir, fmt.Sprintf("%d.yaml", i)) }

func (g *killed) must(err error) {
	g.Helper()
	if err != nil {
		g.Fatal(err)
	}
}

// content reads what is below clusters/.
func (g *killed) content(dir string) map[string]string {
	g.Helper()
	files := map[string]string{}
	root := os.DirFS(dir)
	g.must(fs.WalkDir(root, "clusters", func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) || err == nil && d.IsDir() {
			return nil
		}
		data, err := fs.ReadFile(root, path)
		files[path] = string(data)
		return err
	}))
	return files
}

// start starts the command on an edition.
func (g *killed) start(verb string, i int) (*exec.Cmd, *bytes.Buffer) {
	g.Helper()
	out := &bytes.Buffer{}
	cmd := exec.CommandContext(g.Context(), "meshtopo", verb, "-o", g.dir, g.topology(i))
	cmd.Stdout, cmd.Stderr = out, out
	g.must(cmd.Start())
	return cmd, out
}

// exits runs the command on an edition, checks its exit code and gives its output.
func (g *killed) exits(want int, verb string, i int) string {
	g.Helper()
	cmd, out := g.start(verb, i)
	cmd.Wait()
	if got := cmd.ProcessState.ExitCode(); got != want {
		g.Errorf("meshtopo %s exits with %d, want %d:\n%s", verb, got, want, out)
	}
	return out.String()
}

// has tells whether our state directory has an entry.
func (g *killed) has(name string) bool {
	_, err := os.Lstat(filepath.Join(g.dir, ".meshtopo", name))
	return err == nil
}

// whole checks that each file is one of the editions' or a neighbour as it was, and that no neighbour is missing.
func (g *killed) whole() {
	g.Helper()
	found := g.content(g.dir)
	for path, text := range found {
		_, ours := neighbours[path]
		if !ours && text != g.trees[0][path] && text != g.trees[1][path] {
			g.Errorf("%s is torn or foreign: %d bytes", path, len(text))
		}
	}
	for path, text := range neighbours {
		if got, ok := found[path]; !ok || got != text {
			g.Errorf("%s holds %q, want %q", path, got, text)
		}
	}
}

// settled checks that the tree is an edition, with nothing left to do and nothing of a render lying about.
func (g *killed) settled(i int) {
	g.Helper()
	g.exits(exitOK, "diff", i)
	found := g.content(g.dir)
	for path, text := range g.trees[i] {
		if found[path] != text {
			g.Errorf("%s is not the edition that was rendered", path)
		}
	}
	if len(found) != len(g.trees[i])+len(neighbours) {
		g.Errorf("there are %d files, want %d", len(found), len(g.trees[i])+len(neighbours))
	}
	for _, name := range []string{"journal", "stage", "holder"} {
		if g.has(name) {
			g.Errorf("%s is still there", name)
		}
	}
}

// saysInterrupted checks what diff says about a render that was killed while it switched files: what is old is
// interrupted, and there is nothing else to say. The kill may have come after the last file.
func (g *killed) saysInterrupted(i int) {
	g.Helper()
	cmd, out := g.start("diff", i)
	cmd.Wait()
	first, _, _ := strings.Cut(out.String(), "\n")
	switch code := cmd.ProcessState.ExitCode(); {
	case code == exitOK && first == "":
	case code == exitFound && strings.HasPrefix(first, "interrupted "):
	default:
		g.Errorf("after a kill while files were switched, diff exits with %d:\n%s", code, out)
	}
}

// wait waits for a random moment of a render: any at all, or one after its journal, while it switches files.
func (g *killed) wait(switching bool) {
	if !switching {
		time.Sleep(time.Duration(g.moment.IntN(30_000)) * time.Microsecond)
		return
	}
	for deadline := time.Now().Add(2 * time.Second); time.Now().Before(deadline) && !g.has("journal"); {
	}
	time.Sleep(time.Duration(g.moment.IntN(2_000)) * time.Microsecond)
}

func kills() int {
	if n, err := strconv.Atoi(os.Getenv("KILLS")); err == nil {
		return n
	}
	return 6
}

// TestKillRender kills the command at random moments: 6 times, or as often as the environment variable KILLS says.
func TestKillRender(t *testing.T) {
	g := newKilled(t)
	interrupted := 0
	for n := range kills() {
		i := n % 2
		cmd, _ := g.start("render", i)
		g.wait(n%4 < 2)
		cmd.Process.Kill()
		cmd.Wait()
		g.whole()
		if g.has("journal") {
			interrupted++
			g.saysInterrupted(i)
		}
		if n%3 > 0 { // the third kill meets what two others have left
			i = g.moment.IntN(2)
			g.exits(exitOK, "render", i)
			g.settled(i)
		}
		if t.Failed() {
			t.Fatalf("kill %d", n)
		}
	}
	t.Logf("%d of %d kills came while files were switched", interrupted, kills())
}

// TestInterruptRender sends SIGINT at random moments. The command ends with the tree as it was, or finishes.
func TestInterruptRender(t *testing.T) {
	g := newKilled(t)
	g.exits(exitOK, "render", 1)
	old, ends := 1, map[int]int{}
	for n := range kills() {
		i := 1 - old
		cmd, out := g.start("render", i)
		time.Sleep(time.Duration(g.moment.IntN(40_000)) * time.Microsecond)
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
		code := cmd.ProcessState.ExitCode()
		ends[code]++
		switch code {
		case exitOK:
			old = i
		case console.ExitSignal(syscall.SIGINT):
			if got := out.String(); got != "" && got != "meshtopo: interrupted: nothing was written\n" {
				t.Errorf("interrupted, render says %q", got)
			}
		case -1: // before the command listened
		default:
			t.Errorf("interrupted, render exits with %d:\n%s", code, out)
		}
		g.settled(old)
		if t.Failed() {
			t.Fatalf("interrupt %d", n)
		}
	}
	t.Logf("exit codes %v (-1: while it still started)", ends)
}

// TestInterruptWaiting interrupts a render that waits for another.
func TestInterruptWaiting(t *testing.T) {
	g := newKilled(t)
	g.exits(exitOK, "render", 0)
	lock := flock.New(filepath.Join(g.dir, ".meshtopo", "lock"))
	g.must(lock.Lock())
	defer lock.Close()
	cmd := exec.CommandContext(t.Context(), "meshtopo", "render", "-o", g.dir, g.topology(1))
	talk, err := cmd.StderrPipe()
	g.must(err)
	g.must(cmd.Start())
	var said [256]byte
	n, err := talk.Read(said[:])
	g.must(err)
	if got, want := string(said[:n]), "meshtopo: waiting for another process, which renders into the same directory\n"; got != want {
		t.Errorf("render says %q, want %q", got, want)
	}
	g.must(cmd.Process.Signal(syscall.SIGINT))
	cmd.Wait()
	if got, want := cmd.ProcessState.ExitCode(), 128+int(syscall.SIGINT); got != want {
		t.Errorf("interrupted, render exits with %d, want %d", got, want)
	}
	g.must(lock.Unlock())
	g.settled(0)
	g.exits(exitOK, "render", 1)
	g.settled(1)
}

// TestRenderAtOnce has several renders disagree. Each succeeds, and the last one wins as a whole.
func TestRenderAtOnce(t *testing.T) {
	g := newKilled(t)
	for range max(3, kills()/20) {
		var all sync.WaitGroup
		for n := range 4 {
			all.Go(func() { g.exits(exitOK, "render", n%2) })
		}
		all.Wait()
		g.whole()
		winner := 0
		if g.content(g.dir)["clusters/README.md"] == g.trees[1]["clusters/README.md"] {
			winner = 1
		}
		g.settled(winner)
	}
}
