package evaluator

import (
	"fmt"
	"math"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// limits are what the evaluation of a package may take. A package of 3,000 clusters takes less than a third of each.
type limits struct {
	cpu    time.Duration // of the whole process, while it evaluates
	memory int64         // of the whole process
	size   int64         // of the document that the values make, about as many bytes as YAML of it has
}

// usual is what a package may take that nobody has raised the limits for.
var usual = limits{cpu: 10 * time.Second, memory: 1 << 30, size: 32 << 20}

// times gives so many times the usual limits; 0 stands for 1.
func times(n int) limits {
	n = max(n, 1)
	return limits{usual.cpu * time.Duration(n), usual.memory * int64(n), usual.size * int64(n)}
}

const tick = 3 * time.Millisecond

// watch runs f, which evaluates, and waits for it until it has taken more than the limits: then it says what that is.
// CUE cannot be told to stop: f goes on beside the caller, who has to end the process soon. Where f panics, watch does.
func (l limits) watch(f func()) (exceeded string) {
	defer l.collectEarlier()()
	done := make(chan any, 1)
	started := cpuTime()
	go func() {
		defer func() { done <- recover() }()
		f()
	}()
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		select {
		case panicked := <-done:
			if panicked != nil {
				panic(panicked)
			}
			return ""
		case <-ticker.C:
		}
		switch {
		case memory() > l.memory:
			return fmt.Sprintf("takes more than %d GiB of memory", l.memory>>30)
		case cpuTime()-started > l.cpu:
			return fmt.Sprintf("takes more than %g s of CPU time", l.cpu.Seconds())
		}
	}
}

// collectEarlier has garbage collected well before there is as much of it as the limit, and gives a function that takes
// that back. A user may have asked for that earlier still.
func (l limits) collectEarlier() (restore func()) {
	before := debug.SetMemoryLimit(-1)
	if before < math.MaxInt64 || os.Getenv("GOMEMLIMIT") != "" {
		return func() {}
	}
	debug.SetMemoryLimit(l.memory / 4 * 3)
	return func() { debug.SetMemoryLimit(before) }
}

// memory gives what the process holds: values, garbage, stacks, and what has not been given back to the system.
func memory() int64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	return int64(samples[0].Value.Uint64() - samples[1].Value.Uint64())
}
