package diag

import (
	"bytes"
)

// source is a file of the user, and what of it may be shown.
type source struct {
	text   []byte
	starts []int // where each line begins, once a line is wanted
	show   func() Open
	shown  map[int]*openLine // by line, once an excerpt is wanted
	last   *sourceLine
}

// Open says what of a file may be shown, each place within its line. All the rest of the file is masked, but for its
// indentation and for the punctuation between these places.
type Open struct {
	Always []Pos // keys that are known, and names that the file declares
	Marked []Pos // values whose place is public: shown where a finding marks them, and in a comparison of two texts
}

// openLine is what may be shown of a line.
type openLine struct{ always, marked []span }

// sourceLine is a line, and what of it may be shown, in order.
type sourceLine struct {
	number         int
	text           []rune
	always, marked []span
}

// AddSource makes the text of a file available to Excerpt. Until Show says more, nothing of it is shown.
func (l *List) AddSource(file string, text []byte) { l.setSource(file, &source{text: text}) }

func (l *List) setSource(file string, s *source) {
	if l.sources == nil {
		l.sources = map[string]*source{}
	}
	l.sources[file] = s
}

// HasSource reports whether the text of a file is known to Excerpt.
func (l *List) HasSource(file string) bool { return l.sources[file] != nil }

// AppendSources adds the sources of other, not its findings.
func (l *List) AppendSources(other *List) { l.Append(&List{sources: other.sources}) }

// Show gives what may be shown of a file, for all files of which nothing has been said yet. It is called at most once
// for each file, and only for one that an excerpt is wanted of.
func (l *List) Show(shown func(file string, text []byte) Open) {
	for file, s := range l.sources {
		if s.show == nil {
			s.show = func() Open { return shown(file, s.text) }
		}
	}
}

// line gives a line, counted from 1. Findings come in order: the next one is often in the same line.
func (s *source) line(number int) (*sourceLine, bool) {
	if s.last != nil && s.last.number == number {
		return s.last, true
	}
	raw, ok := s.raw(number)
	if !ok {
		return nil, false
	}
	if s.shown == nil {
		s.shown = map[int]*openLine{}
		if s.show != nil {
			s.keep(s.show())
		}
	}
	s.last = &sourceLine{number: number, text: []rune(raw)}
	if open := s.shown[number]; open != nil {
		s.last.always, s.last.marked = joined(open.always, len(s.last.text)), joined(open.marked, len(s.last.text))
	}
	return s.last, true
}

// keep sorts places by line.
func (s *source) keep(open Open) {
	at := func(pos Pos) *openLine {
		if s.shown[pos.Line] == nil {
			s.shown[pos.Line] = &openLine{}
		}
		return s.shown[pos.Line]
	}
	for _, pos := range open.Always {
		line := at(pos)
		line.always = append(line.always, spanOf(pos))
	}
	for _, pos := range open.Marked {
		line := at(pos)
		line.marked = append(line.marked, spanOf(pos))
	}
}

// raw gives a line as it stands in the file.
func (s *source) raw(n int) (string, bool) {
	if s.starts == nil {
		s.starts = []int{0}
		for i, b := range s.text {
			if b == '\n' {
				s.starts = append(s.starts, i+1)
			}
		}
	}
	if n > len(s.starts) {
		return "", false
	}
	line, _, _ := bytes.Cut(s.text[s.starts[n-1]:], []byte{'\n'})
	return string(bytes.TrimSuffix(line, []byte{'\r'})), true
}
