package diag

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// source is a file of the user, and the places in it that must never be shown.
type source struct {
	text   []byte
	hidden []Pos
}

// onceRegexp compiles an expression when it is first used: most runs find nothing and need none.
func onceRegexp(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

// mask stands for hidden text in an excerpt.
const mask = "[redacted]"

// secretLike finds what looks like a token or a key wherever it stands, for texts that could not be parsed.
var secretLike = onceRegexp(`eyJ[A-Za-z0-9_-]{8,}[A-Za-z0-9_.-]*|(?s:-----BEGIN.*)|[A-Za-z0-9+/_]{60,}={0,2}` +
	`|://[^/\s"']*@|(?i:[?&#][a-z_.-]*(?:token|password|secret|key)[a-z_.-]*=[^"'&\s,}]*)`)

func redactText(text string) string { return secretLike().ReplaceAllString(text, mask) }

// privateKey finds a value in line with a key that names private material.
var privateKey = onceRegexp(`(?i)((?:token|key|password|secret)["']?[ \t]*:[ \t]*)([^\s{\[#,}][^#,}]*)`)

// AddSource makes the text of a file available to Excerpt.
func (l *List) AddSource(file string, text []byte) { l.setSource(file, &source{text: text}) }

func (l *List) setSource(file string, s *source) {
	if l.sources == nil {
		l.sources = map[string]*source{}
	}
	l.sources[file] = s
}

// Hide keeps the text at pos (Width characters, or the rest of the line for 0) out of every excerpt.
func (l *List) Hide(pos Pos) {
	if s := l.sources[pos.File]; s != nil {
		s.hidden = append(s.hidden, pos)
	}
}

// Excerpt gives the source line of pos and a line that marks the place below it, both with tabs turned into
// spaces. It reports false where the source or the line is not known.
func (l *List) Excerpt(pos Pos) (line, marker string, ok bool) {
	s := l.sources[pos.File]
	if s == nil || pos.Line < 1 {
		return "", "", false
	}
	raw, ok := nthLine(s.text, pos.Line)
	if !ok {
		return "", "", false
	}
	line, col, width := s.redact(raw, pos)
	line = strings.Map(printable, line)
	return line, strings.Repeat(" ", col-1) + "^" + strings.Repeat("~", max(width-1, 0)), true
}

func printable(r rune) rune {
	switch {
	case r == '\t':
		return ' '
	case unicode.IsControl(r) || r == utf8.RuneError || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp): // Cf: what turns text around
		return '·'
	}
	return r
}

func nthLine(text []byte, n int) (string, bool) {
	for ; n > 1; n-- {
		i := bytes.IndexByte(text, '\n')
		if i < 0 {
			return "", false
		}
		text = text[i+1:]
	}
	line, _, _ := bytes.Cut(text, []byte{'\n'})
	return string(bytes.TrimSuffix(line, []byte{'\r'})), true
}

// span is a part of a line, in characters counted from 0.
type span struct{ from, to int }

// redact replaces the hidden parts of a line and moves the marked place accordingly.
func (s *source) redact(raw string, pos Pos) (line string, col, width int) {
	runes := []rune(raw)
	from := min(max(pos.Col-1, 0), len(runes))
	to := min(from+max(pos.Width, 1), max(len(runes), from+1))
	var out []rune
	done, newFrom, newTo := 0, from, to
	for _, h := range hiddenSpans(raw, s.hiddenIn(pos.Line)) {
		out = append(append(out, runes[done:h.from]...), []rune(mask)...)
		newFrom = moved(newFrom, from, h, len(out)-len(mask))
		newTo = moved(newTo, to, h, len(out))
		done = h.to
	}
	out = append(out, runes[done:]...)
	return string(out), newFrom + 1, max(newTo-newFrom, 1)
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

// hiddenIn gives the places in a line that must not be shown.
func (s *source) hiddenIn(line int) []Pos {
	var hidden []Pos
	for _, h := range s.hidden {
		if h.Line == line {
			hidden = append(hidden, h)
		}
	}
	return hidden
}

// hiddenSpans gives the parts of a line that must not be shown: those that are known, and what looks like private material.
func hiddenSpans(raw string, hidden []Pos) []span {
	var spans []span
	for _, h := range hidden {
		width := h.Width
		if width == 0 {
			width = utf8.RuneCountInString(raw)
		}
		spans = append(spans, span{h.Col - 1, h.Col - 1 + width})
	}
	for _, m := range secretLike().FindAllStringIndex(raw, -1) {
		spans = append(spans, runeSpan(raw, m[0], m[1]))
	}
	for _, m := range privateKey().FindAllStringSubmatchIndex(raw, -1) {
		spans = append(spans, runeSpan(raw, m[4], m[5]))
	}
	return joined(spans, utf8.RuneCountInString(raw))
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

func runeSpan(s string, from, to int) span {
	start := utf8.RuneCountInString(s[:from])
	return span{start, start + utf8.RuneCountInString(s[from:to])}
}

// HasSource reports whether the text of a file is known to Excerpt.
func (l *List) HasSource(file string) bool { return l.sources[file] != nil }

// AppendSources adds the sources of other, not its findings.
func (l *List) AppendSources(other *List) { l.Append(&List{sources: other.sources}) }
