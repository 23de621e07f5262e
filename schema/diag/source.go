package diag

import (
	"bytes"
)

// source is a file of the user, and what in it must never be shown, by line: a file may have very many such places.
type source struct {
	text     []byte
	starts   []int         // where each line begins, once a line is wanted
	hidden   map[int][]Pos // by line
	withheld []stretch
	allowed  map[int][]span // by line: what may be shown of one that is withheld
	last     *shownLine     // findings come in order: the next one is often in the same line
}

// AddSource makes the text of a file available to Excerpt.
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

// Hide keeps the text at pos (Width characters, or the rest of the line for 0) out of every excerpt.
func (l *List) Hide(pos Pos) {
	s := l.sources[pos.File]
	if s == nil {
		return
	}
	if s.hidden == nil {
		s.hidden = map[int][]Pos{}
	}
	s.hidden[pos.Line] = append(s.hidden[pos.Line], pos)
	s.last = nil
}

// line gives a line, counted from 1.
func (s *source) line(n int) (string, bool) {
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
