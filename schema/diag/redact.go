package diag

import (
	"slices"
	"strings"
	"unicode"
)

// Redacted gives the text of a file for a comparison that is shown: with what may be shown always, and with the values
// whose places are public. The line ends are those of the file. It is empty where the source is not known.
func (l *List) Redacted(file string) string {
	s := l.sources[file]
	if s == nil {
		return ""
	}
	var out strings.Builder
	number := 0
	for line := range strings.Lines(string(s.text)) {
		number++
		text := strings.TrimRight(line, "\r\n")
		whole, _ := s.line(number)
		part := span{0, len(whole.text)}
		x := &excerpt{text: whole.text, part: part}
		x.mask(maskedSpans(whole.text, part, slices.Concat(whole.always, whole.marked)))
		out.WriteString(strings.Map(keepTabs, string(x.out)))
		out.WriteString(line[len(text):])
	}
	return out.String()
}

func keepTabs(r rune) rune {
	if r == '\t' || unicode.IsPrint(r) {
		return r
	}
	return printable(r)
}
