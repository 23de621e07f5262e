package evaluator

import (
	"syscall"
	"time"
)

// cpuTime gives what the process has taken, of all processors.
func cpuTime() time.Duration {
	var created, exited, system, user syscall.Filetime
	process, err := syscall.GetCurrentProcess()
	if err != nil || syscall.GetProcessTimes(process, &created, &exited, &system, &user) != nil {
		return 0
	}
	return ticks(system) + ticks(user)
}

// ticks gives a stretch of time, which Windows counts in tenths of a microsecond.
func ticks(t syscall.Filetime) time.Duration {
	return time.Duration(int64(t.HighDateTime)<<32|int64(t.LowDateTime)) * 100
}
