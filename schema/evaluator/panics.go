package evaluator

import (
	"runtime"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
)

// reportPanic says that CUE itself fails on a package, such as on numbers of many thousand digits. A panic of anything
// else goes on. It is called while the stack is still there.
func reportPanic(p Package, panicked any, found *diag.List) {
	if !inCUE() {
		panic(panicked)
	}
	d := found.Add(p.pos(), invalidCUE, "CUE itself fails on this package")
	d.Fix = "look for numbers of very many digits and for other values that no topology has; `cue export` fails in the same way"
}

// inCUE reports whether it was CUE, or a library that it calls, that panicked.
func inCUE() bool {
	callers := make([]uintptr, 64)
	frames := runtime.CallersFrames(callers[:runtime.Callers(1, callers)])
	panicking := false
	for {
		frame, more := frames.Next()
		switch {
		case panicking && strings.HasPrefix(frame.Function, "meshtopo.dev/"):
			return false
		case panicking && strings.HasPrefix(frame.Function, "cuelang.org/"):
			return true
		case !more:
			return false
		}
		panicking = panicking || frame.Function == "runtime.gopanic"
	}
}
