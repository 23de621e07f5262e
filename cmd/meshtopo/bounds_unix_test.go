//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func init() { programs["measured"] = measured }

// measured runs meshtopo and prints the CPU time in milliseconds and the memory in MiB that it took. It is a process of
// its own, because Linux counts the memory of a process that starts another as the other's.
func measured() {
	c := exec.Command("meshtopo", os.Args[1:]...)
	c.Stdin, c.Stderr = os.Stdin, os.Stderr
	out, err := os.Create("stdout")
	if err != nil {
		panic(err)
	}
	c.Stdout = out
	if err := c.Run(); err != nil && c.ProcessState == nil {
		panic(err)
	}
	memory := c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
	if runtime.GOOS == "darwin" { // which counts bytes
		memory >>= 10
	}
	cpu := c.ProcessState.UserTime() + c.ProcessState.SystemTime()
	fmt.Println(c.ProcessState.ExitCode(), cpu.Milliseconds(), int64(memory)>>10)
}

// cost is what a run took.
type cost struct {
	code    int
	cpu     time.Duration
	memory  int // in MiB
	printed int // bytes
}

// run runs the command on an input, and gives what it took.
func (b bounded) run(t *testing.T, size int) cost {
	t.Helper()
	dir := t.TempDir()
	var stdin *os.File
	for name, text := range b.files(size) {
		write(t, filepath.Join(dir, name), text)
	}
	if file, err := os.Open(filepath.Join(dir, "stdin")); err == nil {
		stdin = file
		defer file.Close()
	}
	c := exec.CommandContext(t.Context(), "measured", b.args...)
	c.Dir = dir
	if stdin != nil {
		c.Stdin = stdin
	}
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(string(out))
	var got [3]int
	for i := range got {
		if got[i], err = strconv.Atoi(fields[i]); err != nil {
			t.Fatal(err)
		}
	}
	printed := read(t, filepath.Join(dir, "stdout"))
	if b.shows != "" && !strings.Contains(printed, "["+b.shows+"]") {
		t.Errorf("it does not show %s, but\n%.1000s", b.shows, printed)
	}
	return cost{got[0], time.Duration(got[1]) * time.Millisecond, got[2], len(printed)}
}

// What 100 KB may take. On slow machines it may be more CPU time, but not more than mostTimes as much as a plain
// topology. A size is measured again, for other work on them.
const (
	mostCPU     = 3 * time.Second
	mostTimes   = 6
	mostMemory  = 300
	mostPrinted = 2 << 20
	attempts    = 3
)

// plainClusters is a topology with nothing wrong. It takes half a second where the others take up to two.
var plainClusters = bounded{name: "plain", args: []string{"validate", "topology.yaml"}, files: func(size int) map[string]string {
	return map[string]string{"topology.yaml": smallTopology("", filled(size, "    c<i>: {network: one, primary: a, state: joining}\n"))}
}}

// problem says what a run took too much of, in comparison with one of half the size as well, or "". plain gives the
// CPU time of a plain topology.
func (c cost) problem(half cost, plain func() time.Duration) string {
	switch {
	case c.code != exitOK && c.code != exitFound && c.code != exitBroke || c.code != half.code && half.code == exitBroke:
		return fmt.Sprintf("it exits with %d", c.code)
	case c.memory > mostMemory || c.printed > mostPrinted || c.cpu > mostCPU && c.cpu > mostTimes*plain():
		return "it takes too much"
	case c.cpu > half.cpu*5/2+300*time.Millisecond:
		return "it takes more than 2.5 times as much as half of it"
	}
	return ""
}

// TestBounds gives the command inputs of 100 KB that are made to take long, and half of each.
func TestBounds(t *testing.T) {
	for _, b := range boundedInputs() {
		t.Run(b.name, func(t *testing.T) {
			if testing.Short() {
				b.run(t, 10_000)
				return
			}
			problem := ""
			for range attempts {
				half, whole := b.run(t, 50_000), b.run(t, 100_000)
				if problem = whole.problem(half, func() time.Duration { return plainClusters.run(t, 100_000).cpu }); problem == "" {
					t.Logf("%+v, half %+v", whole, half)
					return
				}
				problem += fmt.Sprintf(": %+v, half %+v", whole, half)
			}
			t.Error(problem)
		})
	}
}

// TestCUELimit ends a package that has no end, with the report in the chosen format.
func TestCUELimit(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes ten seconds of CPU time")
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.cue"), "package mesh\n\nimport \"list\"\n\nspec: clusters: list.Range(0, 1e8, 1)\n")
	c := exec.CommandContext(t.Context(), "meshtopo", "render", "--format", "github", dir)
	out, err := c.CombinedOutput()
	used := c.ProcessState.UserTime() + c.ProcessState.SystemTime()
	if c.ProcessState.ExitCode() != exitFound || !strings.Contains(string(out), "cue-limit") || used > 15*time.Second {
		t.Errorf("%v after %v:\n%s", err, used, out)
	}
	if _, err := os.Stat(filepath.Join(dir, "clusters")); err == nil {
		t.Error("something was written")
	}
}
