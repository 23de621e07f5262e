package diag

import (
	"sort"
	"strings"
)

// stretch is a part of a file: whole lines, counted from 1.
type stretch struct{ from, to int }

// Withhold keeps lines of a file out of every excerpt, but for the allowed places, each within its line, and for the
// punctuation between them. Hide still hides what is allowed here. The parts of a file that are withheld come in their
// order.
func (l *List) Withhold(file string, from, to int, allowed []Pos) {
	s := l.sources[file]
	if s == nil {
		return
	}
	s.withheld = append(s.withheld, stretch{from, to})
	if s.allowed == nil {
		s.allowed = map[int][]span{}
	}
	for _, pos := range allowed {
		s.allowed[pos.Line] = append(s.allowed[pos.Line], span{pos.Col - 1, pos.Col - 1 + max(pos.Width, 1)})
	}
	s.last = nil
}

func (s *source) withholds(line int) bool {
	i := sort.Search(len(s.withheld), func(i int) bool { return s.withheld[i].to >= line })
	return i < len(s.withheld) && s.withheld[i].from <= line
}

// What is between the places of a line that may be shown, and gives nothing away: punctuation, the mark of a block, a
// quote that opens.
var (
	punctuation  = OnceRegexp(`^\s*[\s:,?{}\[\]-]*["']?\s*$|^\s*:\s*[|>][-+0-9]*\s*$`)
	colonFirst   = OnceRegexp(`^\s*:?\s*`)
	bracketsLast = OnceRegexp(`[\s,{}\[\]]*$`)
)

// withheldSpans gives the parts of a line that must not be shown where only some of it may be.
func withheldSpans(line []rune, allowed []span) []span {
	var masked []span
	done := 0
	for _, a := range joined(allowed, len(line)) {
		masked = appendGap(masked, line, span{done, a.from}, true)
		done = a.to
	}
	return appendGap(masked, line, span{done, len(line)}, false)
}

// appendGap adds what is to be masked between two allowed places, or between one and an end of the line.
func appendGap(masked []span, line []rune, gap span, followed bool) []span {
	text := string(line[gap.from:gap.to])
	aside := gap.from > 0 || followed
	if aside && punctuation().MatchString(text) {
		return masked
	}
	if aside && gap.from > 0 {
		gap.from += len(colonFirst().FindString(text)) // of one byte each
	} else {
		gap.from += len([]rune(text)) - len([]rune(strings.TrimLeft(text, " \t")))
	}
	if followed {
		gap.to = max(gap.to-len(bracketsLast().FindString(text)), gap.from)
	}
	return append(masked, gap)
}
