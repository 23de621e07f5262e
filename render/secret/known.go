package secret

import (
	"bytes"
	"encoding/base64"
	"slices"

	"meshtopo.dev/meshtopo/schema/kubeconfig"
)

// Known finds what a store has read as private in a text that is to be shown, as it is or in base64. It finds a part of
// a long value too. Like Material it keeps what it knows behind a function.
type Known struct {
	in func(text []byte) bool
}

// In reports whether the text holds something private.
func (k Known) In(text []byte) bool { return k.in != nil && k.in(text) }

// Known gives what has been read until now.
func (s *Store) Known() Known {
	n := needles{long: map[string]bool{}}
	for _, get := range s.private {
		m, err := get()
		if err != nil {
			continue
		}
		parts, ok := kubeconfig.Private(m.Reveal()) // what else is in one may be shown
		if !ok {
			parts = [][]byte{m.Reveal()}
		}
		for _, part := range parts {
			n.add(part)
		}
	}
	return Known{n.in}
}

// window is how much of a value is recognized. What is shorter is looked for as a whole.
const window = 16

type needles struct {
	long  map[string]bool // pieces of the length of a window
	short [][]byte
	parts [][]byte // of short values in base64
}

// add adds the lines of a key, or a token.
func (n *needles) add(value []byte) {
	value = bytes.TrimSpace(value)
	if len(value) == 0 {
		return
	}
	if len(value) < window {
		n.short = append(n.short, value)
	}
	for line := range bytes.Lines(value) {
		line = bytes.TrimSpace(line)
		if bytes.HasPrefix(line, []byte("-----")) {
			continue
		}
		for at := 0; at+window <= len(line); at += window {
			n.long[string(line[at:at+window])] = true
		}
	}
	for before := range 3 {
		n.addEncoded(value, before)
	}
}

// addEncoded adds the beginning of a value in base64 where so many bytes, and any multiple of three, stand before it.
func (n *needles) addEncoded(value []byte, before int) {
	const enough = 2 * window
	text := append(make([]byte, before), value[:min(len(value), enough)]...)
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
		first := (before*8 + 5) / 6 // characters that depend on what is before
		encoded := []byte(encoding.EncodeToString(text))[first : len(text)*8/6]
		switch {
		case len(encoded) >= window:
			n.long[string(encoded[:window])] = true
		case len(encoded) >= 4:
			n.parts = append(n.parts, encoded)
		}
	}
}

func (n *needles) in(text []byte) bool {
	return n.inLong(text) || slices.ContainsFunc(n.short, func(value []byte) bool { return holdsWord(text, value) }) ||
		slices.ContainsFunc(n.parts, func(part []byte) bool { return bytes.Contains(text, part) })
}

// inLong looks at each window without white space in it.
func (n *needles) inLong(text []byte) bool {
	run := 0
	for i, c := range text {
		run++
		if c <= ' ' {
			run = 0
		}
		if run >= window && n.long[string(text[i+1-window:i+1])] {
			return true
		}
	}
	return false
}

// holdsWord reports whether a short value stands in a text by itself: a token may be as short as any word.
func holdsWord(text, value []byte) bool {
	for {
		at := bytes.Index(text, value)
		if at < 0 {
			return false
		}
		end := at + len(value)
		if (at == 0 || !inWord(text[at-1])) && (end == len(text) || !inWord(text[end])) {
			return true
		}
		text = text[at+1:]
	}
}

func inWord(c byte) bool {
	return c == '-' || c == '_' || '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}
