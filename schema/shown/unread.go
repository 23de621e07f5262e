package shown

import (
	"strings"
	"unicode/utf8"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/istio"
)

// keyInLine matches a word where a key stands.
var keyInLine = diag.OnceRegexp(`(?:^|[\s{\[,])["']?([A-Za-z][A-Za-z0-9_.-]*)["']?\s*:(?:[\s"'\[{]|$)`)

// Unread opens the known keys of a text that cannot be read: those of Istio, and others that isKnown has. Its first
// line is that line of the file.
func Unread(file string, line int, text []byte, isKnown func(key string) bool) diag.Open {
	var shown diag.Open
	for raw := range strings.Lines(string(text)) {
		for _, m := range keyInLine().FindAllStringSubmatchIndex(raw, -1) {
			key := raw[m[2]:m[3]]
			if istio.IsField(key) || isKnown(key) {
				pos := diag.Pos{File: file, Line: line, Col: utf8.RuneCountInString(raw[:m[2]]) + 1, Width: len(key)}
				shown.Always = append(shown.Always, pos)
			}
		}
		line++
	}
	return shown
}
