package document

import (
	"bytes"

	"meshtopo.dev/meshtopo/schema/diag"
)

// nextField matches a line that begins a field or an item: a quoted text that goes on into it was hardly meant to.
var nextField = diag.OnceRegexp(`^[ \t]*(?:- |[A-Za-z0-9_./-]+:(?:[ \t\r]|$)|[}\]]|---|$)`)

// openQuote gives the place of the quote that is not closed in its line and because of which a text stops being YAML
// somewhere at or after it; -1 where there is none.
func openQuote(text []byte) int {
	at := 0
	for line := range bytes.Lines(text) {
		start := at
		at += len(line)
		i := quoteLeftOpen(bytes.TrimRight(line, "\r\n"))
		if i < 0 {
			continue
		}
		next, _, _ := bytes.Cut(text[at:], []byte("\n"))
		if nextField().Match(next) {
			return start + i
		}
	}
	return -1
}

// quoteLeftOpen gives the place of a quote with which a value begins and that the line does not close, or -1.
func quoteLeftOpen(line []byte) int {
	if bytes.IndexByte(line, '"') < 0 && bytes.IndexByte(line, '\'') < 0 {
		return -1
	}
	open := openPlaces(line)
	if !open[len(line)] {
		return -1
	}
	quote, depth, last := byte(0), 0, -1
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case quote == '"' && c == '\\':
			i++
		case quote != 0 && c == quote:
			if quote == '\'' && i+1 < len(line) && line[i+1] == '\'' {
				i++
				continue
			}
			quote = 0
		case quote != 0:
		case c == '#' && (i == 0 || isBlank(line[i-1])):
			return -1
		case (c == '"' || c == '\'') && startsValue(line[:i], depth):
			quote, last = c, i
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			depth--
		}
	}
	if quote == 0 {
		return -1
	}
	return last
}

// startsValue reports whether a value can begin behind a part of a line.
func startsValue(before []byte, depth int) bool {
	trimmed := bytes.TrimRight(before, " \t")
	if len(trimmed) == 0 {
		return true
	}
	switch trimmed[len(trimmed)-1] {
	case ':', '-', '?':
		return len(trimmed) < len(before)
	case '[', '{', ',':
		return depth > 0
	}
	return false
}
