package diag

import (
	"strings"
	"unicode"

	"meshtopo.dev/meshtopo/schema/private"
)

// Redacted gives the text of a file without what Excerpt would not show, and without the lines of PEM blocks, for a
// comparison that is shown. The line ends are those of the file. It is empty where the source is not known.
func (l *List) Redacted(file string) string {
	s := l.sources[file]
	if s == nil {
		return ""
	}
	var out strings.Builder
	pem := false
	number := 0
	for line := range strings.Lines(string(s.text)) {
		number++
		text := strings.TrimRight(line, "\r\n")
		begins, ends := strings.Contains(text, private.PEMBegin), strings.Contains(text, private.PEMEnd)
		if pem && !begins {
			indent := text[:len(text)-len(strings.TrimLeft(text, " \t"))]
			out.WriteString(indent + mask)
		} else {
			out.WriteString(strings.Map(keepTabs, masked(text, s.maskedSpans(text, number))))
		}
		pem = (pem || begins) && !ends
		out.WriteString(line[len(text):])
	}
	return out.String()
}

// masked replaces parts of a line.
func masked(raw string, spans []span) string {
	runes := []rune(raw)
	var out []rune
	done := 0
	for _, h := range spans {
		out = append(append(out, runes[done:h.from]...), []rune(mask)...)
		done = h.to
	}
	return string(append(out, runes[done:]...))
}

func keepTabs(r rune) rune {
	if r == '\t' || unicode.IsPrint(r) {
		return r
	}
	return printable(r)
}
