//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

// command is a process to measure.
type command struct {
	args  []string
	fresh string // a directory that it makes, and that must not be there before
	stdin string
}

func (b *benchmark) meshtopo(args ...string) command {
	return command{args: append([]string{b.at("meshtopo")}, args...)}
}

func (b *benchmark) render(n int, out string) command {
	return b.meshtopo("render", "-o", out, b.topology(n))
}

// cost is what one run took.
type cost struct {
	wall, cpu time.Duration
	peak      float64 // MiB
}

func (c command) run() (cost, error) {
	if c.fresh != "" {
		if err := os.RemoveAll(c.fresh); err != nil {
			return cost{}, err
		}
	}
	cmd := exec.Command(c.args[0], c.args[1:]...)
	if c.stdin != "" {
		cmd.Stdin = strings.NewReader(c.stdin)
	}
	start := time.Now()
	out, err := cmd.Output()
	wall := time.Since(start)
	if err != nil {
		return cost{}, fmt.Errorf("%q: %w\n%s", c.args, err, out)
	}
	return cost{wall, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), peak(cmd.ProcessState)}, nil
}

// peak is the most memory that a process had. Only the BSDs count in bytes.
func peak(s *os.ProcessState) float64 {
	usage := s.SysUsage().(*syscall.Rusage)
	unit := 1024.0
	if runtime.GOOS == "darwin" {
		unit = 1
	}
	return float64(usage.Maxrss) * unit / (1 << 20)
}

// pair runs two commands in turn, A B A B, so that both meet the same weather. It gives the medians of each, and the
// median of what the one took in the other's.
func (b *benchmark) pair(runs int, one, other command) (a, z cost, ratio float64, err error) {
	return b.pairs(runs, []command{one}, []command{other})
}

// pairs does so with commands that are the same but for the file that is run, one after the other.
func (b *benchmark) pairs(runs int, ones, others []command) (a, z cost, ratio float64, err error) {
	var as, zs []cost
	var ratios []float64
	for i := range runs {
		if a, err = ones[i%len(ones)].run(); err != nil {
			return a, z, 0, err
		}
		if z, err = others[i%len(others)].run(); err != nil {
			return a, z, 0, err
		}
		as, zs = append(as, a), append(zs, z)
		ratios = append(ratios, float64(a.wall)/float64(z.wall))
	}
	return medians(as), medians(zs), median(ratios), nil
}

func (b *benchmark) repeat(c command) (cost, error) {
	var costs []cost
	for range b.runs {
		one, err := c.run()
		if err != nil {
			return one, err
		}
		costs = append(costs, one)
	}
	return medians(costs), nil
}

func medians(costs []cost) cost {
	var wall, cpu []time.Duration
	var peaks []float64
	for _, c := range costs {
		wall, cpu, peaks = append(wall, c.wall), append(cpu, c.cpu), append(peaks, c.peak)
	}
	return cost{median(wall), median(cpu), slices.Max(peaks)} // of memory the worst, not the median
}

func median[T ~int64 | ~float64](values []T) T {
	slices.Sort(values)
	return values[len(values)/2]
}
