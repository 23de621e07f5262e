package diag

import (
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"meshtopo.dev/meshtopo/schema/private"
)

// mask stands for hidden text in an excerpt.
const mask = "[redacted]"

// Of a line that is longer than longLine, so many characters are shown before the marked place and from it on.
const (
	longLine    = 400
	shownBefore = 80
	shownFrom   = 160
)

// Excerpt gives the source line of pos and a line that marks the place below it, both with tabs turned into
// spaces; of a long line, what stands around the place. It reports false where the source or the line is not known.
func (l *List) Excerpt(pos Pos) (line, marker string, ok bool) {
	s := l.sources[pos.File]
	if s == nil || pos.Line < 1 {
		return "", "", false
	}
	shown, ok := s.shown(pos.Line)
	if !ok {
		return "", "", false
	}
	line, col, width := shown.around(pos)
	line = strings.Map(printable, line)
	return line, strings.Repeat(" ", col) + "^" + strings.Repeat("~", max(width-1, 0)), true
}

func printable(r rune) rune {
	switch {
	case r == '\t':
		return ' '
	// Cf: what turns text around
	case unicode.IsControl(r) || r == utf8.RuneError || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp):
		return '·'
	}
	return r
}

// span is a part of a line, in characters counted from 0.
type span struct{ from, to int }

// shownLine is a line, and the parts of it that must not be shown, in order and apart from each other.
type shownLine struct {
	number int
	text   []rune
	masked []span
}

// shown gives a line with what must not be shown of it.
func (s *source) shown(number int) (*shownLine, bool) {
	if s.last != nil && s.last.number == number {
		return s.last, true
	}
	raw, ok := s.line(number)
	if !ok {
		return nil, false
	}
	s.last = &shownLine{number, []rune(raw), s.maskedSpans(raw, number)}
	return s.last, true
}

// around gives the line, or what of a long one stands around a place, with masks, and where the place is in it.
func (l *shownLine) around(pos Pos) (line string, col, width int) {
	at := min(max(pos.Col-1, 0), len(l.text))
	end := min(at+max(pos.Width, 1), max(len(l.text), at+1))
	part := span{0, len(l.text)}
	if len(l.text) > longLine {
		part = span{max(at-shownBefore, 0), min(at+shownFrom, len(l.text))}
		end = min(end, max(part.to, at+1))
	}
	var out []rune
	if part.from > 0 {
		out = append(out, '…')
	}
	done, newAt, newEnd := part.from, at-part.from+len(out), end-part.from+len(out)
	first := sort.Search(len(l.masked), func(i int) bool { return l.masked[i].to > part.from })
	for _, h := range l.masked[first:] {
		if h.from >= part.to {
			break
		}
		h = span{max(h.from, part.from), min(h.to, part.to)}
		out = append(append(out, l.text[done:h.from]...), []rune(mask)...)
		newAt = moved(newAt, at, h, len(out)-len(mask))
		newEnd = moved(newEnd, end, h, len(out))
		done = h.to
	}
	out = append(out, l.text[done:part.to]...)
	if part.to < len(l.text) {
		out = append(out, '…')
	}
	return string(out), newAt, max(newEnd-newAt, 1)
}

// moved gives where a place that was at `was` stands once span h has become a mask: places inside the span go to
// an end of the mask, later ones move along.
func moved(now, was int, h span, end int) int {
	switch {
	case was <= h.from:
		return now
	case was < h.to:
		return end
	}
	return now + len(mask) - (h.to - h.from)
}

// maskedSpans gives the parts of a line that must not be shown: those that are known, and what looks like private
// material.
func (s *source) maskedSpans(raw string, number int) []span {
	var spans []span
	length := utf8.RuneCountInString(raw)
	for _, h := range s.hidden[number] {
		width := h.Width
		if width == 0 {
			width = length
		}
		spans = append(spans, span{h.Col - 1, h.Col - 1 + width})
	}
	if s.withholds(number) {
		spans = append(spans, withheldSpans([]rune(raw), s.allowed[number])...)
	}
	for _, found := range [][][]int{private.Find(raw), private.FindValues(raw)} {
		runes := runeCounter{text: raw}
		for _, m := range found {
			spans = append(spans, runes.span(m[0], m[1]))
		}
	}
	return joined(spans, length)
}

// joined gives spans in order, cut to the line, with those that touch made one.
func joined(spans []span, length int) []span {
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
	var out []span
	for _, s := range spans {
		s.from, s.to = min(max(s.from, 0), length), min(s.to, length)
		switch last := len(out) - 1; {
		case s.from >= s.to:
		case last >= 0 && s.from <= out[last].to:
			out[last].to = max(out[last].to, s.to)
		default:
			out = append(out, s)
		}
	}
	return out
}

// runeCounter turns bytes of a text into characters. It goes through the text once, so places have to come in order.
type runeCounter struct {
	text         string
	bytes, runes int
}

func (c *runeCounter) to(bytes int) int {
	c.runes += utf8.RuneCountInString(c.text[c.bytes:bytes])
	c.bytes = bytes
	return c.runes
}

func (c *runeCounter) span(from, to int) span {
	start := c.to(from)
	return span{start, c.to(to)}
}
