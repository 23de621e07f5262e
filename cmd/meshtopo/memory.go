package main

import (
	"os"
	"runtime/debug"
)

// collectRarely takes more memory and less time while a topology is loaded: nearly all of that heap is garbage, and
// small. It is a tenth faster with three clusters, a quarter with many.
func collectRarely() { collectAt(400) }

// collectOften is for a large rendered tree, nearly all of which stays. Here the same would double the peak of
// memory and gain a few hundredths of the time. A few clusters are rendered before any collection is due, which is a
// tenth of their time. Beside a bound, what loading has left is given back before more is taken; very many clusters
// need more than that.
func collectOften(clusters int) {
	const full, most = 64 << 20, 400
	if clusters > 10 {
		collectAt(100)
	}
	if clusters <= most && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(full)
	}
}

// collectWhenFull is for linting, where all but a kilobyte of each file is garbage as soon as the file is read:
// collecting only when so much has gathered makes the peak of memory the same for ten files and for ten thousand. Far
// more files than that keep so much that the collector would never rest.
func collectWhenFull(files int) {
	const full, most = 80 << 20, 30_000
	switch {
	case files > most:
		collectAt(100)
	case os.Getenv("GOMEMLIMIT") == "":
		collectAt(-1)
		debug.SetMemoryLimit(full)
	}
}

// collectAt does nothing where the user has set GOGC.
func collectAt(percent int) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
}
