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
const mask = private.Hidden

// Of a line that is longer than longLine, so many characters are shown before the marked place and from it on.
const (
	longLine    = 400
	shownBefore = 80
	shownFrom   = 160
)

// Excerpt gives the source line of pos and a line that marks the place below it, both with tabs turned into
// spaces; of a long line, what stands around the place. What is not known to be public is masked. It reports false
// where the source or the line is not known, and where nothing of the line may be shown.
func (l *List) Excerpt(pos Pos) (line, marker string, ok bool) {
	s := l.sources[pos.File]
	if s == nil || pos.Line < 1 {
		return "", "", false
	}
	whole, ok := s.line(pos.Line)
	if !ok {
		return "", "", false
	}
	at := min(max(pos.Col-1, 0), len(whole.text))
	place := span{at, min(at+max(pos.Width, 1), max(len(whole.text), at+1))}
	part := span{0, len(whole.text)}
	if len(whole.text) > longLine {
		part = span{max(at-shownBefore, 0), min(at+shownFrom, len(whole.text))}
		place.to = min(place.to, max(part.to, at+1))
	}
	open := append(overlapping(whole.always, part), overlapping(whole.marked, place)...)
	if len(open) == 0 {
		return "", "", false
	}
	shown := &excerpt{text: whole.text, part: part, place: place}
	shown.mask(maskedSpans(whole.text, part, open))
	return strings.Map(printable, string(shown.out)), strings.Repeat(" ", shown.from) + "^" + strings.Repeat("~", max(shown.to-shown.from-1, 0)), true
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

func spanOf(pos Pos) span { return span{pos.Col - 1, pos.Col - 1 + max(pos.Width, 1)} }

// overlapping gives the spans that have something of a part, of those that are in order and apart from each other.
func overlapping(spans []span, part span) []span {
	first := sort.Search(len(spans), func(i int) bool { return spans[i].to > part.from })
	last := first
	for last < len(spans) && spans[last].from < part.to {
		last++
	}
	return slices.Clone(spans[first:last])
}

// excerpt is the part of a line that is shown, and where the marked place is in it.
type excerpt struct {
	text        []rune // of the whole line
	part, place span
	out         []rune
	from, to    int // of the place, in out
}

// mask writes the part with masks.
func (x *excerpt) mask(masked []span) {
	if x.part.from > 0 {
		x.out = append(x.out, '…')
	}
	shift := len(x.out) - x.part.from
	x.from, x.to = x.place.from+shift, x.place.to+shift
	done := x.part.from
	for _, h := range masked {
		x.out = append(append(x.out, x.text[done:h.from]...), []rune(mask)...)
		x.from = moved(x.from, x.place.from, h, len(x.out)-len(mask))
		x.to = moved(x.to, x.place.to, h, len(x.out))
		done = h.to
	}
	x.out = append(x.out, x.text[done:x.part.to]...)
	if x.part.to < len(x.text) {
		x.out = append(x.out, '…')
	}
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
