package main

import (
	"bytes"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"meshtopo.dev/meshtopo/cmd/internal/report"
)

// firstDifferentLine gives the number of the first line that two texts do not have in common.
func firstDifferentLine(a, b []byte) int {
	same := 0
	for same < min(len(a), len(b)) && a[same] == b[same] {
		same++
	}
	return bytes.Count(a[:same], []byte("\n")) + 1
}

// unifiedDiff gives the difference of two texts of a file in a form that patch -p1 takes, where nothing is masked in
// them; nil is no file.
func unifiedDiff(name string, before, after []byte) string {
	name = report.Visible(strings.TrimPrefix(name, "/"))
	from, to := "a/"+name, "b/"+name
	if before == nil {
		from = "/dev/null"
	}
	if after == nil {
		to = "/dev/null"
	}
	return udiff.Unified(from, to, string(before), string(after))
}
