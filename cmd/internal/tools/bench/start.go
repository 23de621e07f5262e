//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// startPairs is how often the shortest commands are run beside those of the earlier commit: they take milliseconds, and
// what they differ by is less than two runs of one of them do.
const startPairs = 200

// start says what the program costs before it does anything: its size, and the time of the shortest commands, beside
// those of an earlier commit.
func (b *benchmark) start() error {
	before, err := b.buildBefore()
	if err != nil {
		return err
	}
	size, err := megabytes(b.at("meshtopo"))
	if err != nil {
		return err
	}
	fmt.Println("\n| what | now | CPU | peak MiB | at " + b.before + " | CPU | peak MiB | ratio |")
	fmt.Println("|---|---|---|---|---|---|---|---|")
	if before == "" {
		fmt.Printf("| size of the program, MiB | %.1f | | | – | | | – |\n", size)
	} else {
		then, err := megabytes(before)
		if err != nil {
			return err
		}
		fmt.Printf("| size of the program, MiB | %.1f | | | %.1f | | | **%.2f** |\n", size, then, size/then)
	}
	for _, c := range []struct {
		name string
		command
		since bool // there was no such command before
	}{
		{"version", b.meshtopo("version"), false},
		{"validate 3", b.meshtopo("validate", b.topology(3)), false},
		{"fn 3", b.function(3), true},
	} {
		if before == "" || c.since {
			cost, err := b.repeat(c.command)
			if err != nil {
				return err
			}
			fmt.Printf("| %s | %s | %s | %.1f | – | – | – | – |\n", c.name, round(cost.wall), round(cost.cpu), cost.peak)
			continue
		}
		ones, err := b.copies("now", b.at("meshtopo"), c.command)
		if err != nil {
			return err
		}
		others, err := b.copies("then", before, c.command)
		if err != nil {
			return err
		}
		a, z, ratio, err := b.pairs(startPairs, ones, others)
		if err != nil {
			return err
		}
		fmt.Printf("| %s | %s | %s | %.1f | %s | %s | %.1f | **%.2f** |\n", c.name, round(a.wall), round(a.cpu), a.peak,
			round(z.wall), round(z.cpu), z.peak, ratio)
	}
	return nil
}

// copies gives a command of as many copies of a program: by where its pages happen to lie in memory, one file starts up
// to a tenth faster than the next.
func (b *benchmark) copies(name, program string, c command) ([]command, error) {
	var all []command
	for i := range 5 {
		file := b.at(fmt.Sprint(name, "-", i))
		if out, err := exec.Command("cp", program, file).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("cp: %w\n%s", err, out)
		}
		of := c
		of.args = append([]string{file}, c.args[1:]...)
		all = append(all, of)
	}
	return all, nil
}

// buildBefore builds the command as it was at the commit to compare with, and gives the file: none where this is not a
// repository that has the commit, such as a shallow clone.
func (b *benchmark) buildBefore() (file string, err error) {
	if b.before == "" || exec.Command("git", "rev-parse", "--verify", "--quiet", b.before+"^{commit}").Run() != nil {
		return "", nil
	}
	tree := b.at("before")
	if out, err := exec.Command("git", "worktree", "add", "--quiet", "--detach", tree, b.before).CombinedOutput(); err != nil {
		return "", fmt.Errorf("git worktree: %w\n%s", err, out)
	}
	defer func() {
		if out, e := exec.Command("git", "worktree", "remove", "--force", tree).CombinedOutput(); e != nil && err == nil {
			err = fmt.Errorf("git worktree: %w\n%s", e, out)
		}
	}()
	file = b.at("meshtopo-before")
	return file, build(tree, file, "./cmd/meshtopo")
}

// build compiles a command of a module.
func build(in, file, path string) error {
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-o", file, path)
	cmd.Dir, cmd.Env = in, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building %s: %w\n%s", filepath.Base(file), err, out)
	}
	return nil
}

func megabytes(file string) (float64, error) {
	info, err := os.Stat(file)
	if err != nil {
		return 0, err
	}
	return float64(info.Size()) / (1 << 20), nil
}

// function renders one cluster as kustomize has it done: a ResourceList on standard input.
func (b *benchmark) function(n int) command {
	c := b.meshtopo("fn")
	c.stdin = fmt.Sprintf(`apiVersion: config.kubernetes.io/v1
kind: ResourceList
items: []
functionConfig:
  apiVersion: meshtopo.dev/v1alpha1
  kind: RenderCluster
  topology: %q
  cluster: cluster-0
`, b.topology(n))
	return c
}
