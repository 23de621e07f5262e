//go:build unix

package evaluator

import (
	"syscall"
	"time"
)

// cpuTime gives what the process has taken, of all processors.
func cpuTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
