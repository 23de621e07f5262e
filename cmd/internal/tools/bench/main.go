//go:build unix

// Command bench measures meshtopo as its users meet it: whole processes, cold, beside what they put up with already
// (cue vet of the same topology, cp -r of the same tree). It prints a table in Markdown.
//
//	go run ./cmd/internal/tools/bench [-runs N] [-before COMMIT]
//
// It builds what it runs, works in memory (/dev/shm, or TMPDIR where there is none) and leaves nothing.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

func main() {
	b := &benchmark{}
	flag.IntVar(&b.runs, "runs", 5, "how often each pair is run")
	flag.StringVar(&b.before, "before", "0abd117", "the `COMMIT` whose start this one's is compared with: the last without kustomize's packages")
	flag.Parse()
	if err := b.run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func (b *benchmark) run() (err error) {
	if b.dir, err = workDir(); err != nil {
		return err
	}
	defer os.RemoveAll(b.dir)
	for _, step := range []func() error{b.build, b.fleets, b.table, b.start, b.growth, b.lint, b.protections} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// workDir is in memory, if there is a place for that: a disk would say more about itself than about us.
func workDir() (string, error) {
	if dir, err := os.MkdirTemp("/dev/shm", "meshtopo-bench-"); err == nil {
		return dir, nil
	}
	return os.MkdirTemp("", "meshtopo-bench-")
}

type benchmark struct {
	dir    string
	runs   int
	before string // a commit; "" for none
}

func (b *benchmark) at(name string) string { return filepath.Join(b.dir, name) }

func (b *benchmark) fleet(n int) string    { return b.at(fmt.Sprint("fleet-", n)) }
func (b *benchmark) topology(n int) string { return filepath.Join(b.fleet(n), "topology.yaml") }
func (b *benchmark) tree(n int) string     { return b.at(fmt.Sprint("tree-", n)) }

// build makes the three programs: ours, the generator of test material, and the cue that package conformance pins.
func (b *benchmark) build() error {
	for _, program := range []struct{ in, name, path string }{
		{".", "meshtopo", "./cmd/meshtopo"},
		{".", "generate", "./cmd/internal/tools/generate"},
		{"testdata/conformance", "cue", "cuelang.org/go/cmd/cue"},
	} {
		if err := build(program.in, b.at(program.name), program.path); err != nil {
			return err
		}
	}
	text, err := exec.Command(b.at("meshtopo"), "schema").Output()
	if err != nil {
		return err
	}
	return os.WriteFile(b.at("schema.cue"), text, 0o644)
}

// fleets makes the topologies of full meshes of primaries, their material and their trees.
func (b *benchmark) fleets() error {
	for _, n := range sizes {
		if err := b.makeFleet(n, n); err != nil {
			return err
		}
	}
	return nil
}

func (b *benchmark) makeFleet(n, primaries int) error {
	if err := os.Mkdir(b.fleet(n), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(b.topology(n), fleet(n, primaries), 0o644); err != nil {
		return err
	}
	if out, err := exec.Command(b.at("generate"), b.fleet(n)).CombinedOutput(); err != nil {
		return fmt.Errorf("generate: %w\n%s", err, out)
	}
	_, err := b.render(n, b.tree(n)).run()
	return err
}
