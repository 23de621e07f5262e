package plaintext

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
)

// How long what is encoded has to be: by itself, and in the first of several lines.
const (
	shortestRun  = 24
	shortestFold = 20
)

// runs goes through all runs of the letters, digits and signs of base64, in both of its alphabets.
func (l *look) runs() {
	end, keys := 0, l.keys
	for i := range l.lines {
		ln := l.lines[i]
		for len(keys) > 0 && keys[0].to <= ln.from {
			keys = keys[1:]
		}
		if len(keys) > 0 && ln.from < keys[0].to && keys[0].from <= ln.to {
			end = max(end, keys[0].to)
		}
		for at := max(ln.from, end); at < ln.to; {
			if !inRun[l.text[at]] {
				at++
				continue
			}
			from := at
			for at < ln.to && inRun[l.text[at]] {
				at++
			}
			to := at
			for at < ln.to && l.text[at] == '=' && at-to < 2 {
				at++
			}
			if at-from < shortestFold {
				continue
			}
			if at == ln.to {
				if last := l.folded(i); last > i {
					l.foldedRun(from, i, last)
					end = l.lines[last].to
					break
				}
			}
			l.run(from, at)
		}
	}
}

// folded gives the last of the lines that go on with what the line ends with.
func (l *look) folded(i int) int {
	for ; i+1 < len(l.lines); i++ {
		next := bytes.TrimRight(l.line(i+1), "=")
		if len(next) == 0 || l.text[l.lines[i].to-1] == '=' || bytes.ContainsFunc(next, func(r rune) bool { return r >= 256 || !inRun[r] }) {
			break
		}
	}
	return i
}

// foldedRun looks at a run that goes on over lines: at all of it, and otherwise at each line.
func (l *look) foldedRun(from, first, last int) {
	var whole []byte
	for i := first; i <= last; i++ {
		whole = append(whole, l.text[max(from, l.lines[i].from):l.lines[i].to]...)
	}
	if len(whole) >= shortestRun && l.decode(from, whole) {
		return
	}
	for i := first; i <= last; i++ {
		if at := max(from, l.lines[i].from); l.lines[i].to-at >= shortestRun {
			l.decode(at, l.text[at:l.lines[i].to])
		}
	}
}

// run looks at a run by itself.
func (l *look) run(from, to int) {
	if to-from >= shortestRun && l.decode(from, l.text[from:to]) {
		return
	}
	l.named(from, to)
}

// decode looks at what a run is in base64, and reports whether it is known what that is.
func (l *look) decode(at int, run []byte) bool {
	run = bytes.TrimRight(run, "=")
	for _, alphabet := range alphabets(run) {
		start := 0
		if bytes.ContainsAny(run[:1], "+-/") { // such as the sign of a patch, or a path
			start = 1
		}
		if l.decodeIn(at, run, alphabet) || start > 0 && l.decodeIn(at+1, run[1:], alphabet) {
			return true
		}
	}
	return false
}

func alphabets(run []byte) []*base64.Encoding {
	switch std, url := bytes.ContainsAny(run, "+/"), bytes.ContainsAny(run, "-_"); {
	case std && url:
		return nil
	case url:
		return []*base64.Encoding{base64.RawURLEncoding}
	}
	return []*base64.Encoding{base64.RawStdEncoding}
}

func (l *look) decodeIn(at int, run []byte, alphabet *base64.Encoding) bool {
	if len(run) < shortestFold {
		return false
	}
	start := make([]byte, 12)
	if n, err := alphabet.Decode(start, run[:16]); err != nil || !mayMatter(start[:n]) {
		return false
	}
	if len(run)%4 == 1 {
		run = run[:len(run)-1] // it is cut off
	}
	decoded := make([]byte, alphabet.DecodedLen(len(run)))
	n, err := alphabet.Decode(decoded, run)
	if err != nil || l.depth >= maxDepth || !l.spend(n) {
		return false
	}
	decoded = decoded[:n]
	switch {
	case bytes.HasPrefix(decoded, gzipMagic):
		return l.understand(at, l.inside(unzipped(decoded)), ", compressed and in base64")
	case isProse(decoded), isWide(decoded):
		return l.understand(at, l.inside(decoded), ", in base64")
	}
	if rule, what := binaryKey(decoded); rule != nil {
		l.add(at, rule, what+", in base64")
		return true
	}
	return false
}

// understand is take, and true for test material as well.
func (l *look) understand(at int, below *look, how string) bool {
	return l.take(at, below, how) || below.known
}

var gzipMagic = []byte{0x1f, 0x8b, 0x08}

// mayMatter looks at the first bytes: those of a text, or of a key.
func mayMatter(start []byte) bool {
	switch {
	case start[0] == 0x30, bytes.HasPrefix(start, gzipMagic), bytes.HasPrefix(start, javaMagic), isWide(start):
		return true
	case bytes.HasPrefix(start, []byte(openSSHMagic[:12])):
		return true
	}
	for _, c := range start {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// isWide reports whether a text is in UTF-16.
func isWide(text []byte) bool {
	return bytes.HasPrefix(text, []byte{0xff, 0xfe}) || bytes.HasPrefix(text, []byte{0xfe, 0xff}) ||
		len(text) >= 4 && (text[0] == 0 && text[2] == 0 || text[1] == 0 && text[3] == 0)
}

// maxUnzipped bounds what a compressed text becomes.
const maxUnzipped = 4 << 20

func unzipped(data []byte) []byte {
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	text, _ := io.ReadAll(io.LimitReader(r, maxUnzipped))
	return text
}
