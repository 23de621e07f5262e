package change

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/render/tree"
)

// addKustomization compares the two sides of the kustomization in a directory.
func (s *summary) addKustomization(own []tree.Change, dir string, have, want []byte) {
	r := Object{Kind: "Kustomization", Name: path.Base(dir)}
	before, after := kustomizationLines(have), kustomizationLines(want)
	comesOrGoes := func(line string) bool {
		file, listed := strings.CutPrefix(line, "- ")
		if !listed {
			return have == nil || want == nil // what every kustomization has
		}
		at := path.Join(dir, unquoted(file))
		return slices.ContainsFunc(own, func(c tree.Change) bool {
			return c.Path == at && c.Kind != tree.Changed && c.Kind != tree.HandEdited
		})
	}
	if !differ(before, after, comesOrGoes) && !differ(after, before, comesOrGoes) {
		return
	}
	s.addWhole(r, have, want)
}

// kustomizationLines gives the lines that say something.
func kustomizationLines(text []byte) []string {
	var lines []string
	for line := range bytes.Lines(text) {
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' {
			lines = append(lines, string(line))
		}
	}
	return lines
}

// differ reports whether a line is in a and not in b, for no good reason.
func differ(a, b []string, good func(line string) bool) bool {
	return slices.ContainsFunc(a, func(line string) bool { return !slices.Contains(b, line) && !good(line) })
}
