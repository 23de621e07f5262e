package diag

import "strings"

// What is between the places of a line that may be shown, and gives nothing away: punctuation, the mark of a block, a
// quote that opens.
var (
	punctuation  = OnceRegexp(`^\s*[\s:,?{}\[\]-]*["']?\s*$|^\s*:\s*[|>][-+0-9]*\s*$`)
	colonFirst   = OnceRegexp(`^[\s:,\]}]*[\s{\[]*(?:# ?)?`)
	bracketsLast = OnceRegexp(`[\s,{}\[\]]*$`)
)

// maskedSpans gives what must not be shown of a part of a line where only some of it may be.
func maskedSpans(line []rune, part span, open []span) []span {
	var masked []span
	done := part.from
	for _, o := range joined(open, len(line)) {
		o = span{min(max(o.from, part.from), part.to), min(o.to, part.to)}
		masked = appendGap(masked, line, span{done, o.from}, true)
		done = o.to
	}
	return appendGap(masked, line, span{done, part.to}, false)
}

// appendGap adds what is to be masked between two places that are shown, or between one and an end of the line.
func appendGap(masked []span, line []rune, gap span, followed bool) []span {
	text := string(line[gap.from:gap.to])
	aside := gap.from > 0 || followed
	if punctuation().MatchString(text) {
		return masked
	}
	if aside && gap.from > 0 {
		gap.from += len(colonFirst().FindString(text)) // of one byte each
	} else {
		gap.from += len([]rune(text)) - len([]rune(strings.TrimLeft(text, " \t")))
	}
	if aside {
		gap.to = max(gap.to-len(bracketsLast().FindString(text)), gap.from)
	}
	if gap.from >= gap.to {
		return masked
	}
	return append(masked, gap)
}
